/* spill: bytes written once, then read in order or mapped, in memory up to 4 MiB, beyond that in an unnamed
 * temporary file: what an upload encodes, or is decoded to, does not grow the process with the size of the
 * file. */
#ifndef QD_RETURNS_SPILL_H
#define QD_RETURNS_SPILL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { SPILL_IN_MEMORY = 4 << 20 };

struct spill {
    struct buf head;  /* not yet written, or all of it while small */
    int fd;           /* 0 while everything is in memory (0 is standard input, never ours) */
    uint64_t written; /* bytes in the file */
    const char *dir;
    bool failed;  /* sticky: disk full */
    void *mapped; /* all of the file, after spill_map() */
};

void spill_begin(struct spill *s, const char *dir);
void spill_add(struct spill *s, const void *bytes, size_t n);
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
