/* orphans: follow-ups in force whose episode a new version of `episodes` no longer has, and referrals and harm-reduction rows that name
 * one: kept, and warned of where it happens. */
#ifndef QD_HANDLERS_ORPHANS_H
#define QD_HANDLERS_ORPHANS_H

#include "kpi/book.h"
#include "returns/judge.h"

/* Adds one ORPHAN_FOLLOW_UP warning for the whole file when there are any, one UNKNOWN_EPISODE for each of the other parts. `j` holds the judged episodes of `period`; `known` knows those of the
 * other periods, `book` the other parts. */
void orphans_warn(struct judgement *j, const struct book *book, const struct known *known, int16_t period);

#endif
