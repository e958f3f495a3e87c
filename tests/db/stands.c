/* How a service stands, by one statement: what the statements for each of its parts tell, whatever has happened; and a first statement that goes
 * without BEGIN, with what becomes of a second one. */
#include <stdio.h>

#include "db/store_stands.h"
#include "tests/db/fixture.h"

enum { FROM = 8100 };

#define OTHER_SERVICE                                                                                                                                                            \
    "INSERT INTO service (service, name, framework_id) VALUES ('aside', 'Another', 'frame'); INSERT INTO provider (service, provider, name) VALUES ('aside', 'one', 'Its own');" \
    "INSERT INTO sign_off (service, provider, period, seq, at, key_id, on_time, parts) VALUES ('aside', 'one', 8101, 1, now(), 'k', true, '{}');"                                \
    "INSERT INTO period_event (service, period, seq, kind, at, key_id) VALUES ('aside', 8101, 2, 'FINAL', now(), 'k')"
#define VERSION(provider, period, part, version, seq)                                                                                                      \
    "INSERT INTO version (service, provider, period, part, version, seq, received_at, key_id, sha256, bytes, rows, created, updated, unchanged, removed, " \
    "warnings, on_time, format, facts_format) VALUES ('svc', '" provider "', " period ", " part ", " version                                               \
    ", " seq ", now(), 'k', sha256(''), 1, 1, 1, 0, 0, 0, 0, true, 'csv', 1)"
#define SIGNED(provider, period, seq)                                                                             \
    "INSERT INTO sign_off (service, provider, period, seq, at, key_id, on_time, parts) VALUES ('svc', '" provider \
    "', " period ", " seq ", now(), 'k', true, '{}')"
#define HAPPENED(period, seq, kind, reason)                                                                  \
    "INSERT INTO period_event (service, period, seq, kind, at, key_id, reason) VALUES ('svc', " period       \
    ", " seq ", '" kind "', timestamptz '2026-01-01' + " seq " * interval '1 day', 'k', '" reason "')"
#define PLAN(id, kpi, origin, period, status, when, more)                                                                                                       \
    "INSERT INTO plan (service, plan, kpi, origin, opened_for, status, version, opened_at, due_date, attributed_to, indicator_title, strategic_director_lead, " \
    "departmental_lead, target, performance_this_period, figures, when_period" more ") VALUES ('svc', '" id                                                     \
    "', '" kpi "', '" origin "', " period ", '" status                                                                                                          \
    "', 1, '2026-02-03 04:05:06', '2026-03-01', '{one}', '', '', '', '', '', '{}', " when

static const char *const STEPS[] = {
    OTHER_SERVICE,
    VERSION("one", "8100", "0", "1", "10"),
    SIGNED("one", "8100", "11"),
    SIGNED("two", "8101", "12"),
    SIGNED("two", "8099", "13"), /* before what is asked for */
    VERSION("one", "8100", "3", "1", "14"),
    SIGNED("one", "8100", "15"),
    SIGNED("one", "8102", "16"),
    VERSION("one", "8102", "0", "1", "17"),
    VERSION("two", "8102", "0", "1", "18"),
    HAPPENED("8100", "20", "FINAL", ""),
    HAPPENED("8100", "21", "LOCKED", "The year is over"),
    HAPPENED("8100", "22", "FINAL", ""),
    HAPPENED("8101", "23", "LOCKED", "By mistake"),
    HAPPENED("8101", "24", "UNLOCKED", ""),
    PLAN("AP-1", "1.1", "RED", "8100", "REQUIRED", "-1", "") ")",
    PLAN("AP-2", "1.2", "HAND", "8101", "DRAFT", "8104", "") ")",
    PLAN(
        "AP-3", "1.3", "RED", "8101", "CLOSED", "8104",
        ", due_again, evidence") ", '2026-05-06', '{\"period\":\"2025-26-Q2\",\"rag\":\"RED\",\"redRunning\":2,\"asAt\":\"2026-01-02\"}')",
    "UPDATE service SET stamp = stamp + 1, changed_at = '2026-11-01' WHERE service = 'svc'",
    "INSERT INTO framework (id, version, body, received_at, effective_from) VALUES ('frame', 2, '{}', '2026-11-02', '2026-04-01')",
    "INSERT INTO lookup (lookup, edition, version, received_at, key_id, sha256, bytes, rows, pack_bytes) VALUES ('bank-holidays', '', 4, '2027-01-01', 'k', sha256(''), 1, 1, 1)",
};

/* ---- the same, part by part ---- */

static struct arena arena = ARENA_EMPTY;

