/* See spill.h. The file is unnamed from the start where the file system can do that, else unlinked at once. */
#include "returns/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SPILL_ALIGNED = 4096 };

void spill_begin(struct spill *s, const char *dir) {
    *s = (struct spill){.head = BUF_EMPTY, .dir = dir ? dir : "/tmp"};
}

void spill_begin_to(struct spill *s, struct spill_sink sink) {
    *s = (struct spill){.head = BUF_EMPTY, .sink = sink};
}

static int open_unnamed(const char *dir) {
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0) return fd;
    char path[512];
    int n = snprintf(path, sizeof path, "%s/quarterday-spill-XXXXXX", dir);
    if (n < 0 || (size_t)n >= sizeof path) return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) unlink(path);
    return fd;
}

static bool write_all(int fd, const char *p, size_t n) {
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

/* The head without its first bytes; what it held before there was a file is given back. */
static void keep_rest(struct spill *s, size_t from) {
    struct buf old = s->head;
    size_t rest = old.n - from;
    bool is_large = old.room > 2 * SPILL_STEP;
    if (is_large) {
        s->head = BUF_EMPTY;
        buf_reserve(&s->head, rest);
    }
    if (rest) memmove(s->head.p, old.p + from, rest);
    s->head.n = rest;
    if (is_large) buf_free(&old);
}

/* Whole pages go faster; the rest waits for more, unless it is to be `all`. */
static void move_to_file(struct spill *s, bool all) {
    if (s->fd == 0) {
        int fd = open_unnamed(s->dir);
        if (fd == 0) { /* standard input was closed: 0 means "no file" here */
            fd = dup(0);
            close(0);
        }
        s->failed |= fd < 0;
        if (s->failed) return;
        s->fd = fd;
    }
    size_t whole = all ? s->head.n : s->head.n - s->head.n % SPILL_ALIGNED;
    if (!write_all(s->fd, s->head.p, whole)) {
        s->failed = true;
        return;
    }
    s->written += whole;
    keep_rest(s, whole);
}

static bool head_is_full(const struct spill *s) {
    return s->head.n >= (size_t)(s->fd || s->sink.take || s->is_large ? SPILL_STEP : SPILL_IN_MEMORY);
}

static void hand_on(struct spill *s) {
    if (!s->sink.take) return move_to_file(s, false);
    s->failed = s->sink.take(s->sink.context, s->head.p, s->head.n) != OK;
    buf_clear(&s->head);
}

void spill_add(struct spill *s, const void *bytes, size_t n) {
    if (s->failed) return;
    buf_add(&s->head, bytes, n);
    if (head_is_full(s)) hand_on(s);
}

void spill_expect(struct spill *s, uint64_t bytes) {
    s->is_large = bytes > SPILL_IN_MEMORY;
    if (!s->is_large && !s->sink.take) s->head = (struct buf){.p = must_alloc_large(bytes), .room = bytes};
}

void spill_reserve(struct spill *s, size_t n) {
    if (!s->failed && head_is_full(s)) hand_on(s);
    if (s->failed) buf_clear(&s->head);
    buf_reserve(&s->head, n > SPILL_STEP || !s->fd ? n : SPILL_STEP + n);
}

/* A record may begin in the file and end in the head. */
static void add_head(struct spill *s) {
    size_t room = 2 * SPILL_AT_MOST - s->again_n;
    if (s->again_at + s->again_n != s->written || !s->head.n) return;
    memcpy(s->again + s->again_n, s->head.p, s->head.n < room ? s->head.n : room);
    s->again_n += s->head.n < room ? s->head.n : room;
}

/* Reads a piece of the file around the offset: whoever asks for one record often asks for those behind it. */
static void read_again(struct spill *s, uint64_t offset) {
    if (!s->again) s->again = must_alloc(2 * SPILL_AT_MOST);
    s->again_at = offset - offset % SPILL_AT_MOST;
    s->again_n = 0;
    while (s->again_n < 2 * SPILL_AT_MOST) {
        ssize_t got = pread(s->fd, s->again + s->again_n, 2 * SPILL_AT_MOST - s->again_n,
                            (off_t)(s->again_at + s->again_n));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        s->again_n += (size_t)got;
    }
    add_head(s);
}

static bool has_again(const struct spill *s, uint64_t offset, size_t n) {
    return offset >= s->again_at && offset + n <= s->again_at + s->again_n;
}

const void *spill_at(struct spill *s, uint64_t offset, size_t n) {
    static const char NOTHING[SPILL_AT_MOST];
    if (s->failed) return NOTHING;
    if (offset >= s->written) return s->head.p + (offset - s->written);
    if (!has_again(s, offset, n)) read_again(s, offset);
    if (!has_again(s, offset, n)) {
        s->failed = true;
        return NOTHING;
    }
    return s->again + (offset - s->again_at);
}

size_t spill_copy(struct spill *s, uint64_t offset, void *out, size_t most) {
    if (s->failed || offset >= spill_size(s)) return 0;
    if (offset >= s->written) {
        size_t from = (size_t)(offset - s->written), n = s->head.n - from;
        n = n < most ? n : most;
        memcpy(out, s->head.p + from, n);
        return n;
    }
    size_t n = s->written - offset < most ? (size_t)(s->written - offset) : most;
    ssize_t got;
    do
        got = pread(s->fd, out, n, (off_t)offset);
    while (got < 0 && errno == EINTR);
    s->failed |= got <= 0;
    return got > 0 ? (size_t)got : 0;
}

enum err spill_read(struct spill *s, enum err (*sink)(void *context, const void *bytes, size_t n),
                    void *context) {
    if (s->failed) return ERR_UNAVAILABLE;
    enum err e = OK;
    char *step = s->written ? must_alloc(64 * 1024) : NULL;
    for (uint64_t at = 0; e == OK && at < s->written;) {
        ssize_t got = pread(s->fd, step, 64 * 1024, (off_t)at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            e = ERR_UNAVAILABLE;
            break;
        }
        e = sink(context, step, (size_t)got);
        at += (uint64_t)got;
    }
    free(step);
    if (e == OK && s->head.n) e = sink(context, s->head.p, s->head.n);
    return e;
}

enum err spill_map(struct spill *s, str *out, bool *out_is_file) {
    if (s->fd && s->head.n && !s->failed) move_to_file(s, true);
    if (s->failed) return ERR_UNAVAILABLE;
    *out = buf_str(&s->head);
    *out_is_file = s->written > 0;
    if (!*out_is_file) return OK;
    void *p = mmap(NULL, (size_t)s->written, PROT_READ, MAP_PRIVATE, s->fd, 0);
    if (p == MAP_FAILED) return ERR_UNAVAILABLE;
    s->mapped = p;
    buf_free(&s->head);
    *out = (str){p, (size_t)s->written};
    return OK;
}

bool spill_take_file(struct spill *s, int *out_fd, uint64_t *out_bytes) {
    if (!s->fd || s->failed) return false;
    if (s->head.n) move_to_file(s, true);
    if (s->failed) return false;
    *out_fd = s->fd;
    *out_bytes = s->written;
    s->fd = 0;
    s->written = 0;
    return true;
}

uint64_t spill_size(const struct spill *s) {
    return s->written + s->head.n;
}

void spill_free(struct spill *s) {
    if (s->mapped) munmap(s->mapped, (size_t)s->written);
    if (s->fd > 0) close(s->fd);
    buf_free(&s->head);
    free(s->again);
    *s = (struct spill){.head = BUF_EMPTY};
}
