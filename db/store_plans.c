#include "db/store_plans.h"

#include "db/audit.h"
#include "db/statements.h"
#include "db/store_snapshots.h"
#include "db/stored.h"

bool store_plan_is_attributed(const struct store_plan *p, str provider) {
    for (str rest = p->attributed_to, one = str_cut(&rest, ';'); one.p; one = str_cut(&rest, ';'))
        if (str_eq(one, provider)) return true;
    return false;
}

bool store_plan_is_theme(const struct store_plan *p) {
    return str_find(p->kpi, ';') < p->kpi.n;
}

bool store_plan_is_of(const struct store_plan *p, str kpi) {
    for (str rest = p->kpi, one = str_cut(&rest, ';'); one.p; one = str_cut(&rest, ';'))
        if (str_eq(one, kpi)) return true;
    return false;
}

struct plan_clock store_plan_clock(const struct store_plan *p) {
    return (struct plan_clock){p->status, p->due_day, p->when, p->seen.red_running, p->seen.day};
}

struct plan_clock store_plan_mark_clock(const struct store_plan_mark *m) {
    return (struct plan_clock){m->status, m->due_day, m->when, m->seen.red_running, m->seen.day};
}

/* Four columns from `at` on: period, headline, red running, day. */
static struct store_plan_seen seen_of(const struct rows *rows, int row, int at) {
    struct store_plan_seen s = {.period = -1, .rag = RAG_NONE, .day = DAY_NONE};
    if (rows_is_null(rows, row, at)) return s;
    period_parse(rows_text(rows, row, at), &s.period);
    rag_parse(rows_text(rows, row, at + 1), &s.rag);
    s.red_running = rows_int4(rows, row, at + 2);
    day_parse_iso(rows_text(rows, row, at + 3), &s.day);
    return s;
}

static str text_of(const struct rows *rows, int row, int column, struct arena *a) {
    return rows_is_null(rows, row, column) ? STR_NONE : arena_str(a, rows_text(rows, row, column));
}

static struct store_plan plan_of(const struct rows *rows, int row, struct arena *a) {
    struct store_plan p = {
        .id = arena_str(a, rows_text(rows, row, 0)),
        .kpi = arena_str(a, rows_text(rows, row, 1)),
        .by_hand = str_is(rows_text(rows, row, 2), "HAND"),
        .opened_for = rows_int2(rows, row, 3),
        .version = rows_int4(rows, row, 5),
        .opened_at = rows_instant(rows, row, 6),
        .attributed_to = arena_str(a, rows_text(rows, row, 8)),
        .title = arena_str(a, rows_text(rows, row, 9)),
        .strategic_lead = text_of(rows, row, 10, a),
        .departmental_lead = text_of(rows, row, 11, a),
        .target = arena_str(a, rows_text(rows, row, 12)),
        .performance = arena_str(a, rows_text(rows, row, 13)),
        .reason = arena_str(a, rows_text(rows, row, 14)),
        .what = arena_str(a, rows_text(rows, row, 15)),
        .how = arena_str(a, rows_text(rows, row, 16)),
        .who = arena_str(a, rows_text(rows, row, 17)),
        .when = rows_is_null(rows, row, 20) ? rows_int2(rows, row, 18) : -1,
        .figures = arena_str(a, rows_text(rows, row, 19)),
        .evidence = text_of(rows, row, 21, a),
        .seen = seen_of(rows, row, 22),
        .escalation = text_of(rows, row, 26, a),
        .level = rows_int4(rows, row, 27),
        .opened_day = DAY_NONE,
    };
    day_parse_iso(rows_text(rows, row, 28), &p.opened_day);
    rag_parse(rows_text(rows, row, 29), &p.opened_rag);
    p.red_before = rows_int4(rows, row, 30);
    plan_status_parse(rows_text(rows, row, 4), &p.status); /* one of them by the table's check */
    day_parse_iso(rows_text(rows, row, 7), &p.due_day);
    if (!rows_is_null(rows, row, 20)) period_parse(rows_text(rows, row, 20), &p.when);
    return p;
}

