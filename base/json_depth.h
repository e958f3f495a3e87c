/* json_depth: how deep the values of a JSON text are nested, before a parser that recurses is given it. */
#ifndef QD_BASE_JSON_DEPTH_H
#define QD_BASE_JSON_DEPTH_H

#include "base/str.h"

/* Of whatever a client sends: rows, forms, frameworks. */
enum { JSON_DEPTH_MOST = 32 };

/* Does it open more than JSON_DEPTH_MOST arrays and objects inside each other? Judges brackets outside of strings alone, so whatever
 * a parser would take for JSON is judged rightly. */
bool json_is_too_deep(str json);

#endif
