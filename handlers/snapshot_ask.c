#include "handlers/snapshot_ask.h"

#include "db/store_snapshots.h"

enum err query_snapshot(struct request *r, str service, int32_t *as_at, int64_t *known_at) {
    uint64_t number = 0;
    struct store_snapshot *list;
    size_t count;
    enum err e = query_count(r, "snapshot", INT32_MAX, &number);
    if (e != OK || !number) return e;
    if (request_query(r, "asAt").p || request_query(r, "knownAt").p)
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "A snapshot has its own asAt and knownAt; leave them out, or leave snapshot out.");
    e = store_snapshots_list(db_of(r), service, (int32_t)number, r->arena, &list, &count);
    if (e != OK) return e;
    if (!count)
        return fail(&r->fault, ERR_NOT_FOUND,
                    "There is no snapshot %llu of service '%.*s'; /v1/snapshots/%.*s lists them.",
                    (unsigned long long)number, STR_ARG(service), STR_ARG(service));
    *as_at = list[0].as_at;
    *known_at = list[0].known_at;
    return OK;
}