enum err store_plans_list(struct db *db, str service, str id, int64_t known_at, struct arena *a,
                          struct store_plan **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, id);
    params_instant(&p, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plans_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_plan *list = ARENA_ARRAY(a, struct store_plan, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = plan_of(&rows, i, a);
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_plan_get(struct db *db, str service, str id, struct arena *a, struct store_plan *out) {
    struct store_plan *list;
    size_t count;
    enum err e = store_plans_list(db, service, id, INSTANT_NONE, a, &list, &count);
    if (e == OK && count == 0) e = ERR_NOT_FOUND;
    if (e == OK) *out = list[0];
    return e;
}

/* Whatever happens to a plan passes here once, in the transaction that makes it happen: the line of the audit and the event that
 * others are told by. Which fields changed stands in plan_event, their words in the plan alone. */
static enum err plan_happened(struct db *db, str service, const struct store_plan *plan,
                              const struct store_plan_cause *cause, str from) {
    str kind = str_of(plan_happening_name(cause->happening));
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, kind);
    params_instant(&p, cause->at);
    params_text(&p, plan->id);
    params_text(&p, plan->kpi);
    params_int4(&p, plan->version);
    params_text(&p, from);
    params_text(&p, str_of(plan_status_name(plan->status)));
    params_int4(&p, plan->level);
    params_text(&p, plan->attributed_to.p ? plan->attributed_to : STR(""));
    enum err e = db_query(db, STMT_plan_event_tell, &p, NULL);
    if (e != OK) return e;
    struct buf object = BUF_EMPTY;
    buf_printf(&object, "action-plans/%.*s?version=%d", STR_ARG(plan->id), plan->version);
    e = audit_append(
        db, &(struct audit_line){service, cause->at, cause->key_id, kind, buf_str(&object), STR("{}")});
    buf_free(&object);
    return e;
}

enum err store_plan_open(struct db *db, str service, struct store_plan *plan, struct arena *a, int32_t today,
                         str key_id, str comment) {
    char due[DAY_TEXT];
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, plan->kpi);
    params_text(&p, plan->by_hand ? STR("HAND") : STR("RED"));
    params_int2(&p, plan->opened_for);
    params_instant(&p, plan->opened_at);
    params_text(&p, str_of(day_format(plan->due_day, due)));
    params_text(&p, plan->attributed_to);
    params_text(&p, plan->title);
    params_text(&p, plan->strategic_lead);
    params_text(&p, plan->departmental_lead);
    params_text(&p, plan->target);
    params_text(&p, plan->performance);
    params_text(&p, plan->figures);
    params_text(&p, key_id);
    params_text(&p, comment);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_insert, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) != 1) return ERR_NOT_FOUND;
    plan->id = arena_str(a, rows_text(&rows, 0, 0));
    plan->version = 1;
    plan->status = PLAN_REQUIRED;
    e = store_snapshot_put(db, service, plan->opened_for, plan->id, today, plan->opened_at);
    if (e != OK) return e;
    struct store_plan_cause cause = {
        .happening = PLAN_WAS_OPENED, .key_id = key_id, .comment = comment, .at = plan->opened_at};
    return plan_happened(db, service, plan, &cause, STR(""));
}

enum err store_plan_change(struct db *db, str service, struct store_plan *plan,
                           const struct store_plan_cause *cause) {
    str before = str_of(plan_status_name(cause->before));
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, plan->id);
    params_int4(&p, plan->version);
    params_text(&p, str_of(plan_status_name(plan->status)));
    params_text(&p, plan->strategic_lead);
    params_text(&p, plan->departmental_lead);
    params_text(&p, plan->reason);
    params_text(&p, plan->what);
    params_text(&p, plan->how);
    params_text(&p, plan->who);
    params_int2(&p, plan->when);
    params_instant(&p, cause->at);
    params_text(&p, cause->key_id);
    params_text(&p, before);
    params_text(&p, cause->changed);
    params_text(&p, cause->comment);
    params_text(&p, plan->evidence);
    params_text(&p, plan->escalation);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_change, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) != 1) return ERR_STALE;
    plan->version = rows_int4(&rows, 0, 0);
    return plan_happened(db, service, plan, cause, before);
}

enum err store_calendar_lock(struct db *db, bool *out) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_calendar_lock, &(struct params){.count = 0}, &rows);
    if (e == OK) *out = rows_bool(&rows, 0, 0);
    return e;
}

