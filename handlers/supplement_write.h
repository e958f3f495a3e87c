/* supplement_write: the supplement as JSON or as CSV, said once. JSON has an object an item with its rows and totals; CSV one line a
 * value, so that items of different columns share a table. */
#ifndef QD_HANDLERS_SUPPLEMENT_WRITE_H
#define QD_HANDLERS_SUPPLEMENT_WRITE_H

#include "base/json.h"
#include "kpi/book.h"

/* A line of seed 002's "Additional data required". */
struct supplement_item {
    const char *section; /* of the KPIs: 1 to 4 */
    const char *name;
    const char *line; /* in the words of the seed */
    enum part_id part;
};

struct supplement_writer {
    struct buf *out;
    struct json json;
    bool csv;
    const struct supplement_item *item;
    str provider; /* of the row being written */
    const struct held *held;
    unsigned row;     /* within the item */
    const char *view; /* "ROW", or which total */
    bool totals_open;
};

void supplement_begin(struct supplement_writer *w, struct buf *out, bool csv, str service, int16_t period,
                      str provider);
void supplement_end(struct supplement_writer *w);
void supplement_item_begin(struct supplement_writer *w, const struct supplement_item *item);
void supplement_item_end(struct supplement_writer *w);
/* A row of a provider, from this version. */
void supplement_row_begin(struct supplement_writer *w, str provider, const struct held *held);
void supplement_row_end(struct supplement_writer *w);
/* After the rows: sums over all providers; key "quarter" or "yearToDate", view "QUARTER" or "YEAR_TO_DATE". */
void supplement_total_begin(struct supplement_writer *w, const char *key, const char *view);
void supplement_total_end(struct supplement_writer *w);
/* A value of the row or total. */
void supplement_text(struct supplement_writer *w, const char *name,
                     str value); /* STR_NONE: null, blank in CSV */
void supplement_raw(struct supplement_writer *w, const char *name, str number); /* a number or true, false */
void supplement_int(struct supplement_writer *w, const char *name, int64_t value);

#endif
