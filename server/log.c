/* log: builds one JSON object and writes it with one write(2), so that lines of several threads never mix. Lines that may wait leave together, as many
 * as a pipe takes at once without mixing them with those of others.
 * Must not allocate per field, must not fail loudly: a full log disk is not a reason to refuse a return.
 * Surprise: names that end in "Id" are always text, even when the caller's correlation id is "42". */
#include "server/log.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/eight.h"
#include "base/json.h"

static _Atomic int least_level = LOG_INFO;
static pthread_mutex_t one_line_at_a_time = PTHREAD_MUTEX_INITIALIZER;

void log_set_level(enum log_level least) {
    atomic_store(&least_level, (int)least);
}

static const char *level_name(enum log_level level) {
    static const char *const NAMES[] = {"error", "warn", "info", "debug"};
    return NAMES[level <= LOG_DEBUG ? level : LOG_ERROR];
}

/* As JSON writes numbers, and short enough to be exact in any reader. */
static bool is_plain_number(str s) {
    size_t i = s.n && s.p[0] == '-' ? 1 : 0;
    size_t whole = i;
    while (i < s.n && ascii_is_digit(s.p[i]))
        i++;
    if (i == whole || (i > whole + 1 && s.p[whole] == '0') || s.n > 15) return false;
    if (i == s.n) return true;
    if (s.p[i++] != '.' || i == s.n) return false;
    while (i < s.n && ascii_is_digit(s.p[i]))
        i++;
    return i == s.n;
}

/* Marks that could make a terminal or a viewer show a line as another: C1 controls, line separators, bidi controls. */
static bool is_deceptive(const unsigned char *p, size_t left, unsigned *out_point) {
    if (left >= 2 && p[0] == 0xc2 && p[1] < 0xa0) *out_point = p[1];
    else if (left >= 2 && p[0] == 0xd8 && p[1] == 0x9c) *out_point = 0x061c;
    else if (left >= 3 && p[0] == 0xe2 && p[1] == 0x80 &&
             ((p[2] >= 0x8e && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae)))
        *out_point = 0x2000u + (p[2] & 0x3fu);
    else if (left >= 3 && p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
        *out_point = 0x2040u + (p[2] & 0x3fu);
    else return false;
    return true;
}

static bool is_plain_char(char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static bool are_plain(const char *eight) {
    uint64_t word = eight_at(eight);
    return !(eight_above(word) | eight_less(word, 0x20) | eight_have(word, 0x7f) | eight_have(word, '"') |
             eight_have(word, '\\'));
}

static bool is_plain_text(str s) {
    size_t i = 0;
    while (s.n - i >= 8 && are_plain(s.p + i))
        i += 8;
    for (; i < s.n; i++)
        if (!is_plain_char(s.p[i])) return false;
    return true;
}

static void add_text(struct buf *line, str s) {
    if (is_plain_text(s)) {
        buf_add_char(line, '"');
        buf_add_str(line, s);
        buf_add_char(line, '"');
        return;
    }
    size_t from = line->n;
    json_quote(line, s);
    unsigned point;
    for (size_t i = from; i < line->n;) {
        const unsigned char *p = (const unsigned char *)line->p + i;
        if (p[0] < 0x80 || !is_deceptive(p, line->n - i, &point)) {
            i++;
            continue;
        }
        size_t width = p[0] < 0xe0 ? 2 : 3, tail = line->n - i - width;
        buf_reserve(line, 6);
        memmove(line->p + i + 6, line->p + i + width, tail);
        static const char HEX[] = "0123456789abcdef";
        const char escape[6] = {
            '\\', 'u', HEX[point >> 12 & 15], HEX[point >> 8 & 15], HEX[point >> 4 & 15], HEX[point & 15]};
        memcpy(line->p + i, escape, 6);
        line->n += 6 - width;
        i += 6;
    }
}

static void add_pair(struct buf *line, const char *name, const char *value) {
    str n = str_of(name), v = str_of(value);
    buf_add(line, ",\"", 2);
    buf_add_str(line, n); /* ours, and needs no escape */
    buf_add(line, "\":", 2);
    if (!value) buf_add_cstr(line, "null");
    else if (is_plain_number(v) && !str_ends_with(n, STR("Id"))) buf_add_str(line, v);
    else add_text(line, v);
}

/* ---- out ---- */

/* Under the lock. */
static char waiting[PIPE_BUF];
static size_t waiting_n;

static void write_all(const char *p, size_t n) {
    while (n) {
        ssize_t written = write(STDERR_FILENO, p, n);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        p += written;
        n -= (size_t)written;
    }
}

static void write_waiting(void) {
    write_all(waiting, waiting_n);
    waiting_n = 0;
}

static void write_line(str line, bool may_wait) {
    pthread_mutex_lock(&one_line_at_a_time);
    bool fits = line.n <= sizeof waiting - waiting_n;
    if (waiting_n && !fits) write_waiting();
    if ((may_wait || waiting_n) && line.n <= sizeof waiting) {
        memcpy(waiting + waiting_n, line.p, line.n);
        waiting_n += line.n;
        if (!may_wait) write_waiting();
    } else {
        write_all(line.p, line.n);
    }
    pthread_mutex_unlock(&one_line_at_a_time);
}

void log_flush(void) {
    pthread_mutex_lock(&one_line_at_a_time);
    if (waiting_n) write_waiting();
    pthread_mutex_unlock(&one_line_at_a_time);
}

/* ---- a line ---- */

/* As instant_format() writes it; within a second only the last six digits change. */
static void add_instant(struct buf *line, int64_t t) {
    enum { MICROS = 6, SECOND = 1000000 };
    static _Thread_local char text[INSTANT_TEXT];
    static _Thread_local int64_t second = -1;
    if (t / SECOND != second) {
        instant_format(t, text);
        second = t / SECOND;
    }
    size_t end = strlen(text) - 1; /* of the digits; a Z follows */
    uint32_t micros = (uint32_t)(t % SECOND);
    for (size_t i = 1; i <= MICROS; i++, micros /= 10)
        text[end - i] = (char)('0' + micros % 10);
    buf_add_cstr(line, text);
}

static void log_pairs(enum log_level level, const char *event, const char *first_name, va_list args,
                      bool may_wait) {
    if ((int)level > atomic_load_explicit(&least_level, memory_order_relaxed)) return;
    struct buf line = BUF_EMPTY;
    buf_reserve(&line, 512);
    buf_add_cstr(&line, "{\"at\":\"");
    add_instant(&line, instant_now());
    buf_add_cstr(&line, "\",\"level\":\"");
    buf_add_cstr(&line, level_name(level));
    buf_add_cstr(&line, "\",\"event\":");
    add_text(&line, str_of(event));
    for (const char *name = first_name; name; name = va_arg(args, const char *))
        add_pair(&line, name, va_arg(args, const char *));
    buf_add(&line, "}\n", 2);
    write_line(buf_str(&line), may_wait);
    buf_free(&line);
}

void log_event(enum log_level level, const char *event, const char *first_name, ...) {
    va_list args;
    va_start(args, first_name);
    log_pairs(level, event, first_name, args, false);
    va_end(args);
}

void log_event_soon(enum log_level level, const char *event, const char *first_name, ...) {
    va_list args;
    va_start(args, first_name);
    log_pairs(level, event, first_name, args, true);
    va_end(args);
}
