/* national_write: what a national_view says, in JSON and as the lines of a CSV file. */
#ifndef QD_HANDLERS_NATIONAL_WRITE_H
#define QD_HANDLERS_NATIONAL_WRITE_H

#include "base/json.h"
#include "handlers/national_view.h"
#include "kpi/national_compare.h"

/* part, key1, key2 and measure of a cell; null where the part has no such key. */
void national_write_place(struct json *j, const struct national_form *form, int cell);
void national_write_rows(struct json *j, const struct national_filled *f); /* "rows":[every cell] */
void national_write_imputed(struct json *j, const struct national_return *sum);
void national_write_checks(struct json *j, const struct national_view *v);
void national_write_blockers(struct json *j, const struct national_view *v);
/* part,key1,key2,measure,value,reason: what a provider may send as the part `national`. */
void national_write_csv(struct buf *out, const struct national_filled *f);

/* part,key1,key2,measure,own,derived,difference: the cells that differ. */
void national_write_differences_csv(struct buf *out, const struct national_comparison *c);

/* The return with its checks and blockers, as it is frozen; replaces 0: nothing. */
void national_write_frozen(struct buf *out, const struct national_view *v, int32_t replaces, str reason);
/* A frozen copy with its number, when and by whom. */
void national_write_copy(struct buf *out, const struct store_national_entry *copy);

#endif
