/* csv: reads RFC 4180 row by row, without copying: fields point into the body, but those with doubled quotes,
 * which are unescaped into scratch. The separator (comma, semicolon, tab) is found from the first line that
 * is not blank, or said by Excel's first line "sep=;". CRLF, LF and CR end rows; blank lines and rows of nothing but separators are skipped; quoted
 * line breaks belong to the field and count as lines. The body must be well-formed UTF-8 without NUL
 * (encoding_open). Fields are valid until the next csv_next(). */
#ifndef QD_RETURNS_CSV_H
#define QD_RETURNS_CSV_H

#include "base/arena.h"
#include "base/err.h"
#include "returns/body.h"
#include "returns/csv_scan.h"

enum { CSV_FIELDS_MOST = 1000 };

struct csv {
    str body;
    const char *at, *end;         /* unread */
    const char *block;            /* of 64 bytes */
    struct csv_specials specials; /* that are still to come in it */
    char separator;
    uint32_t line; /* of `at` */
    struct body_window *window;

    /* The row that csv_next() found. */
    uint32_t row_line; /* where it begins */
    const char *row_at;
    str *fields;     /* not trimmed */
    size_t count;    /* of all its fields, also those beyond `most` */
    bool extra_text; /* a field beyond `most` is not blank */
    /* The place in the body that csv_watch() named, once a row with it was read (blank rows too). */
    const char *watch;
    bool watch_met;
    uint32_t watch_line; /* of that row; and the field, CSV_FIELDS_MOST when it is not among those kept */
    size_t watch_field;
    size_t most; /* how many fields are kept: the header's number, once it is known */

    struct arena
        scratch; /* fields without their doubled quotes: of this row or, with `holds`, of all rows so far */
    bool holds;
    uint32_t *doubled; /* fields with doubled quotes, to be unescaped at the end of the row */
    size_t doubled_count, doubled_room;
};

enum csv_step { CSV_ROW, CSV_END, CSV_FAULT };

void csv_begin(struct csv *c, str body, struct body_window *window);
/* Makes out which row and field hold a byte of the body; NULL: none. */
static inline void csv_watch(struct csv *c, const char *at) {
    c->watch = at;
}
/* CSV_FAULT: fault says where (an open quote, text after a closing quote). */
enum csv_step csv_next(struct csv *c, struct fault *fault);
/* The same with the row's fields put elsewhere: room for c->most of them. */
enum csv_step csv_next_into(struct csv *c, str *fields, struct fault *fault);
/* Goes on with the lines from `at` (which begins line `line`) as if the body began there. Separator 0: it is found anew. */
void csv_begin_at(struct csv *c, const char *at, uint32_t line, char separator);
void csv_end(struct csv *c);

/* What a field means: trimmed, and without the apostrophe that guards text beginning with = + - @ in a
 * download. */
str csv_value_slow(str field);
/* It means itself. Not of an empty one. */
static inline bool csv_field_is_plain(str field) {
    unsigned char first = (unsigned char)field.p[0], last = (unsigned char)field.p[field.n - 1];
    return first > '\'' && first < 0x80 && last > ' ' && last < 0x80;
}
static inline str csv_value(str field) {
    return field.n == 0 || csv_field_is_plain(field) ? field : csv_value_slow(field);
}

#endif
