/* feed: what the writers of the feeds (handlers/feed_*.c) are asked with. Each writes all rows of one service, in the snapshot of one
 * transaction, holding one provider's data at a time. */
#ifndef QD_HANDLERS_FEED_H
#define QD_HANDLERS_FEED_H

#include "handlers/feed_out.h"
#include "handlers/figures_ask.h"

struct feed_ask {
    struct figures_ask
        q;            /* service, asAt, knownAt, localAuthority; the service's view is loaded by the writer */
    int16_t from, to; /* the quarters; every one where nothing was asked */
    bool fingertips;
    uint32_t measures, dimensions; /* breakdowns: bits of enum measure and enum dimension */
    struct feed_out out;
};

typedef enum err feed_writer(struct feed_ask *ask, struct fault *fault);
feed_writer feed_write_kpi_results, feed_write_returns, feed_write_action_plans, feed_write_completeness,
    feed_write_breakdowns;

/* Reads ?measure= and ?by= of the feed breakdowns. ERR_BAD_PARAMETER. */
enum err feed_read_breakdowns(struct request *r, struct feed_ask *out);

#endif
