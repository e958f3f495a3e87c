/* spool: a request's body while it arrives, bounded, in memory while it is small and in an unnamed file beyond that. */
#ifndef QD_SERVER_SPOOL_H
#define QD_SERVER_SPOOL_H

#include "base/buf.h"
#include "base/err.h"

enum { SPOOL_MEMORY_MAX = 64 * 1024 };

struct spool {
    const char *dir; /* where the unnamed file is made */
    uint64_t cap;    /* bytes; one more is ERR_BODY_TOO_LARGE */
    uint64_t length;
    struct buf memory;
    int fd; /* -1 while in memory */
    void *map;
};

/* Can a body lie there? ERR_UNAVAILABLE with what to do, for the start and /health/ready. */
enum err spool_check(const char *dir, struct fault *fault);
void spool_begin(struct spool *s, const char *dir, uint64_t cap);
/* ERR_BODY_TOO_LARGE, or ERR_UNAVAILABLE when the disk is full or cannot be used; the fault has the system's words, for the log. */
enum err spool_add(struct spool *s, const void *bytes, size_t n, struct fault *fault);
/* The whole body, read-only, valid until spool_free(); empty with p == NULL when there was none. */
enum err spool_view(struct spool *s, struct fault *fault, str *out);
void spool_free(struct spool *s); /* also of one never begun, when it is all zero */

#endif
