/* template: what a provider fills in. Written from the part's table, so that it can never disagree with what
 * is read. */
#ifndef QD_RETURNS_TEMPLATE_H
#define QD_RETURNS_TEMPLATE_H

#include "base/buf.h"
#include "returns/part.h"

/* The header row of a CSV of the part, and nothing else: sent as it is, it is a nil return. */
void template_write_header(struct buf *out, const struct part *part);
/* What a provider fills in of a period: the header; of `national` also a row for each cell that must be sent, its value
 * blank: sent as it is, it is refused cell by cell. */
void template_write(struct buf *out, const struct part *part, int16_t period);
/* A CSV with one row per column: column, required, type, meaning, values, example; codes are those valid in
 * the period. */
void template_write_guide(struct buf *out, const struct part *part, int16_t period);

/* "one of FACE_TO_FACE, ...", "1 Male; 2 Female", "0 to 120": what a column takes in a period; empty when its
 * type says all. */
void column_values(struct buf *out, const struct column *c, int16_t period);
/* "date", "code", "whole number": for people. */
const char *column_type(const struct column *c);
/* "yes", "national" (may be blank, and then counts against completeness) or "no". */
const char *column_required(const struct column *c);

#endif
