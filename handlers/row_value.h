/* row_value: a stored cell as we show it: PostgreSQL's text in, Y and N for flags, numbers as JSON numbers. */
#ifndef QD_HANDLERS_ROW_VALUE_H
#define QD_HANDLERS_ROW_VALUE_H

#include "base/json.h"
#include "returns/part.h"

/* value NULL: blank, written as null in JSON and as nothing in CSV. */
void row_value_json(struct json *j, const struct column *c, const char *value, int length);
void row_value_csv(struct buf *out, const struct column *c, const char *value, int length);

#endif
