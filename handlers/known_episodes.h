/* known_episodes: where the episode ids of a provider stand, for the judge: an index over the facts in force, and over superseded
 * versions only when an id is not found (rare: that is an error or an orphan). */
#ifndef QD_HANDLERS_KNOWN_EPISODES_H
#define QD_HANDLERS_KNOWN_EPISODES_H

#include "db/store.h"
#include "kpi/book.h"
#include "returns/judge.h"

struct known_episodes {
    struct known known; /* give &k.known to the judge */
    struct db *db;
    str service, provider;
    struct arena arena; /* superseded facts */
    struct known_slot *slots, *old_slots;
    size_t mask, old_mask;
    bool old_loaded;
    enum err err; /* sticky: the database failed while looking up superseded versions */
};

/* The book must live as long as k. */
void known_episodes_begin(struct known_episodes *k, struct db *db, str service, str provider, const struct book *book);
void known_episodes_free(struct known_episodes *k);

#endif
