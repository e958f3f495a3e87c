#include "handlers/replica.h"

enum err replica_refuse(struct request *r) {
    const char *primary = app_of(r)->replica_of;
    if (!primary[0]) return OK;
    return fail(
        &r->fault, ERR_READ_ONLY,
        "This instance reads a copy of the database and can store nothing, also not who has read what. Send this to %s.",
        primary);
}
