#include "returns/csv.h"

#include <stdlib.h>

#include "returns/encoding.h"

/* Fields longer than this are not unescaped: no column takes them, and the copy would grow with the body. */
enum { UNESCAPE_MOST = 64 * 1024 };

static bool is_space(char c) {
    return c == ' ' || c == '\t';
}

/* Guards nest, so that text which itself begins with an apostrophe and one of the four comes back as it was. */
str csv_value_slow(str field) {
    str s = str_trim(field);
    size_t guards = 0;
    while (guards < s.n && s.p[guards] == '\'')
        guards++;
    bool guarded = guards > 0 && guards < s.n && memchr("=+-@", s.p[guards], 4);
    return guarded ? str_sub(s, 1, s.n) : s;
}

/* ---- the separator ---- */

/* The most frequent of the three outside quotes in the first line that has text. */
static char find_separator(str body) {
    static const char CANDIDATES[] = {',', ';', '\t'};
    size_t seen[3] = {0};
    bool quoted = false, text = false;
    for (size_t i = 0; i < body.n; i++) {
        char c = body.p[i];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if ((c == '\n' || c == '\r') && text) break;
        if (c != '\n' && c != '\r' && !is_space(c)) text = true;
        for (int k = 0; k < 3; k++)
            seen[k] += c == CANDIDATES[k];
    }
    int best = 0;
    for (int k = 1; k < 3; k++)
        if (seen[k] > seen[best]) best = k;
    return CANDIDATES[best];
}

/* Excel's own first line, "sep=;": it says the separator and is no row. Returns what follows it, or the text. */
static const char *after_sep_line(str text, char *separator) {
    size_t quoted = text.n && text.p[0] == '"', length = 5 + 2 * quoted;
    if (text.n < length || !str_eq_nocase(str_sub(text, quoted, quoted + 4), STR("sep="))) return text.p;
    char named = text.p[quoted + 4];
    if (!memchr(",;\t", named, 3) || (quoted && text.p[length - 1] != '"')) return text.p;
    const char *p = text.p + length, *end = text.p + text.n;
    while (p < end && (is_space(*p) || *p == named))
        p++;
    if (p < end && *p != '\r' && *p != '\n') return text.p;
    if (end - p >= 2 && p[0] == '\r' && p[1] == '\n') p++;
    *separator = named;
    return p < end ? p + 1 : end;
}

/* ---- specials ---- */

/* Near the end of the body a block is read from a padded copy: nothing beyond the end is ever touched. */
static inline struct csv_specials scan(const struct csv *c, const char *p) {
    if (c->end - p >= CSV_BLOCK) return csv_scan_block(p, c->separator);
    char tail[CSV_BLOCK] = {0};
    memcpy(tail, p, (size_t)(c->end - p));
    return csv_scan_block(tail, c->separator);
}

static void seek(struct csv *c, const char *p) {
    c->block = p;
    c->specials = p < c->end ? scan(c, p) : (struct csv_specials){0, 0};
}

/* The next special byte, or the end. It stays the next one until skip_special(). */
static inline const char *next_special(struct csv *c) {
    while (!c->specials.all) {
        if (c->end - c->block <= CSV_BLOCK) {
            c->block = c->end;
            return c->end;
        }
        c->block += CSV_BLOCK;
        c->specials = scan(c, c->block);
    }
    return c->block + __builtin_ctzll(c->specials.all);
}

static inline void skip_special(struct csv *c) {
    c->specials.all &= c->specials.all - 1;
    c->specials.ends &= c->specials.all;
}

/* ---- fields ---- */

static bool is_blank(str field) {
    return str_trim(field).n == 0;
}

static inline void add_field(struct csv *c, const char *from, const char *to) {
    str field = {from, (size_t)(to - from)};
    if (c->count < c->most) c->fields[c->count] = field;
    else if (!c->extra_text && !is_blank(field)) c->extra_text = true;
    c->count++;
}

