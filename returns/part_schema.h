/* part_schema: the JSON Schema of a row of a part, for the OpenAPI document and for tests. */
#ifndef QD_RETURNS_PART_SCHEMA_H
#define QD_RETURNS_PART_SCHEMA_H

#include "base/json.h"
#include "returns/part.h"

/* An object schema: one property per column, the required ones, x-qd-national where a blank counts against
 * completeness, x-qd-aliases for the other headers that are read as the column's. */
void part_schema_write(struct json *j, const struct part *part);
/* Its properties alone, for whoever wraps them otherwise. */
void part_schema_write_properties(struct json *j, const struct part *part);

#endif
