/* spill: bytes written once and read once, in memory up to 4 MiB, beyond that in an unnamed temporary file:
 * what an upload encodes does not grow the process with the size of the file. */
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
    bool failed; /* sticky: disk full */
};

void spill_begin(struct spill *s, const char *dir);
void spill_add(struct spill *s, const void *bytes, size_t n);
/* Calls sink with the bytes in order, in pieces; stops at the first error it returns and gives that. */
enum err spill_read(struct spill *s, enum err (*sink)(void *context, const void *bytes, size_t n),
                    void *context);
uint64_t spill_size(const struct spill *s);
void spill_free(struct spill *s);

#endif