static void same_service(const char *when, const struct store_service *a) {
    struct store_service b = {.stamp = -1};
    CHECK(store_service_get(fx.db, SERVICE, INSTANT_NONE, &arena, &b) == OK, "%s", db_last_error(fx.db));
    bool versions = a->version_count == b.version_count;
    for (size_t i = 0; versions && i < b.version_count; i++)
        versions =
            a->versions[i].version == b.versions[i].version && a->versions[i].from == b.versions[i].from;
    CHECK(str_eq(a->id, b.id) && str_eq(a->name, b.name) && str_eq(a->framework_id, b.framework_id) &&
              a->framework_version == b.framework_version && versions && a->stamp == b.stamp &&
              a->holidays_version == b.holidays_version && a->changed_at == b.changed_at,
          "%s: the service", when);
}

static void same_providers(const char *when, const struct store_stands *s) {
    struct store_provider *list;
    size_t n = 0;
    CHECK(store_providers_list(fx.db, SERVICE, &arena, &list, &n) == OK && n == s->provider_count && n > 0,
          "%s: %zu providers", when, n);
    for (size_t i = 0; i < n && i < s->provider_count; i++) {
        const struct store_provider *a = &s->providers[i], *b = &list[i];
        CHECK(str_eq(a->id, b->id) && str_eq(a->name, b->name) && a->stamp == b->stamp &&
                  !a->group.p == !b->group.p && (!a->group.p || str_eq(a->group, b->group)),
              "%s: %.*s", when, STR_ARG(b->id));
    }
}

static const struct store_period *period_in(const struct store_stands *s, int16_t period) {
    for (size_t i = 0; i < s->period_count; i++)
        if (s->periods[i].period == period) return &s->periods[i];
    return NULL;
}

static void same_periods(const char *when, const struct store_stands *s) {
    struct store_period *list;
    size_t n = 0;
    CHECK(store_periods_list(fx.db, SERVICE, -1, INSTANT_NONE, &arena, &list, &n) == OK &&
              n == s->period_count,
          "%s: %zu periods", when, n);
    for (size_t i = 0; i < n; i++) {
        const struct store_period *b = &list[i], *a = period_in(s, b->period);
        CHECK(a && a->final == b->final && a->final_at == b->final_at && a->final_seq == b->final_seq &&
                  a->lock == b->lock && str_eq(a->lock_reason, b->lock_reason),
              "%s: %d", when, b->period);
    }
}

static void same_signed(const char *when, const struct store_stands *s) {
    struct store_signed *list;
    size_t n = 0;
    CHECK(store_signed_since(fx.db, SERVICE, FROM, INSTANT_NONE, &arena, &list, &n) == OK &&
              n == s->signed_count,
          "%s: %zu signed, %zu", when, s->signed_count, n);
    for (size_t i = 0; i < n && i < s->signed_count; i++)
        CHECK(str_eq(s->signed_off[i].provider, list[i].provider) &&
                  s->signed_off[i].period == list[i].period,
              "%s: %.*s %d", when, STR_ARG(list[i].provider), list[i].period);
}

static void same_plans(const char *when, const struct store_stands *s) {
    struct store_plan_mark *list;
    size_t n = 0;
    CHECK(store_plan_marks(fx.db, SERVICE, INSTANT_NONE, &arena, &list, &n) == OK && n == s->plan_count,
          "%s: %zu plans", when, n);
    for (size_t i = 0; i < n && i < s->plan_count; i++) {
        const struct store_plan_mark *a = &s->plans[i], *b = &list[i];
        CHECK(str_eq(a->id, b->id) && str_eq(a->kpi, b->kpi) && a->opened_for == b->opened_for &&
                  a->status == b->status && a->due_day == b->due_day && a->when == b->when &&
                  a->opened_at == b->opened_at && a->by_hand == b->by_hand &&
                  a->seen.period == b->seen.period && a->seen.rag == b->seen.rag &&
                  a->seen.red_running == b->seen.red_running && a->seen.day == b->seen.day,
              "%s: %.*s", when, STR_ARG(b->id));
    }
}

static void check_all(const char *when, struct store_stands *s) {
    enum err e = store_stands_get(fx.db, SERVICE, FROM, &arena, s);
    CHECK(e == OK, "%s: %s", when, db_last_error(fx.db));
    if (e != OK) return;
    same_service(when, &s->service);
    same_providers(when, s);
    same_periods(when, s);
    same_signed(when, s);
    same_plans(when, s);
}

static void the_same(void) {
    struct store_stands s;
    char when[20];
    check_all("at first", &s);
    CHECK(s.period_count == 0 && s.signed_count == 0 && s.plan_count == 0, "nothing has happened");
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        snprintf(when, sizeof when, "step %zu", i);
        CHECK(database_do(fx.owner, STEPS[i]), "%s", when);
        check_all(when, &s);
    }
    CHECK(s.period_count == 2 && s.signed_count == 2 && s.plan_count == 3 && s.service.holidays_version == 4,
          "all of it: %zu, %zu, %zu", s.period_count, s.signed_count, s.plan_count);
    arena_free(&arena);
}

