/* national_judge: what holds between the cells of a national return (V06 to V16 of domain.md 1.7), once its last row
 * has been read. Used by national_rules.c alone. */
#ifndef QD_RETURNS_NATIONAL_JUDGE_H
#define QD_RETURNS_NATIONAL_JUDGE_H

#include "returns/judging.h"

/* complete: every awaited cell is there and good, so that the warnings over the whole return mean something. */
void national_judge(struct judging *j, bool complete);

#endif
