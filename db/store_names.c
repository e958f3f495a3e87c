#include "db/store_names.h"

#include "db/statements.h"

static const enum db_stmt STATEMENTS[] = {
    [NAMES_EPISODE_SITE] = STMT_names_episode_site,
    [NAMES_EPISODE_ADVISER] = STMT_names_episode_adviser,
    [NAMES_REFERRAL_SITE] = STMT_names_referral_site,
    [NAMES_REFERRAL_ORGANISATION] = STMT_names_referral_organisation,
    [NAMES_SITE] = STMT_names_site,
};

enum err store_names_list(struct db *db, str service, str provider, int16_t period, int32_t version,
                          enum store_names which, struct arena *a, struct store_name **out,
                          size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    params_int4(&p, version);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STATEMENTS[which], &p, &rows);
    if (e != OK) return e;
    *out_count = (size_t)rows_count(&rows);
    *out = ARENA_ARRAY(a, struct store_name, *out_count + 1);
    for (size_t i = 0; i < *out_count; i++) {
        (*out)[i].key = arena_str(a, rows_text(&rows, (int)i, 0));
        if (!rows_is_null(&rows, (int)i, 1)) (*out)[i].label = arena_str(a, rows_text(&rows, (int)i, 1));
    }
    return OK;
}
