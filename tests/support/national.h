/* national: writes national returns for tests: every mandatory cell of the form of a period, filled with one small
 * return that breaks no rule, of which a case changes a few cells.
 *
 * The return: 100 people set a quit date (10 men, 90 women), 50 quit (44 confirmed by CO), 36 did not, 14 are lost;
 * 30 are Black (M 20, N 10), 5 Bangladeshi, 5 of ethnicity Z; 45 are in routine and manual occupations, 5 unknown;
 * 4 are pregnant. */
#ifndef QD_TESTS_NATIONAL_H
#define QD_TESTS_NATIONAL_H

#include "base/buf.h"
#include "returns/judge.h"
#include "tests/support/shelf.h"

/* Changes: "1B 02 2 SET=99|-1C QUIT|+1A,CT,2,SET,5,": a cell gets another text, is left out, or a whole row
 * is added behind; "!8" leaves out the rows from the 8th on. "*=0" in front: every cell is 0 but those that follow. NULL: none. Cells stand in the order of the form. */
void national_add_csv(struct buf *out, int16_t period, const char *changes);
/* The same as {"rows":[...]}. */
void national_add_json(struct buf *out, int16_t period, const char *changes);
void national_add(struct buf *out, enum body_format format, int16_t period, const char *changes);
/* Puts the return on a shelf, as judged: one that breaks a rule fails the test. */
void shelf_national(struct shelf *s, const char *period, const char *changes);

#endif
