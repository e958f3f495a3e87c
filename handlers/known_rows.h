/* known_rows: what the judge asks about the provider's other rows. Where episode ids stand: an index over the
 * facts in force, and over superseded versions only when an id is not found (rare: that is an error or an
 * orphan). Which sites and advisers there are: kpi/carried.h. */
#ifndef QD_HANDLERS_KNOWN_ROWS_H
#define QD_HANDLERS_KNOWN_ROWS_H

#include "db/store.h"
#include "handlers/episode_index.h"
#include "kpi/carried.h"
#include "returns/judge.h"

struct known_rows {
    struct known known; /* give &k.known to the judge */
    struct db *db;
    str service, provider;
    const struct book *book;
    struct arena arena;             /* superseded facts */
    struct episode_index now, once; /* in force, superseded */
    struct carried sites, advisers;
    bool old_loaded;
    enum err err; /* sticky: the database failed while looking up superseded versions */
};

/* The book must live as long as k. */
void known_rows_begin(struct known_rows *k, struct db *db, str service, str provider,
                      const struct book *book);
void known_rows_free(struct known_rows *k);

#endif
