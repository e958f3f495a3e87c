/* national_view: one service's quarter as the national collection sees it: what the providers' episodes come to on the
 * form, how complete they are, what the commissioner added, the rules V01 to V19, and what stands in the way. Read
 * once, for completeness and for the national return alike. */
#ifndef QD_HANDLERS_NATIONAL_VIEW_H
#define QD_HANDLERS_NATIONAL_VIEW_H

#include "db/store_national.h"
#include "handlers/target.h"
#include "kpi/completeness.h"
#include "kpi/national_return.h"

struct national_provider {
    str id;
    bool expected, submitted;
    int32_t version; /* of its episodes; 0: none */
    uint32_t rows;   /* of them */
    struct completeness figures;
};

/* {"allocation","cumulativeSpend","pharmacotherapySpend","otherAllocation"}: 2A and 2B, in the order of the form. */
enum { FINANCE_COUNT = 4 };
extern const char *const FINANCE_MEMBERS[FINANCE_COUNT];

struct national_blocker {
    const char *code;
    str provider; /* p NULL: of the service */
    str detail;
};

struct national_view {
    /* ---- the question ---- */
    struct request *r;
    str provider; /* p NULL: the whole service */
    int16_t period;
    int32_t as_at;
    int64_t known_at;
    uint32_t authority; /* as in facts; 0: all */
    /* Called for each incomplete cell, provider by provider; NULL: nobody asks. */
    void (*missing)(void *context, size_t provider, uint32_t row, enum item item);
    void *context;
    bool submitting, names_replaced, has_reason; /* a copy is about to be made: V19 is judged of that one */
    /* ---- the answer ---- */
    struct service_view view;
    struct national_provider *parts;
    size_t part_count;
    struct completeness all;
    struct national_return *sum;                             /* with finance and reasons filled in */
    struct store_national_entry newest[NATIONAL_KIND_COUNT]; /* version 0: none */
    struct national_check checks[NATIONAL_RULE_COUNT];
    struct national_blocker *blockers; /* none: ready */
    size_t blocker_count;
    int64_t before[4]; /* people in the four quarters before, -1 where nothing was returned */
};

/* In a transaction: one snapshot. ERR_NOT_FOUND: no such service or provider. */
enum err national_view_load(struct national_view *v, str service, struct fault *fault);
static inline bool national_view_is_ready(const struct national_view *v) {
    return v->blocker_count == 0;
}

#endif
