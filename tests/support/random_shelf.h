/* random_shelf: what a provider might have in force, with values on every boundary: days on, beside and within the edges of the windows, CO
 * readings around the limit, blanks. The same seed gives the same. */
#ifndef QD_TESTS_RANDOM_SHELF_H
#define QD_TESTS_RANDOM_SHELF_H

#include "tests/support/shelf.h"

/* Not 0. */
void random_begin(uint64_t seed);
/* 0 to n - 1. */
unsigned random_below(unsigned n);
/* Fills an empty shelf with all parts from 2023-24-Q3 to 2026-27-Q2, up to `size` rows of each quarter; ids begin with the tag. Received in any
 * order. */
void random_shelf(struct shelf *s, char tag, unsigned size);
/* A day on which something of it becomes due, or the day before, or any. */
int32_t random_as_at(const struct shelf *s);

#endif
