/* schemas: a part as other programs want it described: JSON Schema 2020-12 of the JSON body, and Frictionless Table Schema of the CSV.
 * Both say the canonical form of what is read, with the codes that are valid in a period; reading is more tolerant (other spellings of
 * dates, flags and codes), so a file that fits is accepted in its form, and one that does not fit may be. */
#ifndef QD_RETURNS_SCHEMAS_H
#define QD_RETURNS_SCHEMAS_H

#include "base/json.h"
#include "returns/part.h"

void schema_write_json(struct json *j, const struct part *part, int16_t period);
void schema_write_table(struct json *j, const struct part *part, int16_t period);

#endif
