/* supplement: what the files of GET /v1/supplement share. */
#ifndef QD_HANDLERS_SUPPLEMENT_H
#define QD_HANDLERS_SUPPLEMENT_H

#include "handlers/app.h"
#include "handlers/supplement_write.h"

/* A provider with what of it is in force; facts of training-sessions alone. */
struct supplement_provider {
    str id;
    struct book book;
};
struct supplement {
    struct db *db;
    struct arena *arena;
    str service;
    int16_t period;
    const struct supplement_provider *providers;
    size_t provider_count;
    struct supplement_writer w;
};

/* The version of a part that holds in the period; of sites and advisers also one of an earlier period. NULL: none. */
const struct held *supplement_held(const struct supplement *s, const struct supplement_provider *p,
                                   enum part_id part);

/* Rows as they were sent; `columns` separated by spaces; whole numbers of those in `sums` are summed over all providers. */
enum err supplement_as_sent(struct supplement *s, const char *columns, const char *sums);
enum err supplement_media(struct supplement *s);
enum err supplement_destinations(struct supplement *s);
enum err supplement_organisations(struct supplement *s);
void supplement_out_of_hours(struct supplement *s);
void supplement_certified(struct supplement *s);

#endif
