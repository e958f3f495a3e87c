/* summary: what was found, grouped by code and column, with exact counts: what a person reads first of a file with a
 * million errors. */
#ifndef QD_RETURNS_SUMMARY_H
#define QD_RETURNS_SUMMARY_H

#include "returns/finding.h"

struct summary_line {
    enum finding_code code;
    enum severity severity;
    const char *column; /* NULL: the row or the file as a whole, or columns beyond those that are named */
    uint64_t count;
    uint32_t first_row; /* 0: the header */
};

/* Errors first, then the most frequent; ties by code and column. Columns that the part does not have stand one by one as
 * long as their findings were kept. *out lies in `a`; returns how many. */
size_t summary_make(const struct findings *f, struct arena *a, struct summary_line **out);

#endif
