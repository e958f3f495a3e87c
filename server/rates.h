/* rates: how many requests a minute a name may make. Buckets of tokens in memory of a fixed size, without a lock: one word a bucket, changed
 * by compare-and-swap. Any thread.
 *
 * A bucket is kept as the instant at which it will be full again (the generic cell rate algorithm), so nothing fills it, and one
 * that is full need not be kept: it may be another's at once. Where more names are at work than there is room for, the one nearest to
 * full is forgotten; a name may then do more than it should, and never less. */
#ifndef QD_SERVER_RATES_H
#define QD_SERVER_RATES_H

#include "base/str.h"

struct rates;

/* room: buckets, a power of two and at least 4; 8 bytes each. */
struct rates *rates_new(size_t room);
void rates_free(struct rates *r); /* NULL does nothing */

struct rate_left {
    unsigned limit;     /* a minute, and at most at once; 0: there is none */
    unsigned remaining; /* requests that could follow at once */
    unsigned reset;     /* seconds until all could */
    unsigned wait;      /* refused: seconds until the next may come, at least 1 */
};
enum { RATE_MOST = 1000000 };
/* Takes one of per_minute (at most RATE_MOST; 0: no limit) of that name; false when there is none left. now_us: any clock that does not
 * go back. */
bool rates_take(struct rates *r, str name, unsigned per_minute, int64_t now_us, struct rate_left *out);

#endif
