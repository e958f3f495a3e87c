/* Action plans in the database: one open plan a KPI, a version that was read and is no more, actions, what happens told in its
 * transaction, and one instance at the calendar. */
#include <stdio.h>

#include "db/store_periods.h"
#include "db/store_plans.h"
#include "db/store_snapshots.h"
#include "tests/db/fixture.h"

static const int16_t Q1 = 2025 * 4 + 0;
static const int64_t NOON = INT64_C(1767268800000000); /* 2026-01-01T12:00:00Z */
static struct arena arena = ARENA_EMPTY;

static struct store_plan fresh(const char *kpi) {
    return (struct store_plan){
        .kpi = str_of(kpi),
        .opened_for = Q1,
        .opened_at = NOON,
        .due_day = day_from_civil(2026, 1, 16),
        .attributed_to = STR("one;two"),
        .title = STR("Title"),
        .strategic_lead = STR(""),
        .departmental_lead = STR(""),
        .reason = STR(""),
        .what = STR(""),
        .how = STR(""),
        .who = STR(""),
        .target = STR("50 %"),
        .performance = STR("20 %"),
        .when = -1,
        .figures = STR("{\"rag\":\"RED\",\"asAt\":\"2026-01-01\"}"),
    };
}

struct work {
    struct store_plan *plan;
    struct store_plan_cause cause;
    const struct store_plan_action *action;
    const struct store_plan_note *note;
};

static enum err run_open(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct work *w = context;
    int64_t at;
    enum err e = store_service_lock(db, SERVICE, &at);
    return e == OK ? store_plan_open(db, SERVICE, w->plan, &arena, 20500, STR("key1"), STR("Red.")) : e;
}

static enum err open_plan(struct store_plan *p) {
    struct fault fault = {0};
    return db_transaction(fx.db, &(struct db_work){.run = run_open, .context = &(struct work){.plan = p}},
                          &fault);
}

static enum err run_change(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct work *w = context;
    int64_t at;
    enum err e = store_service_lock(db, SERVICE, &at);
    if (e == OK && w->action) e = store_plan_action_put(db, SERVICE, w->plan->id, w->action);
    if (e == OK && w->note) e = store_plan_note_put(db, SERVICE, w->plan->id, w->note);
    return e == OK ? store_plan_change(db, SERVICE, w->plan, &w->cause) : e;
}

static enum err change(struct work *w) {
    struct fault fault = {0};
    return db_transaction(fx.db, &(struct db_work){.run = run_change, .context = w}, &fault);
}

static struct store_plan_cause cause(enum plan_happening happening, enum plan_status before,
                                     const char *changed) {
    return (struct store_plan_cause){happening, before, str_of(changed), STR("key2"), STR("why"), NOON + 1};
}

static void one_open_plan(void) {
    struct store_plan first = fresh("1.4"), second = fresh("1.4"), theme = fresh("1.4;1.9"), back;
    CHECK(open_plan(&first) == OK && first.version == 1, "opened: %s", db_last_error(fx.db));
    CHECK(open_plan(&second) == ERR_CONFLICT, "a second of the same KPI is not");
    CHECK(open_plan(&theme) == OK, "a theme with it is");
    CHECK(store_plan_get(fx.db, SERVICE, theme.id, &arena, &back) == OK && store_plan_is_theme(&back),
          "a theme");
    CHECK(store_plan_is_of(&back, STR("1.9")) && store_plan_is_of(&back, STR("1.4")) &&
              !store_plan_is_of(&back, STR("1")),
          "is of each of its KPIs");
    CHECK(store_plan_get(fx.db, SERVICE, first.id, &arena, &back) == OK, "read");
    CHECK(!store_plan_is_theme(&back) && back.opened_rag == RAG_RED &&
              back.opened_day == day_from_civil(2026, 1, 1),
          "what was frozen at opening");
    CHECK(back.seen.period < 0 && back.level == 0 && !back.evidence.p && !back.escalation.p,
          "nothing seen yet");
    struct store_snapshot *kept;
    size_t count;
    CHECK(store_snapshots_list(fx.db, SERVICE, 0, &arena, &kept, &count) == OK && count >= 2, "%zu", count);
    CHECK(count >= 2 && str_eq(kept[0].plan, theme.id) && str_eq(kept[1].plan, first.id) &&
              kept[0].number == kept[1].number + 1,
          "each that opens keeps a snapshot, the refused one none");
    CHECK(count >= 2 && kept[0].as_at == 20500 && kept[0].known_at == theme.opened_at &&
              kept[0].period == theme.opened_for && kept[0].framework_version > 0,
          "of its day, instant, quarter and framework");
}

