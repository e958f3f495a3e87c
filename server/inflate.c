#include "server/inflate.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/arena.h"

enum { PIECE = 64 * 1024, FEED = 1 << 20, GZIP_ONLY = 16 + MAX_WBITS };

struct inflating {
    z_stream z;
    str rest; /* not yet given to zlib */
    uint64_t most;
    struct spool *out;
    unsigned char piece[PIECE];
};

static enum err damaged(struct fault *fault, const char *what) {
    return fail(fault, ERR_MALFORMED,
                "The body says Content-Encoding: gzip, but %s. Compress it again, or send it as it is.",
                what);
}

static enum err no_memory(struct fault *fault) {
    return fail(fault, ERR_UNAVAILABLE, "zlib has no memory");
}

static enum err keep(struct inflating *i, struct fault *fault) {
    size_t n = PIECE - i->z.avail_out;
    if (i->out->length + n > i->most)
        return fail(
            fault, ERR_BODY_TOO_LARGE,
            "Inflated, the body is more than %llu bytes, which is more than a return shrinks by. Send it as it is.",
            (unsigned long long)i->most);
    return n ? spool_add(i->out, i->piece, n, fault) : OK;
}

static void feed(struct inflating *i) {
    size_t n = i->rest.n < FEED ? i->rest.n : FEED;
    i->z.next_in = (Bytef *)(uintptr_t)i->rest.p;
    i->z.avail_in = (uInt)n;
    i->rest = str_sub(i->rest, n, i->rest.n);
}

/* One piece of the result. *done: the last member has ended and nothing follows it. */
static enum err step(struct inflating *i, bool *done, struct fault *fault) {
    if (!i->z.avail_in && i->rest.n) feed(i);
    i->z.next_out = i->piece;
    i->z.avail_out = PIECE;
    int said = inflate(&i->z, Z_NO_FLUSH);
    if (said == Z_MEM_ERROR) return no_memory(fault);
    if (said != Z_OK && said != Z_STREAM_END && said != Z_BUF_ERROR)
        return damaged(fault, "it is damaged, or something else follows it");
    enum err e = keep(i, fault);
    if (e != OK) return e;
    bool all_given = !i->z.avail_in && !i->rest.n;
    if (said == Z_STREAM_END) {
        *done = all_given;
        if (!all_given && inflateReset(&i->z) != Z_OK) return damaged(fault, "it cannot be read");
        return OK;
    }
    return all_given && i->z.avail_out ? damaged(fault, "it ends too soon") : OK;
}

enum err inflate_body(str received, uint64_t ratio, struct spool *out, struct fault *fault) {
    uint64_t by_ratio;
    if (__builtin_mul_overflow((uint64_t)received.n, ratio, &by_ratio)) by_ratio = UINT64_MAX;
    struct inflating *i = must_calloc(1, sizeof *i);
    i->rest = received;
    i->out = out;
    i->most = by_ratio > INFLATE_FREE ? by_ratio : INFLATE_FREE;
    bool done = false;
    enum err e = inflateInit2(&i->z, GZIP_ONLY) == Z_OK ? OK : no_memory(fault);
    while (e == OK && !done)
        e = step(i, &done, fault);
    inflateEnd(&i->z);
    free(i);
    return e;
}
