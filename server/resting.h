/* resting: a connection that has nothing to say gives its memory back.
 *
 * libmicrohttpd 0.9.75 has a pool of its own for each connection and fills all of it with zeros when a request has been answered, so that it
 * stays with whoever says nothing more. Where pages hold nothing but zeros the kernel may have them: it gives zeros when they are asked for again. */
#ifndef QD_SERVER_RESTING_H
#define QD_SERVER_RESTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct resting {
    char *from, *to; /* whole pages; NULL: not known */
    int64_t since;
    bool comes_often; /* was back within a second the last time: is not worth the while */
    bool has_given;
};

/* Its memory lies there, so many bytes; or begins earlier than that, by no more than so many. */
void resting_know(struct resting *r, const char *memory, size_t bytes, size_t earlier_at_most);
/* Nothing has come, and nobody else touches that memory now. */
void resting_begins(struct resting *r);
void resting_ends(struct resting *r);

#endif