static void mark_doubled(struct csv *c) {
    if (c->count > c->most) return;
    if (c->doubled_count == c->doubled_room) {
        c->doubled_room = c->doubled_room ? 2 * c->doubled_room : 16;
        c->doubled = must_realloc(c->doubled, c->doubled_room * sizeof *c->doubled);
    }
    c->doubled[c->doubled_count++] = (uint32_t)(c->count - 1);
}

/* Unescaped at the end of the row, when the room for all is known and no pointer can go stale. */
static void unescape_doubled(struct csv *c) {
    size_t room = 0;
    for (size_t i = 0; i < c->doubled_count; i++)
        room += c->fields[c->doubled[i]].n;
    if (!c->holds) arena_free(&c->scratch);
    char *out = arena_alloc(&c->scratch, room + 1);
    for (size_t i = 0; i < c->doubled_count; i++) {
        str *field = &c->fields[c->doubled[i]];
        size_t n = 0;
        for (size_t k = 0; k < field->n; k++) {
            out[n++] = field->p[k];
            if (field->p[k] == '"') k++;
        }
        *field = (str){out, n};
        out += n;
    }
    c->doubled_count = 0;
}

static enum csv_step fail_at(struct csv *c, const char *where, struct fault *fault, const char *what) {
    fail(fault, ERR_MALFORMED, "Line %u: %s", (unsigned)line_of(c->body, (size_t)(where - c->body.p)), what);
    return CSV_FAULT;
}

/* From an opening quote to the special byte after the field, or to the end. NULL: fault. */
static const char *quoted_field(struct csv *c, const char *open, struct fault *fault) {
    const char *from = open + 1, *close = from;
    bool doubled = false;
    for (;;) {
        close = memchr(close, '"', (size_t)(c->end - close));
        if (!close) {
            fail_at(
                c, open, fault,
                "a quote opens here and is never closed. Close it, or double it (\"\") where it belongs to the text.");
            return NULL;
        }
        if (close + 1 == c->end || close[1] != '"') break;
        doubled = true;
        close += 2;
    }
    c->line += count_line_ends((str){from, (size_t)(close - from)});
    add_field(c, from, close);
    if (doubled && close - from <= UNESCAPE_MOST) mark_doubled(c);
    const char *p = close + 1;
    while (p < c->end && is_space(*p) && *p != c->separator)
        p++;
    if (p < c->end && *p != c->separator && *p != '\n' && *p != '\r') {
        fail_at(
            c, p, fault,
            "text follows a closing quote. A quoted value ends before the separator; double the quotes (\"\") within it.");
        return NULL;
    }
    return p;
}

static bool only_spaces(const char *from, const char *to) {
    while (from < to && is_space(*from))
        from++;
    return from == to;
}

/* Past a line end. */
static void end_line(struct csv *c, const char *p) {
    bool crlf = p + 1 < c->end && p[0] == '\r' && p[1] == '\n';
    c->line++;
    c->at = p + (crlf ? 2 : 1);
    skip_special(c);
    if (!crlf) return;
    if (c->specials.all) skip_special(c);
    else seek(c, c->at); /* the LF begins the next block */
}

/* The fields up to the next quote, line end or the end of the body: the loop in which the time goes, hence in
 * registers. Returns that byte; *from is where its field begins. */
static const char *plain_fields(struct csv *c, const char **from) {
    struct csv_specials s = c->specials;
    const char *block = c->block, *begin = *from;
    str *field = c->fields + c->count, *most = c->fields + (c->count < c->most ? c->most : c->count);
    for (;;) {
        uint64_t end = s.ends & -s.ends,
                 separators = s.all & (end - 1); /* all of them where there is no end */
        for (; separators && field != most; separators &= separators - 1) {
            const char *at = block + (unsigned)__builtin_ctzll(separators);
            *field++ = (str){begin, (size_t)(at - begin)};
            begin = at + 1;
        }
        s.all = separators | (s.all & -end);
        if (s.all || c->end - block <= CSV_BLOCK) break;
        block += CSV_BLOCK;
        s = scan(c, block);
    }
    c->block = s.all ? block : c->end;
    c->specials = s;
    c->count = (size_t)(field - c->fields);
    *from = begin;
    return s.all ? block + __builtin_ctzll(s.all) : c->end;
}

