/* payment_view: the payment of a year with its workings and each provider's part, loaded and written in one way for the route, and for
 * the statements that freeze it. */
#ifndef QD_HANDLERS_PAYMENT_VIEW_H
#define QD_HANDLERS_PAYMENT_VIEW_H

#include "handlers/tallies.h"
#include "kpi/payment_year.h"

struct payment_ask {
    struct request *r;
    str service;
    int year;
    int32_t as_at;
    int64_t known_at;
};

struct payment_part {
    str provider;
    int64_t numerator, denominator, pence;
};

struct payment_view {
    const struct payment_ask *ask;
    struct service_view view;
    struct payment_year year;
    bool final;
    struct payment_part *parts;
    size_t part_count;
};

/* {service} and {year} of the path, asAt and knownAt of the query. */
enum err payment_ask_read(struct request *r, struct payment_ask *out);
/* TX. ERR_NOT_FOUND: no such service, or nothing is agreed for the year. */
enum err payment_view_load(const struct payment_ask *ask, struct payment_view *out, struct fault *fault);
/* The members of contract section 9, then "workings" and "providers"; without the braces. */
void payment_view_write(struct json *j, const struct payment_view *v);

#endif
