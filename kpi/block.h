/* block: up to 256 episodes of one return, turned round: for each condition that elements test the set of rows that meet it.
 * An element then is the intersection of a few sets, and its count the size of it, whatever half of the rows: a handful of
 * operations for 64 rows where each row by itself would ask for as many. */
#ifndef QD_KPI_BLOCK_H
#define QD_KPI_BLOCK_H

#include "kpi/carried.h"
#include "kpi/element.h"
#include "kpi/framework.h"
#include "kpi/row_set.h"

enum { BLOCK_ROWS = ROW_SET_MOST };

struct block {
    const struct fact_episode *rows; /* as they count: see carried_settle() */
    size_t count;
    int32_t quit[BLOCK_ROWS];
    struct row_set derived[64], met[64]; /* by bit */
    struct row_set items[32]; /* required, then complete: by enum item. Only where an element sums them */
    /* What they were made from: each row's bits. */
    uint64_t row_derived[BLOCK_ROWS];
    struct outcomes known[BLOCK_ROWS];
    struct fact_episode settled[BLOCK_ROWS];
};

/* What is the same for all blocks of a return. */
struct block_of {
    const struct framework *framework;
    const struct derive_settings *settings;
    const struct resolver *resolver;
    const struct carried *sites;
    const struct held *held;
    bool with_items;
};
/* count: up to BLOCK_ROWS rows as they were sent; they must live as long. */
void block_fill(struct block *b, const struct block_of *of, const struct fact_episode *rows, size_t count);

/* Leaves in `rows` those that the element tests for. */
void block_match(const struct block *b, const struct element_test *t, struct row_set *rows);
/* What these rows add to the element. */
int64_t block_sum(const struct block *b, const struct element_test *t, const struct row_set *rows);

#endif
