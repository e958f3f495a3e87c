/* scope: whom the database is told that a request acts for. The routes and authorise() have decided by then who may ask what;
 * this is the second wall, for the day on which a WHERE is forgotten. */
#ifndef QD_HANDLERS_SCOPE_H
#define QD_HANDLERS_SCOPE_H

#include "db/db.h"
#include "server/http.h"

/* The service of the key; for a key of every service that of the path, else of ?service=, else all. The provider of a provider's key;
 * for all others every provider. Nobody without a key, and where the path names another's. */
struct db_scope scope_of(const struct request *r);

#endif
