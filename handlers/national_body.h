/* national_body: reads what the commissioner adds to a national return, judges every member and writes it down the way it is stored. The
 * fault names the member by its JSON pointer, and what to write. */
#ifndef QD_HANDLERS_NATIONAL_BODY_H
#define QD_HANDLERS_NATIONAL_BODY_H

#include "base/buf.h"
#include "server/http.h"

/* {"allocation","cumulativeSpend","pharmacotherapySpend","otherAllocation"}: whole pounds, all four. */
enum err national_finance_read(struct request *r, struct buf *out);
/* {"reasons":[{"part","key1","reason"}]}: rows of 1G and 1H of the period's form, each once. */
enum err national_reasons_read(struct request *r, int16_t period, struct buf *out);

#endif
