/* book: what is in force of one provider: for each part and period the newest version received by `known
 * at`, with its facts. */
#ifndef QD_KPI_BOOK_H
#define QD_KPI_BOOK_H

#include "returns/facts.h"
#include "returns/part.h"

struct held {
    enum part_id part;
    int16_t period;
    int32_t version;
    int64_t seq;         /* order of receipt over everything; later wins where dates are equal */
    int64_t received_at; /* instant */
    uint32_t rows;
    const void *facts; /* rows records of the part's fact struct, aligned to 8; borrowed */
};

struct book {
    struct held *held; /* any order; at most one per part and period */
    size_t count;
};

#endif
