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

static void write_header(struct feed_out *o) {
    if (!o->csv) {
        o->json = json_to(&o->piece);
        json_object_begin(&o->json);
        json_key(&o->json, "results");
        json_array_begin(&o->json);
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
    arena_free(&o->row);
    spill_free(&o->spill);
}

static void write_footer(struct feed_out *o) {
    if (o->csv) return;
    json_end(&o->json);
    json_key(&o->json, "metadata");
    json_object_begin(&o->json);
    json_field_int(&o->json, "total", (int64_t)o->rows);
    json_field_null(&o->json, "limit");
    json_field_null(&o->json, "cursor");
    json_end(&o->json);
    json_end(&o->json);
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

static bool is_next(struct feed_out *o, const char *column) {
    const struct feed_table *t = o->table;
    if (o->column < t->count && strcmp(t->columns[o->column].name, column) == 0) return true;
    if (!o->wrong) o->wrong = column;
    return false;
}

/* text: something that people wrote, or a word; else a finished number or flag. */
static void put(struct feed_out *o, const char *column, str value, bool text) {
    if (!is_next(o, column)) return;
    if (!o->csv) {
        if (o->column == 0) json_object_begin(&o->json);
        json_key(&o->json, column);
        if (value.p && !text) json_raw(&o->json, value);
        else json_str(&o->json, value);
    } else {
        if (o->column) buf_add_char(&o->piece, ',');
        if (value.p) csv_write_field(&o->piece, value, text);
    }
    o->column++;
}

void feed_text(struct feed_out *o, const char *column, str value) {
    put(o, column, value, true);
}

void feed_cstr(struct feed_out *o, const char *column, const char *value) {
    put(o, column, str_of(value), true);
}

void feed_int_if(struct feed_out *o, const char *column, bool given, int64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    put(o, column, given ? str_of(text) : STR_NONE, false);
}

void feed_int(struct feed_out *o, const char *column, int64_t value) {
    feed_int_if(o, column, true, value);
}

void feed_flag_if(struct feed_out *o, const char *column, bool given, bool value) {
    str word = value ? STR("true") : STR("false");
    put(o, column, given ? word : STR_NONE, false);
}

void feed_flag(struct feed_out *o, const char *column, bool value) {
    feed_flag_if(o, column, true, value);
}

void feed_decimal_if(struct feed_out *o, const char *column, bool given, struct decimal value) {
    struct buf text = BUF_EMPTY;
    if (given) buf_add_decimal(&text, value);
    put(o, column, given ? buf_str(&text) : STR_NONE, false);
    buf_free(&text);
}

void feed_fraction_if(struct feed_out *o, const char *column, bool given, struct fraction value) {
    struct buf text = BUF_EMPTY;
    if (given) buf_add_fraction(&text, value);
    put(o, column, given ? buf_str(&text) : STR_NONE, false);
    buf_free(&text);
}

void feed_day(struct feed_out *o, const char *column, int32_t day) {
    char text[DAY_TEXT];
    put(o, column, day == DAY_NONE ? STR_NONE : str_of(day_format(day, text)), true);
}

void feed_instant(struct feed_out *o, const char *column, int64_t at) {
    char text[INSTANT_TEXT];
    put(o, column, at == INSTANT_NONE ? STR_NONE : str_of(instant_format(at, text)), true);
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
    else if (o->column) json_end(&o->json);
    o->column = 0;
    if (o->piece.n >= PIECE) hand_on(o, false);
}
