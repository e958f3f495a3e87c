/* query: from the bytes after '?' to named values. Pure. */
#ifndef QD_SERVER_QUERY_H
#define QD_SERVER_QUERY_H

#include "server/http.h"

/* raw is what stands after '?', not decoded; known lists the parameters of the route, separated by spaces. On success each
 * name is known and occurs once; values are valid UTF-8 without control characters. ERR_UNKNOWN_PARAMETER names the nearest. */
enum err query_parse(struct arena *arena, str raw, const char *known, struct fault *fault,
                     struct pair out[QUERY_MAX], size_t *out_count);

#endif
