#include "db/store_plans.h"

#include "db/audit.h"
#include "db/statements.h"

bool store_plan_is_attributed(const struct store_plan *p, str provider) {
    for (str rest = p->attributed_to, one = str_cut(&rest, ';'); one.p; one = str_cut(&rest, ';'))
        if (str_eq(one, provider)) return true;
    return false;
}

static str lead_of(const struct rows *rows, int row, int column, struct arena *a) {
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
        .strategic_lead = lead_of(rows, row, 10, a),
        .departmental_lead = lead_of(rows, row, 11, a),
        .target = arena_str(a, rows_text(rows, row, 12)),
        .performance = arena_str(a, rows_text(rows, row, 13)),
        .reason = arena_str(a, rows_text(rows, row, 14)),
        .what = arena_str(a, rows_text(rows, row, 15)),
        .how = arena_str(a, rows_text(rows, row, 16)),
        .who = arena_str(a, rows_text(rows, row, 17)),
        .when = rows_is_null(rows, row, 20) ? rows_int2(rows, row, 18) : -1,
        .figures = arena_str(a, rows_text(rows, row, 19)),
    };
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

static enum err audit_plan(struct db *db, str service, str id, int32_t version, int64_t at, str key_id,
                           str action, str detail) {
    struct buf object = BUF_EMPTY;
    buf_printf(&object, "action-plans/%.*s?version=%d", STR_ARG(id), version);
    enum err e =
        audit_append(db, &(struct audit_line){service, at, key_id, action, buf_str(&object), detail});
    buf_free(&object);
    return e;
}

enum err store_plan_open(struct db *db, str service, struct store_plan *plan, struct arena *a, str key_id,
                         str comment) {
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
    return audit_plan(db, service, plan->id, 1, plan->opened_at, key_id, STR("PLAN_OPENED"), STR("{}"));
}

enum err store_plan_change(struct db *db, str service, struct store_plan *plan, enum plan_status before,
                           str changed, str key_id, str comment, int64_t at) {
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
    params_instant(&p, at);
    params_text(&p, key_id);
    params_text(&p, str_of(plan_status_name(before)));
    params_text(&p, changed);
    params_text(&p, comment);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_change, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) != 1) return ERR_STALE;
    plan->version = rows_int4(&rows, 0, 0);
    /* Which fields changed is in the audit line; their words are in the plan alone. */
    return audit_plan(db, service, plan->id, plan->version, at, key_id, STR("PLAN_CHANGED"), STR("{}"));
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
    if (e == OK) e = audit_plan(db, service, id, 0, n->at, n->key_id, STR("PLAN_UPDATED"), STR("{}"));
    return e;
}

enum err store_plan_marks(struct db *db, str service, int64_t known_at, struct arena *a,
                          struct store_plan_mark **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_instant(&p, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_plan_marks_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_plan_mark *list = ARENA_ARRAY(a, struct store_plan_mark, (size_t)n);
    for (int i = 0; i < n; i++) {
        list[i] = (struct store_plan_mark){
            .id = arena_str(a, rows_text(&rows, i, 0)),
            .kpi = arena_str(a, rows_text(&rows, i, 1)),
            .opened_for = rows_int2(&rows, i, 2),
            .when = rows_int2(&rows, i, 5),
            .opened_at = rows_instant(&rows, i, 6),
            .by_hand = str_is(rows_text(&rows, i, 7), "HAND"),
        };
        plan_status_parse(rows_text(&rows, i, 3), &list[i].status);
        day_parse_iso(rows_text(&rows, i, 4), &list[i].due_day);
    }
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
