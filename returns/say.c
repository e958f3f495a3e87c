/* The words of findings, and where they are put. See judging.h. */
#include <stdarg.h>
#include <stdio.h>

#include "returns/findings.h"
#include "returns/judging.h"
#include "returns/personal.h"

enum { SHOWN_MOST = 60, ORDER_OF_COLUMNS = 1 };

static struct finding *add(struct judging *j, struct finding what) {
    return findings_add(&j->out->findings, &what);
}

struct finding finding_of_column(const struct judging *j, size_t column, enum finding_code code) {
    return (struct finding){
        .row = j->row.number,
        .line = j->row.line,
        .column = j->part->columns[column].name,
        .order = (uint16_t)(column + ORDER_OF_COLUMNS),
        .code = code,
        .severity = finding_code_severity(code),
    };
}

struct finding *find_in_row(struct judging *j, size_t column, enum finding_code code) {
    struct finding what = finding_of_column(j, column, code);
    return j->last_found = findings_add(&j->out->findings, &what);
}

struct finding *find_warning(struct judging *j, size_t column, enum finding_code code) {
    struct finding what = finding_of_column(j, column, code);
    what.severity = SEVERITY_WARNING;
    return j->last_found = findings_add(&j->out->findings, &what);
}

struct finding *find_of_row(struct judging *j, enum finding_code code) {
    return add(j, (struct finding){.row = j->row.number,
                                   .line = j->row.line,
                                   .code = code,
                                   .severity = finding_code_severity(code)});
}

struct finding *find_in_header(struct judging *j, uint32_t line, const char *column, uint16_t order,
                               enum finding_code code) {
    return add(j, (struct finding){.line = line,
                                   .column = column,
                                   .order = order,
                                   .code = code,
                                   .severity = finding_code_severity(code)});
}

str say(struct judging *j, const char *format, ...) {
    struct arena *arena = &j->out->findings.arena;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) return STR("");
    char *p = arena_alloc(arena, (size_t)n + 1);
    va_start(args, format);
    vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    return (str){p, (size_t)n};
}

/* How many bytes the character at p takes; the text is well-formed UTF-8. */
static size_t character_bytes(unsigned char first) {
    return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Four bytes at most: \n, \r, \t or \x1b. */
static size_t escape_control(unsigned char c, char *out) {
    static const char HEX[] = "0123456789abcdef";
    const char *at = memchr("\nn\rr\tt", c, 6);
    out[0] = '\\';
    if (at) {
        out[1] = at[1];
        return 2;
    }
    out[1] = 'x';
    out[2] = HEX[c >> 4];
    out[3] = HEX[c & 15];
    return 4;
}

str shown_text(struct judging *j, str text) {
    char out[SHOWN_MOST * 4 + 8];
    size_t n = 0, characters = 0;
    if (nhs_number_is_within(text)) return STR("The value");
    out[n++] = '"';
    for (size_t i = 0; i < text.n; characters++) {
        unsigned char c = (unsigned char)text.p[i];
        if (characters == SHOWN_MOST) {
            memcpy(out + n, "\xe2\x80\xa6", 3); /* an ellipsis */
            n += 3;
            break;
        }
        if (c < 0x20 || c == 0x7f) {
            n += escape_control(c, out + n);
            i++;
            continue;
        }
        size_t bytes = character_bytes(c);
        memcpy(out + n, text.p + i, bytes);
        n += bytes;
        i += bytes;
    }
    out[n++] = '"';
    return arena_str(&j->out->findings.arena, (str){out, n});
}

/* A telephone number or an e-mail address in the wrong column. A day with its time has as many digits, and whoever sent one must see it. */
static bool tells_who(const struct column *c, str text) {
    bool is_day = c->kind == COL_DATE || c->kind == COL_MONTH;
    return !is_day && personal_find(text) != NULL;
}

str shown(struct judging *j, size_t column, str text) {
    const struct column *c = &j->part->columns[column];
    if ((c->flags & COLUMN_PRIVATE) || tells_who(c, text)) return STR("The value");
    return shown_text(j, text);
}
