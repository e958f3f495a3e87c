/* quitters: which of the episodes that harm-reduction rows name became a quit at 4 weeks, as at a day (KPI
 * 1.12 leaves those rows out). Joined by episode id within the provider, over the episodes of all periods in
 * force, also of other local authorities than the row's. */
#ifndef QD_KPI_QUITTERS_H
#define QD_KPI_QUITTERS_H

#include "kpi/derive.h"

struct quitter_slot {
    struct hash128 id; /* all zero: free */
    bool quit4;
};
struct quitters {
    struct quitter_slot *slots; /* NULL: no row names an episode */
    uint64_t mask;
};

/* Costs nothing where no harm-reduction row names an episode. Free with quitters_free(). */
void quitters_build(const struct book *book, const struct resolver *resolver, const struct derive_settings *s,
                    struct quitters *out);
/* The same for who goes through the episodes anyway: which are named at all; then, for each episode, whether it is a quit. */
void quitters_name(const struct book *book, struct quitters *out);
void quitters_see(struct quitters *q, struct hash128 episode, bool quit4); /* where there are slots */
void quitters_free(struct quitters *q);
/* False for ids that no harm-reduction row of the book names. */
bool quitters_has(const struct quitters *q, struct hash128 episode);

#endif
