/* See feed_out.h. The ETag is that of the bytes before compression, told apart by the coding: two representations, two strong tags. */
#include "handlers/feed_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "returns/csv_write.h"

enum { PIECE = 64 * 1024, GZIP_WINDOW = 16 + MAX_WBITS, GZIP_LEVEL = 5, GZIP_MEMORY = 8 };

struct feed_zip {
    z_stream z;
    unsigned char out[PIECE];
};

/* ---- the bytes ---- */

static void squeeze(struct feed_out *o, int flush) {
    struct feed_zip *zip = o->zip;
    zip->z.next_in = (Bytef *)o->piece.p;
    zip->z.avail_in = (uInt)o->piece.n;
    do {
        zip->z.next_out = zip->out;
        zip->z.avail_out = PIECE;
        deflate(&zip->z, flush);
        spill_add(&o->spill, zip->out, PIECE - zip->z.avail_out);
    } while (zip->z.avail_out == 0);
}

static void hand_on(struct feed_out *o, bool last) {
    sha256_add(o->digest, o->piece.p ? o->piece.p : "", o->piece.n);
    if (o->zip) squeeze(o, last ? Z_FINISH : Z_NO_FLUSH);
    else if (o->piece.n) spill_add(&o->spill, o->piece.p, o->piece.n);
    buf_clear(&o->piece);
    arena_free(&o->row);
}

