/* prefill: the template with a provider's own rows in it, those first whose follow-ups are open (kpi/open_follow_up.h). A PUT replaces
 * the whole part, so everything that the part has in force comes along: what is downloaded goes back in and loses nothing. */
#ifndef QD_HANDLERS_PREFILL_H
#define QD_HANDLERS_PREFILL_H

#include "handlers/target.h"

struct prefill {
    struct request *r;
    struct buf *out;
    str service, provider;
    int16_t period;
    const struct part *part; /* episodes or follow-ups */
};

/* Inside a transaction. Writes header and rows. */
enum err prefill_write(struct prefill *p, struct db *db, struct fault *fault);

#endif
