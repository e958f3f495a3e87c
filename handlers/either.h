/* either: a provider returns client records or the national return for a period, not both (contract section 4). */
#ifndef QD_HANDLERS_EITHER_H
#define QD_HANDLERS_EITHER_H

#include "kpi/book.h"
#include "returns/judge.h"

/* EPISODES_AND_NATIONAL in row 0 when the other of the two is in force for the period with rows. A nil return of the other
 * has taken it back: nothing is said. `book` is the provider's, without the part that is judged. */
void either_check(struct judgement *j, const struct book *book, enum part_id part, int16_t period);

#endif