static struct feed_zip *zip_new(void) {
    struct feed_zip *zip = must_calloc(1, sizeof *zip);
    if (deflateInit2(&zip->z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK)
        return zip;
    free(zip);
    return NULL; /* no memory for it: then the rows go as they are */
}

/* In JSON a name stands before each value, in CSV at most a comma. */
static void make_leads(struct feed_out *o) {
    for (size_t i = 0; i < o->table->count && i < FEED_COLUMNS_MOST; i++) {
        if (o->csv && i) buf_add_char(&o->leads, ',');
        if (!o->csv) {
            buf_add_char(&o->leads, i ? ',' : '{');
            json_quote(&o->leads, str_of(o->table->columns[i].name));
            buf_add_char(&o->leads, ':');
        }
        o->lead_ends[i] = o->leads.n;
    }
}

static void write_header(struct feed_out *o) {
    if (!o->csv) {
        buf_add_cstr(&o->piece, "{\"results\":[");
        return;
    }
    for (size_t i = 0; i < o->table->count; i++) {
        if (i) buf_add_char(&o->piece, ',');
        csv_write_field(&o->piece, str_of(o->table->columns[i].name), false);
    }
    csv_write_end_row(&o->piece);
}

void feed_out_begin(struct feed_out *o, const struct feed_table *table, bool csv, bool gzip,
                    const char *dir) {
    feed_out_free(o);
    *o = (struct feed_out){.table = table, .csv = csv};
    if (gzip) o->zip = zip_new();
    o->digest = sha256_begin();
    spill_begin(&o->spill, dir);
    if (table->count > FEED_COLUMNS_MOST) o->wrong = "too many columns";
    make_leads(o);
    write_header(o);
}

void feed_out_free(struct feed_out *o) {
    uint8_t unused[SHA256_BYTES];
    if (o->zip) deflateEnd(&o->zip->z);
    free(o->zip);
    o->zip = NULL;
    if (o->digest) sha256_end(o->digest, unused);
    o->digest = NULL;
    buf_free(&o->piece);
    buf_free(&o->leads);
    arena_free(&o->row);
    spill_free(&o->spill);
}

static void write_footer(struct feed_out *o) {
    if (o->csv) return;
    buf_printf(&o->piece, "],\"metadata\":{\"total\":%llu,\"limit\":null,\"cursor\":null}}",
               (unsigned long long)o->rows);
}

static void name_reply(struct feed_out *o, struct reply *p) {
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256_end(o->digest, digest);
    o->digest = NULL;
    snprintf(p->etag, sizeof p->etag, "\"%.32s%s\"", hex_format(digest, sizeof digest, hex),
             o->zip ? "-gzip" : "");
}

enum err feed_out_end(struct feed_out *o, struct fault *fault, struct reply *p) {
    if (o->wrong)
        return fail(fault, ERR_INTERNAL, "The feed %s writes %s where it has another column", o->table->name,
                    o->wrong);
    write_footer(o);
    hand_on(o, true);
    name_reply(o, p);
    if (spill_take_file(&o->spill, &p->file, &p->file_bytes)) {
        p->has_file = true;
        return OK;
    }
    if (o->spill.failed)
        return fail(fault, ERR_UNAVAILABLE, "The feed cannot be written to %s", o->spill.dir);
    buf_free(&p->body);
    p->body = o->spill.head;
    o->spill.head = BUF_EMPTY;
    return OK;
}

/* ---- values ---- */

/* A writer names the columns of each row by the same literals, so a name is compared once for all rows. */
static bool is_next(struct feed_out *o, const char *column) {
    const struct feed_table *t = o->table;
    if (o->column < t->count && o->given[o->column] == column) return true;
    if (o->column < t->count && strcmp(t->columns[o->column].name, column) == 0) {
        o->given[o->column] = column;
        return true;
    }
    if (!o->wrong) o->wrong = column;
    return false;
}

/* Between rows of JSON. */
static bool is_comma_due(const struct feed_out *o) {
    return o->column == 0 && !o->csv && o->rows;
}

/* True where a value is to follow; null is written here. */
static bool begin_value(struct feed_out *o, const char *column, bool given) {
    if (!is_next(o, column)) return false;
    if (is_comma_due(o)) buf_add_char(&o->piece, ',');
    size_t from = o->column ? o->lead_ends[o->column - 1] : 0;
    buf_add(&o->piece, o->leads.p + from, o->lead_ends[o->column] - from);
    o->column++;
    if (!given && !o->csv) buf_add(&o->piece, "null", 4);
    return given;
}

void feed_text(struct feed_out *o, const char *column, str value) {
    if (!begin_value(o, column, value.p != NULL)) return;
    if (o->csv) csv_write_field(&o->piece, value, true);
    else json_quote(&o->piece, value);
}

void feed_cstr(struct feed_out *o, const char *column, const char *value) {
    feed_text(o, column, str_of(value));
}

void feed_int_if(struct feed_out *o, const char *column, bool given, int64_t value) {
    if (begin_value(o, column, given)) buf_add_int(&o->piece, value);
}

void feed_int(struct feed_out *o, const char *column, int64_t value) {
    feed_int_if(o, column, true, value);
}

void feed_flag_if(struct feed_out *o, const char *column, bool given, bool value) {
    if (begin_value(o, column, given)) buf_add_str(&o->piece, value ? STR("true") : STR("false"));
}

void feed_flag(struct feed_out *o, const char *column, bool value) {
    feed_flag_if(o, column, true, value);
}

void feed_decimal_if(struct feed_out *o, const char *column, bool given, struct decimal value) {
    if (begin_value(o, column, given)) buf_add_decimal(&o->piece, value);
}

void feed_fraction_if(struct feed_out *o, const char *column, bool given, struct fraction value) {
    if (begin_value(o, column, given)) buf_add_fraction(&o->piece, value);
}

void feed_day(struct feed_out *o, const char *column, int32_t day) {
    char text[DAY_TEXT];
    feed_text(o, column, day == DAY_NONE ? STR_NONE : str_of(day_format(day, text)));
}

void feed_instant(struct feed_out *o, const char *column, int64_t at) {
    char text[INSTANT_TEXT];
    feed_text(o, column, at == INSTANT_NONE ? STR_NONE : str_of(instant_format(at, text)));
}

void feed_period(struct feed_out *o, int16_t period) {
    char text[PERIOD_TEXT];
    feed_cstr(o, "financialYear", year_format(period_year(period), text));
    feed_int(o, "quarter", period_quarter(period));
    feed_cstr(o, "period", period_format(period, text));
    feed_day(o, "periodStart", period_first_day(period));
    feed_day(o, "periodEnd", period_last_day(period));
    feed_int(o, "periodSort", period_year(period) * 10 + period_quarter(period));
}

void feed_end_row(struct feed_out *o) {
    if (o->column != o->table->count && !o->wrong) o->wrong = "the end of a row";
    o->rows++;
    if (o->csv) csv_write_end_row(&o->piece);
    else if (o->column) buf_add_char(&o->piece, '}');
    o->column = 0;
    if (o->piece.n >= PIECE) hand_on(o, false);
}

/* ---- columns that say the same in many rows ---- */

bool feed_run_again(struct feed_out *o, const struct feed_run *run) {
    if (run->from == run->to) return false;
    if (o->column != run->from && !o->wrong) o->wrong = "the same columns again";
    if (is_comma_due(o)) buf_add_char(&o->piece, ',');
    buf_add_str(&o->piece, buf_str(&run->bytes));
    o->column = run->to;
    return true;
}

void feed_run_begin(struct feed_out *o, struct feed_run *run) {
    run->at = o->piece.n + is_comma_due(o);
    run->from = run->to = o->column;
}

void feed_run_end(struct feed_out *o, struct feed_run *run) {
    buf_clear(&run->bytes);
    if (o->piece.n > run->at) buf_add(&run->bytes, o->piece.p + run->at, o->piece.n - run->at);
    run->to = o->column;
}

void feed_run_forget(struct feed_run *run) {
    run->from = run->to = 0;
}

void feed_run_free(struct feed_run *run) {
    buf_free(&run->bytes);
    feed_run_forget(run);
}
