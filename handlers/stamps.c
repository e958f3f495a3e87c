#include "handlers/stamps.h"

#include <time.h>

#include "handlers/data_as_of.h"
#include "handlers/replica.h"
#include "handlers/scope.h"

/* The worker's connection may see the service: then its stamp is there to be read. */
static enum err read_stamp(struct request *r, str service, int64_t *out) {
    enum err e = store_service_stamp(db_of(r), service, out);
    if (e == ERR_UNAVAILABLE) fail(&r->fault, e, "%s", "The stamp of the service cannot be read");
    return e;
}

static enum err has_come_to(struct request *r, struct stamp after, bool *out) {
    int64_t now;
    enum err e = read_stamp(r, after.service, &now);
    *out = e == OK && now >= after.number;
    if (e != ERR_NOT_FOUND) return e;
    return fail(&r->fault, ERR_BAD_PARAMETER,
                "Quarterday-After is of the service '%.*s', and this request asks for another.",
                STR_ARG(after.service));
}

/* A standby follows in a moment, for which a worker may be held up; not all of them. The primary has what it told of. */
static enum err wait_for(struct request *r, struct stamp after) {
    enum { MOST_MS = 2000, STEP_MS = 10 };
    struct app *app = app_of(r);
    bool there = false,
         may_wait = app->replica_of[0] && atomic_fetch_add(&app->waiting, 1) < app->most_waiting;
    enum err e = has_come_to(r, after, &there);
    for (int ms = 0; e == OK && !there && may_wait && ms < MOST_MS; ms += STEP_MS) {
        nanosleep(&(struct timespec){0, STEP_MS * 1000000L}, NULL);
        e = has_come_to(r, after, &there);
    }
    if (app->replica_of[0]) atomic_fetch_sub(&app->waiting, 1);
    if (e != OK || there) return e;
    return fail(
        &r->fault, ERR_NOT_YET,
        "The database has not come as far as Quarterday-After says. Ask again in a moment%s%s. A stamp that "
        "stays ahead is of another database, or of one from before a restore.",
        app->replica_of[0] ? ", or ask " : "", app->replica_of);
}

enum err stamp_before(struct request *r) {
    struct stamp after;
    if (r->route->lane == LANE_WRITE) {
        enum err e = replica_refuse(r);
        if (e != OK) return e;
    }
    db_forget_change(((struct worker *)r->worker)->db);
    str asked = request_header(r, "Quarterday-After");
    if (!asked.p || !r->who) return OK;
    if (!stamp_parse(str_trim(asked), &after))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "Quarterday-After is what an earlier answer said as Quarterday-Stamp, like "
                    "city-and-hackney:4711.");
    return wait_for(r, after);
}

bool stamp_is_reached(const struct request *r, const struct store_service *service) {
    struct stamp after;
    str asked = request_header(r, "Quarterday-After");
    if (!asked.p) return true;
    return stamp_parse(str_trim(asked), &after) &&
           stamp_covers((struct stamp){service->id, service->stamp}, after);
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
