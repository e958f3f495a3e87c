/* schema: the JSON Schema of the framework file (frameworks/framework.schema.json), built in. It is the one source of what the file may
 * hold: the readers take the names of members from it, a file that does not fit it is refused, docs/framework.md has its tables from
 * it, and it is served to editors (GET /v1/schemas/framework).
 *
 * What would surprise: the readers come first, since they say best what is wrong; the schema is held against what they let through.
 * Of JSON Schema 2020-12 only the keywords that the file uses are understood; a test holds the interpreter against Ajv. */
#ifndef QD_KPI_SCHEMA_H
#define QD_KPI_SCHEMA_H

#include "kpi/config.h"

str schema_text(void);
/* Checks that n is an object with no member but those of `definition` in "$defs" ("" for the whole file). */
void schema_members(const struct node *n, const char *definition);
/* Holds the whole file against the schema; the fault names the first place that does not fit. */
void schema_check(const struct node *top);

#endif
