/* orphans: follow-ups in force whose episode a new version of `episodes` takes out, and referrals and harm-reduction rows that name
 * one: kept, and warned of once, by the version with which it happens. Later versions do not say it again. */
#ifndef QD_HANDLERS_ORPHANS_H
#define QD_HANDLERS_ORPHANS_H

#include "kpi/book.h"
#include "returns/judge.h"

struct orphan_question {
    const struct book *book;   /* the other parts of the provider, and what it says of other periods */
    const struct known *known; /* the episodes of other periods */
    const struct book
        *replaced; /* the version that is replaced, with its facts; NULL: the first of its period */
    int16_t period;
};

/* Does the book have rows at all that name episodes? If not, orphans_warn() need not be asked. */
bool orphans_are_possible(const struct book *book);
/* Adds one ORPHAN_FOLLOW_UP warning for the whole file when there are any, one UNKNOWN_EPISODE for each of the other parts. `j` holds
 * the judged episodes of the period. */
void orphans_warn(struct judgement *j, const struct orphan_question *q);

#endif