/* Reads the fields of one line (or more, where quotes hold line breaks). */
static enum csv_step read_row(struct csv *c, struct fault *fault) {
    const char *from = c->at; /* of the field */
    for (;;) {
        const char *p = plain_fields(c, &from), *text = from;
        while (p < c->end && *p == '"' &&
               !only_spaces(text, p)) { /* a quote within a field that did not begin with one is text */
            skip_special(c);
            text = p;
            p = next_special(c);
        }
        if (p < c->end && *p == '"') {
            p = quoted_field(c, p, fault);
            if (!p) return CSV_FAULT;
            seek(c, p);
        } else {
            add_field(c, from, p);
        }
        if (p == c->end) {
            c->at = c->end;
            return CSV_ROW;
        }
        if (*p != c->separator) {
            end_line(c, p);
            return CSV_ROW;
        }
        skip_special(c);
        from = p + 1;
    }
}

static bool row_is_blank(const struct csv *c) {
    if (c->extra_text) return false;
    size_t kept = c->count < c->most ? c->count : c->most;
    for (size_t i = 0; i < kept; i++)
        if (!is_blank(c->fields[i])) return false;
    return true;
}

/* Before fields are unescaped, which moves them out of the body. */
static void meet_watched(struct csv *c) {
    size_t kept = c->count < c->most ? c->count : c->most;
    c->watch_met = true;
    c->watch_line = c->row_line;
    c->watch_field = CSV_FIELDS_MOST;
    for (size_t i = 0; i < kept; i++)
        if (c->fields[i].p <= c->watch && c->watch < c->fields[i].p + c->fields[i].n) c->watch_field = i;
    c->watch = NULL;
}

/* Whether a field may be blank, by its first byte: what shows nothing is a space, a control or beyond ASCII. */
static bool may_be_blank(str field) {
    unsigned char c = field.n ? (unsigned char)field.p[0] : 0;
    return c <= ' ' || c >= 0x80;
}

enum csv_step csv_next(struct csv *c, struct fault *fault) {
    while (c->at < c->end) {
        c->row_line = c->line;
        c->row_at = c->at;
        c->count = 0;
        c->extra_text = false;
        if (read_row(c, fault) == CSV_FAULT) return CSV_FAULT;
        body_window_move(c->window, c->fields[0].p);
        if (c->watch && c->at > c->watch) meet_watched(c);
        bool blank = may_be_blank(c->fields[0]) && row_is_blank(c);
        if (c->doubled_count) unescape_doubled(c);
        if (!blank) return CSV_ROW;
    }
    return CSV_END;
}

enum csv_step csv_next_into(struct csv *c, str *fields, struct fault *fault) {
    str *own = c->fields;
    c->fields = fields;
    enum csv_step step = csv_next(c, fault);
    c->fields = own;
    return step;
}

void csv_begin(struct csv *c, str body, struct body_window *window) {
    *c = (struct csv){
        .body = body,
        .at = body.p,
        .end = body.p + body.n,
        .separator = find_separator(body),
        .line = 1,
        .window = window,
        .fields = must_alloc(CSV_FIELDS_MOST * sizeof(str)),
        .most = CSV_FIELDS_MOST,
        .scratch = ARENA_EMPTY,
    };
    c->at = after_sep_line(body, &c->separator);
    if (c->at > body.p) c->line = 2;
    seek(c, c->at);
}

void csv_begin_at(struct csv *c, const char *at, uint32_t line, char separator) {
    c->separator = separator ? separator : find_separator((str){at, (size_t)(c->end - at)});
    c->at = at;
    c->line = line;
    seek(c, at);
}

void csv_end(struct csv *c) {
    free(c->fields);
    free(c->doubled);
    arena_free(&c->scratch);
}