static void stale_versions(void) {
    struct store_plan plan = fresh("2.1"), old, back;
    CHECK(open_plan(&plan) == OK, "opened");
    old = plan;
    plan.what = STR("first");
    plan.status = PLAN_DRAFT;
    CHECK(change(&(struct work){
              .plan = &plan, .cause = cause(PLAN_WAS_EDITED, PLAN_REQUIRED, "{\"what\":\"first\"}")}) == OK &&
              plan.version == 2,
          "changed: %s", db_last_error(fx.db));
    old.what = STR("second");
    struct store_plan_action action = {1, STR("Call"), STR("Ann"), day_from_civil(2026, 2, 1), DAY_NONE};
    CHECK(change(&(struct work){.plan = &old,
                                .cause = cause(PLAN_WAS_EDITED, PLAN_REQUIRED, "{}"),
                                .action = &action}) == ERR_STALE,
          "an older version changes nothing");
    struct store_plan_action *actions;
    size_t count;
    CHECK(store_plan_actions(fx.db, SERVICE, plan.id, &arena, &actions, &count) == OK && count == 0,
          "nor does its action stay");
    CHECK(store_plan_get(fx.db, SERVICE, plan.id, &arena, &back) == OK && str_is(back.what, "first"),
          "the first stands");
}

static void actions(void) {
    struct store_plan plan = fresh("2.2");
    struct store_plan_action *list;
    size_t count;
    CHECK(open_plan(&plan) == OK, "opened");
    struct store_plan_action a[] = {{1, STR("Call"), STR("Ann"), day_from_civil(2026, 2, 1), DAY_NONE},
                                    {2, STR("Visit"), STR("Bob"), day_from_civil(2026, 3, 1), DAY_NONE}};
    for (size_t i = 0; i < 2; i++)
        CHECK(change(&(struct work){.plan = &plan,
                                    .cause = cause(PLAN_WAS_EDITED, PLAN_REQUIRED, "{}"),
                                    .action = &a[i]}) == OK,
              "%s", db_last_error(fx.db));
    a[0].done = day_from_civil(2026, 1, 20);
    CHECK(change(&(struct work){
              .plan = &plan, .cause = cause(PLAN_WAS_EDITED, PLAN_REQUIRED, "{}"), .action = &a[0]}) == OK,
          "%s", db_last_error(fx.db));
    CHECK(store_plan_actions(fx.db, SERVICE, plan.id, &arena, &list, &count) == OK && count == 2, "%zu",
          count);
    CHECK(str_is(list[0].what, "Call") && str_is(list[0].who, "Ann") && list[0].by == a[0].by &&
              list[0].done == a[0].done,
          "the first is done");
    CHECK(list[1].number == 2 && list[1].done == DAY_NONE, "the second is not");
}

/* The kinds of a plan's events in their order, joined. */
static str kinds_of(const struct store_plan *p) {
    static char text[400];
    char query[300];
    snprintf(
        query, sizeof query,
        "select coalesce(string_agg(kind, ' ' order by seq), '') from quarterday.event where body->>'plan' = '%.*s'",
        STR_ARG(p->id));
    snprintf(text, sizeof text, "%s", database_ask(fx.owner, query));
    return str_of(text);
}

