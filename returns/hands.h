/* hands: the rows of a large CSV file judged by several threads. One at a time reads the next rows, all judge theirs at the same
 * time, and one after the other, in the order of the file, they put what they found to what was found before: repeated ids, findings,
 * facts, digests and packs of rows come out as they would of one hand. Nobody outside returns/ includes this. */
#ifndef QD_RETURNS_HANDS_H
#define QD_RETURNS_HANDS_H

#include "returns/csv.h"
#include "returns/csv_row.h"

/* Whether the rows may be judged so: it is asked for, and a row of the part needs no more of the others than
 * part_rules.among knows. */
bool hands_can(const struct judging *j);
/* The rows from where `csv` stands to the end: CSV_END or CSV_FAULT. */
enum csv_step hands_read_rows(struct judging *j, const struct csv_shape *shape, struct csv *csv,
                              struct fault *fault);

#endif
