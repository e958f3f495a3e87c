#include "db/row_lines.h"

#include <stdlib.h>

#include "db/connection.h"
#include "db/copy.h"
#include "db/pack.h"
#include "db/row_sql.h"

static enum err take_pack(void *context, const char *const *values, const int *lengths) {
    static const char LINE = ROW_PACK_LINE;
    struct row_lines *l = context;
    uint64_t begin = spill_size(&l->kept);
    str all = {values[0], (size_t)lengths[0]}, rest = all;
    while (rest.p) {
        str_cut(&rest, ROW_PACK_LINE);
        uint64_t end = begin + (rest.p ? (uint64_t)(rest.p - all.p) : all.n + 1);
        buf_add(&l->ends, &end, sizeof end);
    }
    spill_add(&l->kept, all.p, all.n);
    spill_add(&l->kept, &LINE, 1);
    return l->kept.failed ? ERR_UNAVAILABLE : OK;
}

static enum err show(struct db *db, struct row_lines *l) {
    bool mapped;
    if (spill_map(&l->kept, &l->bytes, &mapped) != OK) return pack_note_full(db);
    body_window_begin(&l->window, l->bytes, mapped);
    return OK;
}

enum err row_lines_load(struct db *db, const struct store_change_ask *ask, int32_t version,
                        struct row_lines *out) {
    *out = (struct row_lines){.ends = BUF_EMPTY};
    spill_begin(&out->kept, db->spill_dir);
    if (!version) return OK;
    struct params p = params_of();
    params_text(&p, ask->service);
    params_text(&p, ask->provider);
    params_int2(&p, ask->period);
    params_int4(&p, version);
    char *sql = row_sql_fill(STMT_rows_read, ask->part);
    enum err e = db_stream(db, sql, &p, take_pack, out);
    free(sql);
    if (out->kept.failed) return pack_note_full(db);
    return e == OK ? show(db, out) : e;
}

static uint64_t end_of(const struct row_lines *l, uint32_t row) {
    uint64_t end = 0;
    if (row) memcpy(&end, l->ends.p + (row - 1) * sizeof end, sizeof end);
    return end;
}

str row_lines_get(struct row_lines *l, uint32_t row) {
    if (!row || row > l->ends.n / sizeof(uint64_t)) return STR_NONE;
    str line = str_sub(l->bytes, end_of(l, row - 1), end_of(l, row) - 1);
    body_window_move(&l->window, line.p);
    return line;
}

void row_lines_free(struct row_lines *l) {
    spill_free(&l->kept);
    buf_free(&l->ends);
}
