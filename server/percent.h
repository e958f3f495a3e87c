/* percent: one %XX escape of a path or a query. */
#ifndef QD_SERVER_PERCENT_H
#define QD_SERVER_PERCENT_H

#include "base/str.h"

/* The byte that the escape at s.p[at] stands for; false when two hex digits do not follow the '%'. */
bool percent_decode(str s, size_t at, char *out);

#endif
