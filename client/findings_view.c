/* See findings_view.h. */
#include "client/findings_view.h"

#include "client/text.h"
#include "client/value.h"

static void view_one(struct buf *out, const struct file *f, const json_t *finding) {
    const char *column = json_string_value(value_at(finding, "column"));
    size_t field = places_field(&f->places, f->part, column);
    long long line = value_int(finding, "line");
    text_add_plain(out, str_of(str_is(str_of(f->path), "-") ? "<stdin>" : f->path));
    buf_printf(out, ":%lld:%zu: %s %s: ", line ? line : 1, field ? field : 1,
               str_is(str_of(value_text(finding, "severity")), "WARNING") ? "warning" : "error",
               value_text(finding, "code"));
    if (column) {
        text_add_plain(out, str_of(column));
        buf_add_cstr(out, ": ");
    }
    text_add_plain(out, str_of(value_text(finding, "detail")));
    if (*value_text(finding, "fix")) buf_add_char(out, ' ');
    text_add_plain(out, str_of(value_text(finding, "fix")));
    buf_add_char(out, '\n');
}

void findings_view(struct buf *out, const struct file *f, const json_t *findings) {
    size_t i;
    json_t *one;
    json_array_foreach(findings, i, one) view_one(out, f, one);
}
