/* reply_cache: finished dashboards, kept while nothing of their service changes. The key says everything that the bytes depend on besides the
 * service's stamp; the stamp is asked of the database before each use (one short statement), so what is served is never older than it. */
#ifndef QD_HANDLERS_REPLY_CACHE_H
#define QD_HANDLERS_REPLY_CACHE_H

#include "server/http.h"

struct reply_cache;
struct reply_cache *reply_cache_new(void);
void reply_cache_free(struct reply_cache *c);

/* Fills body and ETag of the reply; false when this key is not kept at this stamp. */
bool reply_cache_get(struct reply_cache *c, str key, int64_t stamp, struct reply *out);
/* Keeps a copy of body and ETag. */
void reply_cache_put(struct reply_cache *c, str key, int64_t stamp, const struct reply *reply);

#endif
