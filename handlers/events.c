/* GET /v1/events: what happened, oldest first, after a cursor, as a page or (Accept: text/event-stream) as a stream that goes on. Whoever follows keeps metadata.cursor and asks again with ?after=;
 * the same cursor always goes on at the same place. A provider sees its own events and that a period became final; the commissioner
 * those of its service. Cursors are of one service, since numbers are in the order of the commits only within a service. */
#include <stdio.h>

#include "db/store_events.h"
#include "handlers/event_streams.h"
#include "handlers/event_types.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/target.h"

struct ask {
    struct request *r;
    struct reply *p;
    struct store_events_ask events;
};

/* ---- what was asked ---- */

static enum err ask_service(struct request *r, str *out) {
    str asked = request_query(r, "service");
    str own = str_of(r->who->service);
    *out = own.n ? own : asked;
    if (!out->n)
        return fail(
            &r->fault, ERR_BAD_PARAMETER,
            "Say which service: ?service=. Cursors are of one service, and this key belongs to none.");
    if (asked.p && !str_eq(asked, *out))
        return request_hides(r,
                             fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(asked)));
    return OK;
}

/* A browser that connects anew asks the same address again and says in Last-Event-ID how far it came, which is further. */
static enum err ask_after(struct request *r, bool stream, int64_t *out) {
    str text = request_query(r, "after");
    str last = stream ? str_trim(request_header(r, "Last-Event-ID")) : STR_NONE;
    const char *name = last.n ? "Last-Event-ID" : "after";
    uint64_t n = 0;
    *out = 0;
    if (last.n) text = last;
    if (!text.p) return OK;
    if (!str_to_uint(text, INT64_MAX, &n))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "'%.*s' is no value for %s; use metadata.cursor of an earlier answer, or the id of an "
                    "event. Leave it out to begin with the first.",
                    STR_ARG(text), name);
    *out = (int64_t)n;
    return OK;
}

static enum err ask_types(struct request *r, uint32_t *out) {
    str types = request_query(r, "types");
    *out = EVENT_ALL;
    return types.p ? event_types_read(r, types, ERR_BAD_PARAMETER, out) : OK;
}

/* ---- the answer ---- */

/* Where nothing is left the cursor is the newest event of all, seen or not: a reader of rare types does not go over the same
 * ground again and again. Both are read in one snapshot. */
static int64_t cursor_of(const struct ask *ask, const struct store_event *events, size_t count,
                         uint64_t total, int64_t newest) {
    return total > count ? events[count - 1].seq : newest > ask->events.after ? newest : ask->events.after;
}

static void write_page(struct ask *ask, const struct store_event *events, size_t count, uint64_t total,
                       int64_t newest) {
    char cursor[24];
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_key(&j, "results");
    json_array_begin(&j);
    for (size_t i = 0; i < count; i++)
        store_event_write(&j, ask->events.service, &events[i]);
    json_end(&j);
    json_key(&j, "metadata");
    json_object_begin(&j);
    json_field_int(&j, "total", (int64_t)total);
    json_field_int(&j, "limit", (int64_t)ask->events.limit);
    snprintf(cursor, sizeof cursor, "%lld", (long long)cursor_of(ask, events, count, total, newest));
    json_field_cstr(&j, "cursor", cursor);
    json_field_bool(&j, "more", total > count);
    json_end(&j);
    json_end(&j);
}

static enum err check_after(struct db *db, const struct ask *ask, struct fault *fault, int64_t *out_newest) {
    enum err e = store_events_newest(db, ask->events.service, out_newest);
    if (e == OK && ask->events.after > *out_newest)
        return fail(
            fault, ERR_BAD_PARAMETER,
            "No event has come as far as %lld; the cursor is of another service, or of a database that "
            "was put back to an earlier state. Begin again without after.",
            (long long)ask->events.after);
    return e;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct store_event *events;
    size_t count;
    uint64_t total;
    int64_t newest;
    buf_clear(&ask->p->body);
    enum err e = check_after(db, ask, fault, &newest);
    if (e == OK) e = store_events_list(db, &ask->events, ask->r->arena, &events, &count, &total);
    if (e == OK) write_page(ask, events, count, total, newest);
    return e;
}

static enum err check_only(struct db *db, void *context, struct fault *fault) {
    int64_t newest;
    return check_after(db, context, fault, &newest);
}

/* The stream itself is fed by handlers/event_streams.h; `limit` has no meaning for it. */
static enum err begin_stream(struct ask *ask) {
    struct request *r = ask->r;
    enum err e = db_transaction(
        db_of(r), &(struct db_work){.run = check_only, .context = ask, .read_only = true}, &r->fault);
    if (e != OK) return e;
    ask->p->content_type = "text/event-stream";
    reply_header(r, ask->p, "X-Accel-Buffering", STR("no")); /* nginx would keep it back otherwise */
    return event_streams_follow(app_of(r)->streams, r, ask->p, &ask->events);
}

enum err handle_events(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/event-stream"};
    size_t choice = 0;
    struct ask ask = {.r = r, .p = p, .events = {.limit = PAGE_DEFAULT}};
    ask.events.provider = str_of(r->who->role == ROLE_PROVIDER ? r->who->provider : "");
    enum err e = request_negotiate(r, OFFERS, 2, &choice);
    if (e == OK) e = ask_service(r, &ask.events.service);
    if (e == OK) e = ask_after(r, choice == 1, &ask.events.after);
    if (e == OK) e = query_count(r, "limit", PAGE_MAX, &ask.events.limit);
    if (e == OK) e = ask_types(r, &ask.events.kinds);
    if (e != OK) return e;
    reply_header(r, p, "Vary", STR("Accept"));
    if (choice == 1) return begin_stream(&ask);
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}