static void nobody_else(void) {
    struct store_stands s;
    CHECK(store_stands_get(fx.db, STR("nowhere"), FROM, &arena, &s) == ERR_NOT_FOUND, "no such service");
    db_act_for(fx.db, DB_SERVICE(STR("aside")));
    CHECK(store_stands_get(fx.db, SERVICE, FROM, &arena, &s) == ERR_NOT_FOUND && s.provider_count == 0 &&
              s.period_count == 0 && s.signed_count == 0 && s.plan_count == 0,
          "nothing of a service that it does not act for");
    CHECK(store_stands_get(fx.db, STR("aside"), FROM, &arena, &s) == OK && s.provider_count == 1 &&
              s.period_count == 1 && s.signed_count == 1 && s.plan_count == 0,
          "its own: %s", db_last_error(fx.db));
    db_act_for(fx.db, DB_EVERYBODY);
    arena_free(&arena);
}

/* ---- alone first ---- */

struct three {
    bool writes;
    int64_t stamps[3];
    const char *open[2]; /* is a transaction open after the first, after the second? */
};

/* Of the connection that reads, by its name. */
static const char *has_transaction(void) {
    const char *state =
        database_ask(fx.app, "SELECT state FROM pg_stat_activity WHERE application_name = 'alone'");
    return str_is(str_of(state), "idle in transaction") ? "open"
           : str_is(str_of(state), "idle")              ? "none"
                                                        : "?";
}

static enum err read_three(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct three *t = context;
    enum err e = OK;
    for (int i = 0; e == OK && i < 3; i++) {
        e = store_service_stamp(db, SERVICE, &t->stamps[i]);
        if (i < 2) t->open[i] = has_transaction();
        CHECK(database_do(fx.owner, "UPDATE service SET stamp = stamp + 1 WHERE service = 'svc'"),
              "a change");
    }
    return e == OK && t->writes ? store_provider_put(db, SERVICE, ONE, STR("x"), STR(""), STR("operator"))
                                : e;
}

static void first_alone(void) {
    static const struct {
        const char *label;
        bool writes, dies;
    } CASES[] = {{"on a new connection", false, false},
                 {"on one that knows the statement", false, false},
                 {"on one that has died", false, true},
                 {"and writes", true, false}};
    struct db *db = db_new(fx.app, "alone");
    db_act_for(db, DB_SERVICE(SERVICE));
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct three t = {.writes = CASES[i].writes};
        if (CASES[i].dies)
            database_ask(
                fx.app,
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'alone'");
        struct db_work work = {.run = read_three, .context = &t, .read_only = true, .alone_first = true};
        CHECK(db_transaction(db, &work, NULL) == (CASES[i].writes ? ERR_UNAVAILABLE : OK), "%s: %s",
              CASES[i].label, db_last_error(db));
        CHECK(str_is(str_of(t.open[0]), "none") && str_is(str_of(t.open[1]), "open"), "%s: %s, %s",
              CASES[i].label, t.open[0], t.open[1]);
        CHECK(t.stamps[1] == t.stamps[0] + 1 && t.stamps[2] == t.stamps[1],
              "%s: the second sees a snapshot of its own, and the third the same", CASES[i].label);
        CHECK(db_ping(db, NULL) == OK, "%s: the connection is good afterwards", CASES[i].label);
    }
    db_free(db);
}

static enum err lose_and_ask(struct db *db, void *context, struct fault *fault) {
    int *runs = context;
    (void)fault;
    ++*runs;
    if (*runs > 1) return store_service_stamp(db, SERVICE, &(int64_t){0});
    database_ask(
        fx.app,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'alone'");
    return store_service_stamp(db, SERVICE, &(int64_t){0});
}

static void lost_while_alone(void) {
    int runs = 0;
    struct db *db = db_new(fx.app, "alone");
    db_act_for(db, DB_SERVICE(SERVICE));
    CHECK(db_ping(db, NULL) == OK, "%s", db_last_error(db));
    struct db_work work = {.run = lose_and_ask, .context = &runs, .read_only = true, .alone_first = true};
    CHECK(db_transaction(db, &work, NULL) == OK && runs == 2, "run again: %d, %s", runs, db_last_error(db));
    db_free(db);
}

void suite_db_stands(void) {
    suite_add("db stands", fixture_begin, fixture_end);
    case_add("one statement tells what five tell", the_same);
    case_add("and of no other service", nobody_else);
    case_add("a statement that goes first without BEGIN", first_alone);
    case_add("a connection lost under it", lost_while_alone);
}
