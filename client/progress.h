/* progress: one line on standard error that is written over and over, for what takes longer than a moment. */
#ifndef QD_CLIENT_PROGRESS_H
#define QD_CLIENT_PROGRESS_H

#include "base/buf.h"

struct progress {
    const char *what; /* the file's name */
    bool is_on;       /* wanted, and standard error is a terminal */
    bool is_shown;
    int64_t began, last; /* milliseconds */
};

void progress_begin(struct progress *p, const char *what, bool wanted);
void progress_move(struct progress *p, uint64_t done, uint64_t total);
void progress_end(struct progress *p); /* takes the line away */

/* The line for `done` of `total` bytes, at most `width` wide. */
void progress_line(struct buf *out, const char *what, uint64_t done, uint64_t total, int64_t ms,
                   size_t width);

#endif
