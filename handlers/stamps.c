#include "handlers/stamps.h"

#include "handlers/data_as_of.h"
#include "handlers/scope.h"

/* The worker's connection may see the service: then its stamp is there to be read. */
static enum err read_stamp(struct request *r, str service, int64_t *out) {
    enum err e = store_service_stamp(db_of(r), service, out);
    if (e == ERR_UNAVAILABLE) fail(&r->fault, e, "%s", "The stamp of the service cannot be read");
    return e;
}

static enum err wait_for(struct request *r, struct stamp after) {
    int64_t now = 0;
    enum err e = read_stamp(r, after.service, &now);
    if (e == ERR_NOT_FOUND)
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "Quarterday-After is of the service '%.*s', and this request asks for another.",
                    STR_ARG(after.service));
    if (e != OK || now >= after.number) return e;
    return fail(&r->fault, ERR_NOT_YET,
                "The database has not come as far as Quarterday-After says: its newest change of '%.*s' is "
                "%lld. A stamp that stays ahead is of another database, or of one from before a restore.",
                STR_ARG(after.service), (long long)now);
}

enum err stamp_before(struct request *r) {
    struct stamp after;
    db_forget_change(((struct worker *)r->worker)->db);
    str asked = request_header(r, "Quarterday-After");
    if (!asked.p || !r->who) return OK;
    if (!stamp_parse(str_trim(asked), &after))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "Quarterday-After is what an earlier answer said as Quarterday-Stamp, like "
                    "city-and-hackney:4711.");
    return wait_for(r, after);
}

void stamp_after(struct request *r, struct reply *p) {
    struct stamp s;
    if (db_last_change(((struct worker *)r->worker)->db, &s.service, &s.number)) stamp_format(s, p->stamp);
}

void answered_from(struct request *r, struct reply *p, int64_t known_at,
                   const struct store_service *service) {
    data_as_of_header(r, p, known_at, service->changed_at);
    stamp_format((struct stamp){service->id, service->stamp}, p->stamp);
    p->may_be_kept = known_at == INSTANT_NONE || known_at <= instant_now();
}