static void what_is_told(void) {
    struct store_plan plan = fresh("2.3"), back;
    CHECK(open_plan(&plan) == OK, "opened");
    plan.evidence = STR(
        "{\"period\":\"2025-26-Q2\",\"rag\":\"RED\",\"redRunning\":2,\"redBefore\":1,\"asAt\":\"2026-01-02\"}");
    CHECK(
        change(&(struct work){
            .plan = &plan,
            .cause = cause(
                PLAN_WAS_STILL_RED, PLAN_REQUIRED,
                "{\"evidence\":{\"period\":\"2025-26-Q2\",\"rag\":\"RED\",\"redRunning\":2,\"asAt\":\"2026-01-02\"}}")}) ==
            OK,
        "%s", db_last_error(fx.db));
    plan.escalation = STR("{\"level\":3}");
    plan.level = 3;
    struct store_plan_note note = {NOON, STR("key2"), STR("2026-01"), STR("Two visited")};
    CHECK(change(&(struct work){.plan = &plan, .cause = cause(PLAN_WAS_ESCALATED, PLAN_REQUIRED, "{}")}) ==
              OK,
          "%s", db_last_error(fx.db));
    CHECK(change(&(struct work){
              .plan = &plan, .cause = cause(PLAN_WAS_UPDATED, PLAN_REQUIRED, "{}"), .note = &note}) == OK,
          "%s", db_last_error(fx.db));
    CHECK(str_is(kinds_of(&plan), "PLAN_OPENED PLAN_STILL_RED PLAN_ESCALATED PLAN_UPDATED"), "%.*s",
          STR_ARG(kinds_of(&plan)));
    CHECK(store_plan_get(fx.db, SERVICE, plan.id, &arena, &back) == OK && back.level == 3 &&
              back.red_before == 1,
          "level");
    CHECK(back.seen.period == Q1 + 1 && back.seen.rag == RAG_RED && back.seen.red_running == 2 &&
              back.seen.day == day_from_civil(2026, 1, 2),
          "what was seen");
    struct plan_clock clock = store_plan_clock(&back);
    int32_t since;
    CHECK(plan_cause_of(&clock, day_from_civil(2026, 1, 2), &since) == PLAN_STILL_RED,
          "and the calendar sees it");
}

/* What a dashboard as known at an earlier instant says: nothing of what a later judging saw. */
static void known_at(void) {
    struct store_plan_mark *marks;
    size_t count;
    for (int later = 0; later < 2; later++) {
        CHECK(store_plan_marks(fx.db, SERVICE, later ? INSTANT_NONE : NOON, &arena, &marks, &count) == OK,
              "%s", db_last_error(fx.db));
        bool found = false;
        for (size_t i = 0; i < count; i++) {
            if (!str_is(marks[i].kpi, "2.3")) continue;
            found = true;
            CHECK((marks[i].seen.period == Q1 + 1) == (later == 1), "%s", later ? "now" : "as it was");
        }
        CHECK(found, "the plan is there");
    }
}

static bool same_mark(const struct store_plan_mark *a, const struct store_plan_mark *b) {
    return str_eq(a->id, b->id) && str_eq(a->kpi, b->kpi) && a->opened_for == b->opened_for &&
           a->status == b->status && a->due_day == b->due_day && a->when == b->when &&
           a->opened_at == b->opened_at && a->by_hand == b->by_hand && a->seen.period == b->seen.period &&
           a->seen.rag == b->seen.rag && a->seen.red_running == b->seen.red_running &&
           a->seen.day == b->seen.day;
}

/* What stands on the plans themselves is what follows from their steps. */
static void check_marks(const char *when) {
    static const int64_t LATER = NOON + INT64_C(86400000000);
    struct store_plan_mark *now = NULL, *then = NULL;
    size_t count, then_count = 0;
    CHECK(store_plan_marks(fx.db, SERVICE, INSTANT_NONE, &arena, &now, &count) == OK &&
              store_plan_marks(fx.db, SERVICE, LATER, &arena, &then, &then_count) == OK,
          "%s: %s", when, db_last_error(fx.db));
    CHECK(count == then_count && count > 0, "%s: %zu, %zu", when, count, then_count);
    for (size_t i = 0; i < count && i < then_count; i++)
        CHECK(same_mark(&now[i], &then[i]), "%s: %.*s of %.*s", when, STR_ARG(now[i].id),
              STR_ARG(now[i].kpi));
}

