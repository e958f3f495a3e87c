#include "db/store_snapshots.h"

#include "db/statements.h"

enum err store_snapshot_put(struct db *db, str service, int16_t period, str plan, int32_t as_at,
                            int64_t known_at) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, plan.n ? STR("PLAN") : STR("FINAL"));
    params_int2(&p, period);
    params_text(&p, plan.n ? plan : STR(""));
    params_int4(&p, as_at);
    params_instant(&p, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_snapshot_put, &p, &rows);
    return e == OK && rows_count(&rows) != 1 ? ERR_NOT_FOUND : e;
}

enum err store_snapshots_list(struct db *db, str service, int32_t number, struct arena *a,
                              struct store_snapshot **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_int4(&p, number);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_snapshots_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_snapshot *list = ARENA_ARRAY(a, struct store_snapshot, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_snapshot){
            .number = rows_int4(&rows, i, 0),
            .period = rows_int2(&rows, i, 2),
            .plan = arena_str(a, rows_text(&rows, i, 3)),
            .as_at = rows_int4(&rows, i, 4),
            .known_at = rows_instant(&rows, i, 5),
            .framework_version = rows_int4(&rows, i, 6),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}
