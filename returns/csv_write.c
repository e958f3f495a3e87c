#include "returns/csv_write.h"

/* Text that already looks guarded gets one more apostrophe: reading takes away exactly one. */
static bool needs_guard(str value) {
    size_t i = 0;
    while (i < value.n && value.p[i] == '\'')
        i++;
    return i < value.n && memchr("=+-@", value.p[i], 4);
}

static bool needs_quotes(str value) {
    static const bool IN_QUOTES[256] = {
        [','] = true, [';'] = true, ['\t'] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};
    if (value.n == 0) return false;
    for (size_t i = 0; i < value.n; i++)
        if (IN_QUOTES[(unsigned char)value.p[i]]) return true;
    return value.p[0] == ' ' || value.p[value.n - 1] == ' ';
}

void csv_write_field(struct buf *out, str value, bool text) {
    bool guard = text && needs_guard(value);
    if (!needs_quotes(value)) {
        if (guard) buf_add_char(out, '\'');
        buf_add_str(out, value);
        return;
    }
    buf_add_char(out, '"');
    if (guard) buf_add_char(out, '\'');
    for (str rest = value; rest.n;) {
        size_t plain = str_find(rest, '"');
        buf_add(out, rest.p, plain);
        if (plain < rest.n) buf_add_cstr(out, "\"\"");
        rest = plain < rest.n ? str_sub(rest, plain + 1, rest.n) : STR_NONE;
    }
    buf_add_char(out, '"');
}

void csv_write_end_row(struct buf *out) {
    buf_add_cstr(out, "\r\n");
}
