/* See progress.h. Nothing is shown in the first moment, and at most ten times a second. */
#include "client/progress.h"

#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "client/text.h"

enum { FIRST_MS = 250, EVERY_MS = 100, BAR = 24, WIDTH_DEFAULT = 80 };

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t terminal_width(void) {
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) return WIDTH_DEFAULT;
    return size.ws_col;
}

void progress_begin(struct progress *p, const char *what, bool wanted) {
    *p = (struct progress){.what = what, .is_on = wanted && isatty(STDERR_FILENO), .began = now_ms()};
}

static void add_rest(struct buf *out, uint64_t done, uint64_t total, int64_t ms) {
    if (done >= total) {
        buf_add_cstr(out, "  sent, being judged");
        return;
    }
    if (ms < 1000 || done == 0) return;
    uint64_t left = (uint64_t)((double)(total - done) / ((double)done / (double)ms) / 1000) + 1;
    buf_printf(out, "  %u:%02u left", (unsigned)(left / 60), (unsigned)(left % 60));
}

void progress_line(struct buf *out, const char *what, uint64_t done, uint64_t total, int64_t ms,
                   size_t width) {
    struct buf tail = BUF_EMPTY;
    unsigned percent = total ? (unsigned)(done * 100 / total) : 100;
    unsigned filled = percent * BAR / 100;
    buf_add_cstr(&tail, "  [");
    for (unsigned i = 0; i < BAR; i++)
        buf_add_char(&tail, i < filled ? '#' : '.');
    buf_printf(&tail, "] %3u %%  %.1f of %.1f MB", percent, (double)done / 1e6, (double)total / 1e6);
    add_rest(&tail, done, total, ms);
    struct buf name = BUF_EMPTY;
    text_add_plain(&name, str_of(what));
    size_t room = width > text_width(buf_str(&tail)) + 1 ? width - text_width(buf_str(&tail)) - 1 : 0;
    while (text_width(buf_str(&name)) > room && name.n) /* whole characters from its end */
        do
            name.n--;
        while (name.n && ((unsigned char)name.p[name.n] & 0xc0) == 0x80);
    buf_add_str(out, buf_str(&name));
    buf_add_str(out, buf_str(&tail));
    buf_free(&name);
    buf_free(&tail);
}

void progress_move(struct progress *p, uint64_t done, uint64_t total) {
    int64_t now = now_ms();
    if (!p->is_on || now - p->began < FIRST_MS || now - p->last < EVERY_MS) return;
    struct buf line = BUF_EMPTY;
    buf_add_char(&line, '\r');
    progress_line(&line, p->what, done, total, now - p->began, terminal_width());
    buf_add_cstr(&line, "\033[K");
    fwrite(line.p, 1, line.n, stderr);
    fflush(stderr);
    buf_free(&line);
    p->last = now;
    p->is_shown = true;
}

void progress_end(struct progress *p) {
    if (p->is_shown) fputs("\r\033[K", stderr);
    p->is_shown = false;
}
