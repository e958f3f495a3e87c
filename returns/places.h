/* places: where the columns of a part stand in a CSV file, counted from 1, and which part a header belongs to. For
 * programs that point into a file; what is right and wrong with it says judge.h. */
#ifndef QD_RETURNS_PLACES_H
#define QD_RETURNS_PLACES_H

#include "base/arena.h"
#include "returns/part.h"

struct places {
    struct arena arena; /* the names */
    str *names;         /* of the header, as they are read */
    size_t count;
};

/* Reads the header. `body` may be only the beginning of the file. False: there is none (JSON, or bytes that cannot be
 * read). To be closed in both cases. */
bool places_open(struct places *p, str body, const char *spill_dir);
void places_close(struct places *p);

/* The field in which a finding's column stands, its name as findings have it; 0: nowhere in this file. */
size_t places_field(const struct places *p, const struct part *part, const char *column);
/* The part whose required columns are all there; of several the one that knows most of the header. NULL: none, or it
 * is not certain. */
const struct part *places_part(const struct places *p);

#endif