enum err store_plan_steps(struct db *db, str service, str id, struct arena *a, struct store_plan_step **out,
                          size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_events_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_plan_step *list = ARENA_ARRAY(a, struct store_plan_step, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_plan_step){
            .version = rows_int4(&rows, i, 0),
            .at = rows_instant(&rows, i, 1),
            .key_id = arena_str(a, rows_text(&rows, i, 2)),
            .from = arena_str(a, rows_text(&rows, i, 3)),
            .to = arena_str(a, rows_text(&rows, i, 4)),
            .changed = arena_str(a, rows_text(&rows, i, 5)),
            .comment = arena_str(a, rows_text(&rows, i, 6)),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_plan_notes(struct db *db, str service, str id, struct arena *a, struct store_plan_note **out,
                          size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_notes_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_plan_note *list = ARENA_ARRAY(a, struct store_plan_note, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_plan_note){
            .at = rows_instant(&rows, i, 0),
            .key_id = arena_str(a, rows_text(&rows, i, 1)),
            .month = arena_str(a, rows_text(&rows, i, 2)),
            .text = arena_str(a, rows_text(&rows, i, 3)),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_plan_note_put(struct db *db, str service, str id, const struct store_plan_note *n) {
    struct buf day = BUF_EMPTY;
    buf_printf(&day, "%.*s-01", STR_ARG(n->month));
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, id);
    params_instant(&p, n->at);
    params_text(&p, n->key_id);
    params_text(&p, buf_str(&day));
    params_text(&p, n->text);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_note_put, &p, &rows);
    buf_free(&day);
    if (e == OK && rows_count(&rows) != 1) e = ERR_NOT_FOUND;
    return e;
}

enum err store_plan_actions(struct db *db, str service, str id, struct arena *a,
                            struct store_plan_action **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_actions_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_plan_action *list = ARENA_ARRAY(a, struct store_plan_action, (size_t)n);
    for (int i = 0; i < n; i++) {
        list[i] = (struct store_plan_action){
            .number = rows_int4(&rows, i, 0),
            .what = arena_str(a, rows_text(&rows, i, 1)),
            .who = arena_str(a, rows_text(&rows, i, 2)),
            .done = DAY_NONE,
        };
        day_parse_iso(rows_text(&rows, i, 3), &list[i].by);
        if (!rows_is_null(&rows, i, 4)) day_parse_iso(rows_text(&rows, i, 4), &list[i].done);
    }
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_plan_action_put(struct db *db, str service, str id, const struct store_plan_action *action) {
    char by[DAY_TEXT], done[DAY_TEXT];
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, id);
    params_int4(&p, action->number);
    params_text(&p, action->what);
    params_text(&p, action->who);
    params_text(&p, str_of(day_format(action->by, by)));
    params_text(&p, action->done == DAY_NONE ? STR_NONE : str_of(day_format(action->done, done)));
    return db_query(db, STMT_plan_action_put, &p, NULL);
}

/* Now, or as known at an instant. */
struct store_plan_mark stored_plan_mark(const struct rows *rows, int row, int at, struct arena *a) {
    bool changed = !rows_is_null(rows, row, at + 12);
    struct store_plan_mark m = {
        .id = arena_str(a, rows_text(rows, row, at)),
        .kpi = arena_str(a, rows_text(rows, row, at + 1)),
        .opened_for = rows_int2(rows, row, at + 2),
        .due_day = rows_int4(rows, row, at + 4),
        .when = changed ? -1 : rows_int2(rows, row, at + 5),
        .opened_at = rows_instant(rows, row, at + 6),
        .by_hand = str_is(rows_text(rows, row, at + 7), "HAND"),
        .seen = seen_of(rows, row, at + 8),
    };
    plan_status_parse(rows_text(rows, row, at + 3), &m.status);
    if (changed) period_parse(rows_text(rows, row, at + 12), &m.when);
    return m;
}

static enum db_stmt marks_statement(struct params *p, str service, int64_t known_at) {
    params_text(p, service);
    if (known_at == INSTANT_NONE) return STMT_plan_marks_list;
    params_instant(p, known_at);
    return STMT_plan_marks_known;
}

void store_plan_marks_ahead(struct db *db, str service, int64_t known_at) {
    struct params p = params_of();
    enum db_stmt stmt = marks_statement(&p, service, known_at);
    db_ahead(db, stmt, &p);
}

enum err store_plan_marks(struct db *db, str service, int64_t known_at, struct arena *a,
                          struct store_plan_mark **out, size_t *out_count) {
    struct params p = params_of();
    enum db_stmt stmt = marks_statement(&p, service, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, stmt, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_plan_mark *list = ARENA_ARRAY(a, struct store_plan_mark, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = stored_plan_mark(&rows, i, 0, a);
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_plan_judging_after(struct db *db, str service, str provider, int16_t period, int64_t seq,
                                  struct arena *a, struct store_plan_judging *out) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    params_int8(&p, seq);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_judging_after, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    *out = (struct store_plan_judging){.at = n ? rows_instant(&rows, 0, 0) : INSTANT_NONE};
    if (!n || rows_is_null(&rows, 0, 1)) return OK;
    out->steps = ARENA_ARRAY(a, struct store_judged_step, (size_t)n);
    out->count = (size_t)n;
    for (int i = 0; i < n; i++)
        out->steps[i] = (struct store_judged_step){
            .plan = arena_str(a, rows_text(&rows, i, 1)),
            .kpi = arena_str(a, rows_text(&rows, i, 2)),
            .opened_for = rows_int2(&rows, i, 3),
            .from = arena_str(a, rows_text(&rows, i, 4)),
            .to = arena_str(a, rows_text(&rows, i, 5)),
            .comment = arena_str(a, rows_text(&rows, i, 6)),
        };
    return OK;
}
