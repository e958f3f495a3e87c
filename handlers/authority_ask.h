/* authority_ask: ?localAuthority=, the same for every resource that can be asked for one authority. */
#ifndef QD_HANDLERS_AUTHORITY_ASK_H
#define QD_HANDLERS_AUTHORITY_ASK_H

#include "server/http.h"

/* GSS code or name; *out (as in facts) stays when the parameter is absent. ERR_BAD_PARAMETER names the nearest. */
enum err query_authority(struct request *r, const char *name, uint32_t *out);

#endif
