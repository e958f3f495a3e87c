/* store_stands: rows of different kinds, told apart by their first column (service_stands.sql). */
#include "db/store_stands.h"

#include "db/stored.h"

enum kind { KIND_SERVICE, KIND_PROVIDER, KIND_PERIOD, KIND_SIGNED, KIND_PLAN, KIND_COUNT };
/* Columns. Those of a plan are the ones between the kind and the number. */
enum { OF_KIND, ID, NAME, PERIOD, MORE, SMALL, WHEN, AT, LIST, NUMBER = 14 };

static str kept(const struct rows *rows, int row, int column, struct arena *a) {
    str s = rows_text(rows, row, column);
    return s.p ? arena_str(a, s) : STR_NONE;
}

static void take_service(const struct rows *rows, int row, struct arena *a, struct store_service *out) {
    *out = (struct store_service){
        .id = kept(rows, row, ID, a),
        .name = kept(rows, row, NAME, a),
        .framework_id = kept(rows, row, MORE, a),
        .stamp = rows_int8(rows, row, NUMBER),
        .holidays_version = rows_int4(rows, row, SMALL),
        .changed_at = rows_instant(rows, row, AT),
    };
    stored_versions(rows_text(rows, row, LIST), a, out);
}

static struct store_provider provider_of(const struct rows *rows, int row, struct arena *a) {
    return (struct store_provider){kept(rows, row, ID, a), kept(rows, row, NAME, a), kept(rows, row, MORE, a),
                                   rows_int8(rows, row, NUMBER)};
}

static struct store_period period_of_row(const struct rows *rows, int row, struct arena *a) {
    int64_t final_at = rows_instant(rows, row, AT);
    return (struct store_period){
        .period = rows_int2(rows, row, PERIOD),
        .final = final_at != INSTANT_NONE,
        .final_at = final_at,
        .final_seq = rows_int8(rows, row, NUMBER),
        .lock = stored_lock(rows_text(rows, row, ID)),
        .lock_reason = kept(rows, row, NAME, a),
    };
}

static void make_room(const struct rows *rows, struct arena *a, struct store_stands *out) {
    size_t of[KIND_COUNT] = {0};
    for (int i = 0; i < rows_count(rows); i++)
        of[rows_int2(rows, i, OF_KIND)]++;
    out->providers = ARENA_ARRAY(a, struct store_provider, of[KIND_PROVIDER]);
    out->periods = ARENA_ARRAY(a, struct store_period, of[KIND_PERIOD]);
    out->signed_off = ARENA_ARRAY(a, struct store_signed, of[KIND_SIGNED]);
    out->plans = ARENA_ARRAY(a, struct store_plan_mark, of[KIND_PLAN]);
}

static void take_row(const struct rows *rows, int row, struct arena *a, struct store_stands *out) {
    switch ((enum kind)rows_int2(rows, row, OF_KIND)) {
    case KIND_SERVICE: take_service(rows, row, a, &out->service); break;
    case KIND_PROVIDER: out->providers[out->provider_count++] = provider_of(rows, row, a); break;
    case KIND_PERIOD: out->periods[out->period_count++] = period_of_row(rows, row, a); break;
    case KIND_SIGNED:
        out->signed_off[out->signed_count++] =
            (struct store_signed){kept(rows, row, ID, a), rows_int2(rows, row, PERIOD)};
        break;
    case KIND_PLAN: out->plans[out->plan_count++] = stored_plan_mark(rows, row, ID, a); break;
    case KIND_COUNT: break;
    }
}

enum err store_stands_get(struct db *db, str service, int16_t signed_from, struct arena *a,
                          struct store_stands *out) {
    struct params p = params_of();
    params_text(&p, service);
    params_int2(&p, signed_from);
    ROWS rows = ROWS_NONE;
    *out = (struct store_stands){.provider_count = 0};
    enum err e = db_query(db, STMT_service_stands, &p, &rows);
    if (e != OK) return e;
    make_room(&rows, a, out);
    for (int i = 0; i < rows_count(&rows); i++)
        take_row(&rows, i, a, out);
    return out->service.id.p ? OK : ERR_NOT_FOUND;
}