static void marks_follow_steps(void) {
    static const struct {
        enum plan_happening happening;
        enum plan_status status;
        const char *evidence, *changed;
        int16_t when;
        int32_t due; /* days after that of opening */
    } STEPS[] = {
        {PLAN_WAS_EDITED, PLAN_DRAFT, NULL, "{\"what\":\"Call\",\"when\":\"2025-26-Q4\"}", 2025 * 4 + 3, 0},
        {PLAN_WAS_SUBMITTED, PLAN_SUBMITTED, NULL, "{}", 2025 * 4 + 3, 0},
        {PLAN_WAS_STILL_RED, PLAN_SUBMITTED,
         "{\"period\":\"2025-26-Q2\",\"rag\":\"RED\",\"redRunning\":2,\"redBefore\":1,\"asAt\":\"2026-01-02\"}",
         "{\"evidence\":{\"period\":\"2025-26-Q2\",\"rag\":\"RED\",\"redRunning\":2,\"redBefore\":1,\"asAt\":\"2026-01-02\"}}",
         2025 * 4 + 3, 0},
        {PLAN_WAS_CLOSED, PLAN_CLOSED, NULL, "{}", 2025 * 4 + 3, 0},
        {PLAN_WAS_REOPENED, PLAN_REQUIRED,
         "{\"period\":\"2025-26-Q3\",\"rag\":\"RED\",\"asAt\":\"2026-01-09\"}",
         "{\"evidence\":{\"period\":\"2025-26-Q3\",\"rag\":\"RED\",\"asAt\":\"2026-01-09\"},\"dueDate\":\"2026-02-10\",\"when\":null}",
         -1, 25},
        {PLAN_WAS_EDITED, PLAN_DRAFT, NULL, "{\"who\":\"Ann\"}", -1, 25},
        {PLAN_WAS_REOPENED, PLAN_REQUIRED, NULL, "{\"dueDate\":\"2026-03-01\"}", -1, 44},
        {PLAN_WAS_WITHDRAWN, PLAN_WITHDRAWN, NULL, "{}", -1, 44},
    };
    struct store_plan plan = fresh("2.4");
    CHECK(open_plan(&plan) == OK, "opened");
    check_marks("opened");
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        struct store_plan_mark *marks;
        size_t count;
        enum plan_status before = plan.status;
        plan.status = STEPS[i].status;
        plan.when = STEPS[i].when;
        if (STEPS[i].evidence) plan.evidence = str_of(STEPS[i].evidence);
        CHECK(change(&(struct work){.plan = &plan,
                                    .cause = cause(STEPS[i].happening, before, STEPS[i].changed)}) == OK,
              "step %zu: %s", i, db_last_error(fx.db));
        check_marks(STEPS[i].changed);
        CHECK(store_plan_marks(fx.db, SERVICE, INSTANT_NONE, &arena, &marks, &count) == OK, "read");
        for (size_t m = 0; m < count; m++)
            if (str_eq(marks[m].id, plan.id))
                CHECK(marks[m].due_day == day_from_civil(2026, 1, 16) + STEPS[i].due &&
                          marks[m].status == plan.status,
                      "step %zu: due %d", i, marks[m].due_day);
    }
}

static enum err run_lock(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    return store_calendar_lock(db, context);
}

struct both {
    struct db *other;
    bool first, second;
};
static enum err run_both(struct db *db, void *context, struct fault *fault) {
    struct both *b = context;
    enum err e = store_calendar_lock(db, &b->first);
    return e == OK
               ? db_transaction(b->other, &(struct db_work){.run = run_lock, .context = &b->second}, fault)
               : e;
}

static void one_calendar(void) {
    struct fault fault = {0};
    struct both b = {.other = db_new(fx.app, "test other")};
    db_act_for(b.other, DB_EVERYBODY);
    CHECK(db_transaction(fx.db, &(struct db_work){.run = run_both, .context = &b}, &fault) == OK, "%s",
          db_last_error(fx.db));
    CHECK(b.first && !b.second, "while one has it the other has not");
    CHECK(db_transaction(b.other, &(struct db_work){.run = run_lock, .context = &b.second}, &fault) == OK &&
              b.second,
          "after the first has ended the other has it");
    db_free(b.other);
}

static int end(void) {
    arena_free(&arena);
    arena = ARENA_EMPTY;
    return fixture_end();
}

void suite_db_plans(void) {
    suite_add("db_plans", fixture_begin, end);
    case_add("one open plan a KPI, themes beside it", one_open_plan);
    case_add("a version that is no more changes nothing", stale_versions);
    case_add("actions of a plan", actions);
    case_add("what happens is told in its transaction", what_is_told);
    case_add("what was known at an instant", known_at);
    case_add("a plan's mark now is what its steps come to", marks_follow_steps);
    case_add("one instance at the calendar", one_calendar);
}
