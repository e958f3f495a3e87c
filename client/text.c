/* See text.h. */
#include "client/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static size_t character_bytes(str s, size_t at) {
    unsigned char c = (unsigned char)s.p[at];
    size_t n = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 0;
    if (n == 0 || at + n > s.n || !str_is_utf8(str_sub(s, at, at + n), NULL)) return 0;
    return n;
}

static bool is_control(str s, size_t at, size_t n) {
    unsigned char c = (unsigned char)s.p[at];
    if (n == 1) return c < 0x20 || c == 0x7f;
    return n == 2 && c == 0xc2 && (unsigned char)s.p[at + 1] < 0xa0;
}

void text_add_plain(struct buf *out, str s) {
    for (size_t at = 0; at < s.n;) {
        size_t n = character_bytes(s, at);
        if (n == 0 || is_control(s, at, n)) buf_add_char(out, '?');
        else buf_add(out, s.p + at, n);
        at += n ? n : 1;
    }
}

void text_print_plain(FILE *to, str s) {
    struct buf b = BUF_EMPTY;
    text_add_plain(&b, s);
    fwrite(b.p, 1, b.n, to);
    buf_free(&b);
}

size_t text_width(str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

void text_say(const char *command, const char *format, ...) {
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "quarterday %s: ", command);
    text_print_plain(stderr, str_of(text));
    fputc('\n', stderr);
}

bool text_has_colour(void) {
    const char *term = getenv("TERM"), *off = getenv("NO_COLOR");
    if (off && *off) return false;
    return isatty(STDOUT_FILENO) && term && *term && !str_is(str_of(term), "dumb");
}

void text_add_rag(struct buf *out, str rag, size_t width, bool colour) {
    const char *code = !colour                ? NULL
                       : str_is(rag, "GREEN") ? "\033[32m"
                       : str_is(rag, "AMBER") ? "\033[33m"
                       : str_is(rag, "RED")   ? "\033[31m"
                       : str_is(rag, "BLUE")  ? "\033[34m"
                                              : "\033[2m";
    if (code) buf_add_cstr(out, code);
    text_add_plain(out, rag);
    if (code) buf_add_cstr(out, "\033[0m");
    for (size_t i = text_width(rag); i < width; i++)
        buf_add_char(out, ' ');
}

bool text_put(struct buf *b) {
    bool good = fwrite(b->p, 1, b->n, stdout) == b->n;
    buf_free(b);
    *b = BUF_EMPTY;
    return good;
}
