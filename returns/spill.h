/* spill: bytes written once, then read in order or mapped, in memory up to 4 MiB, beyond that in an unnamed
 * temporary file: what an upload encodes, or is decoded to, and what is loaded of a large return does not grow
 * the process with its size. Written through a small buffer and not through a mapping: that spares a page
 * fault for every 4 KiB. */
#ifndef QD_RETURNS_SPILL_H
#define QD_RETURNS_SPILL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
    SPILL_IN_MEMORY = 4 << 20,
    SPILL_STEP = 256 << 10, /* once there is a file, bytes go to it in steps of about this size */
    SPILL_AT_MOST = 32 << 10,
};

/* Who takes the bytes as they come, in order, in pieces of SPILL_STEP and more, instead of a file. Its first error makes the spill fail. */
struct spill_sink {
    enum err (*take)(void *context, const void *bytes, size_t n);
    void *context;
};

struct spill {
    struct buf head;  /* not yet written, or all of it while small */
    int fd;           /* 0 while everything is in memory (0 is standard input, never ours) */
    uint64_t written; /* bytes in the file */
    const char *dir;
    struct spill_sink sink; /* take NULL: a file is written */
    bool is_large;          /* more will come than stays in memory */
    bool failed;            /* sticky: disk full */
    void *mapped;           /* all of the file, after spill_map() */
    /* The piece of the file that spill_at() has read last. */
    char *again;
    uint64_t again_at;
    size_t again_n;
};

void spill_begin(struct spill *s, const char *dir);
/* What the sink has taken is here no more: spill_read() gives, and spill_size() counts, only what it has not. */
void spill_begin_to(struct spill *s, struct spill_sink sink);
void spill_add(struct spill *s, const void *bytes, size_t n);
/* How many bytes will come, roughly; before the first. Memory is made ready for them, or they go to the file from the beginning. */
void spill_expect(struct spill *s, uint64_t bytes);
/* Makes room for n more bytes in memory. */
void spill_reserve(struct spill *s, size_t n);
/* Room for at most n more bytes; spill_took() says how many were filled in, before the next call. Also where the disk is full: then
 * they go nowhere. */
static inline char *spill_room(struct spill *s, size_t n) {
    if (s->head.n >= SPILL_STEP || s->head.room - s->head.n < n) spill_reserve(s, n);
    return s->head.p + s->head.n;
}
static inline void spill_took(struct spill *s, size_t n) {
    s->head.n += n;
}
/* n more bytes, zeroed, to be filled in before the next call. */
static inline void *spill_extend(struct spill *s, size_t n) {
    void *p = memset(spill_room(s, n), 0, n);
    spill_took(s, n);
    return p;
}
/* n bytes (at most SPILL_AT_MOST) that one earlier call added; valid until the next call. Zeros where the disk failed. */
const void *spill_at(struct spill *s, uint64_t offset, size_t n);
/* The bytes from an offset on, at most so many, while more are being added: how many were there. 0 where the disk failed. */
size_t spill_copy(struct spill *s, uint64_t offset, void *out, size_t most);
/* Calls sink with the bytes in order, in pieces; stops at the first error it returns and gives that. */
enum err spill_read(struct spill *s, enum err (*sink)(void *context, const void *bytes, size_t n),
                    void *context);
/* All bytes at one address, read-only, until spill_free(); nothing may be added any more. *out_is_file: they
 * are a mapping of the file, from its first byte. ERR_UNAVAILABLE: the disk is full. */
enum err spill_map(struct spill *s, str *out, bool *out_is_file);
/* The bytes as a file, whose descriptor is then the caller's; the spill is empty. False while all are in memory, or when the
 * disk is full (`failed`). */
bool spill_take_file(struct spill *s, int *out_fd, uint64_t *out_bytes);
uint64_t spill_size(const struct spill *s);
void spill_free(struct spill *s);

#endif
