/* repeats: clients who set another quit date within four weeks in the same file. A second attempt is allowed,
 * but so soon it is more often one attempt sent twice under two ids. Keeps a bit per day of the period for
 * each client with several episodes: it knows which days were set, not how often, and costs the same for
 * every row. */
#ifndef QD_RETURNS_REPEATS_H
#define QD_RETURNS_REPEATS_H

#include "base/buf.h"
#include "returns/id_set.h"

enum { REPEAT_WITHIN_DAYS = 28 };

struct repeats {
    struct id_set clients; /* the row that a client was first met in */
    struct id_set several; /* of those with more episodes: where their days stand */
    struct buf days;       /* struct client_days, in the order of meeting */
};

void repeats_begin(struct repeats *r, size_t expected);

/* What is known of earlier rows. */
struct repeat_rows {
    struct id_records clients;
    int (*quit_day)(void *context, uint32_t row); /* 0 is the first day of the period */
    void *context;
};
/* Notes that the client has an episode on a day of the period. Returns the nearest other day of theirs that
 * is less than REPEAT_WITHIN_DAYS away, or -1. */
int repeats_note(struct repeats *r, struct repeat_rows rows, struct hash128 client, uint32_t row, int day);
void repeats_free(struct repeats *r);

#endif
