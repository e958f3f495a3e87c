/* header: which column of the part a name in a header (or, in JSON, a property) means. */
#ifndef QD_RETURNS_HEADER_H
#define QD_RETURNS_HEADER_H

#include "returns/judging.h"

enum { HEADER_NONE = -1 };

/* By name or alias, without regard to case, spaces and punctuation; HEADER_NONE when it is no column of the
 * part. */
int header_column(const struct part *part, str name);
/* A name, an NHS number, an address, a phone number or an e-mail address by its name. */
bool header_means_identity(str name);
/* How many of the fields name a column of the part. */
size_t header_known(const struct part *part, const str *fields, size_t count);
/* The column whose name is nearest, or NULL. */
const struct column *header_nearest(const struct part *part, str name);

/* One UNKNOWN_COLUMN or IDENTITY_NOT_STORED; index is the place of the column in the file, hide its name when
 * it may be data. */
void header_find_unknown(struct judging *j, str name, size_t index, bool hide);

/* Maps the fields of a CSV header: out[i] is the column of field i or HEADER_NONE. Finds what is wrong with
 * it; false when it names no column that is known. */
bool header_map(struct judging *j, const str *fields, size_t count, int *out);

#endif
