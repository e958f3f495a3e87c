#include "handlers/html.h"

void html_text(struct buf *out, str text) {
    for (size_t i = 0; i < text.n; i++)
        switch (text.p[i]) {
        case '&': buf_add_cstr(out, "&amp;"); break;
        case '<': buf_add_cstr(out, "&lt;"); break;
        case '>': buf_add_cstr(out, "&gt;"); break;
        case '"': buf_add_cstr(out, "&quot;"); break;
        default: buf_add_char(out, text.p[i]);
        }
}

void html_paragraphs(struct buf *out, str text) {
    bool open = false;
    for (str rest = text, line = str_cut(&rest, '\n'); line.p; line = str_cut(&rest, '\n')) {
        line = str_trim(line);
        if (line.n) {
            buf_add_cstr(out, open ? "<br>" : "<p>");
            html_text(out, line);
        } else if (open) {
            buf_add_cstr(out, "</p>");
        }
        open = line.n > 0;
    }
    if (open) buf_add_cstr(out, "</p>");
}
