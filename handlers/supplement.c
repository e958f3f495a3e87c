/* GET /v1/supplement/{service}/{period}: the "additional data" of seed 002 that no breakdown counts, line by line in its order and words,
 * with who sent it and what was sent. A provider sees its own. */
#include "handlers/supplement.h"

#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/snapshot_ask.h"
#include "handlers/stamps.h"

struct ask {
    struct request *r;
    struct buf *out;
    str service, provider; /* provider.p NULL: all */
    int16_t period;
    int64_t known_at;
    struct store_service from_service; /* in the snapshot of the answer */
    bool csv;
};

const struct held *supplement_held(const struct supplement *s, const struct supplement_provider *p,
                                   enum part_id part) {
    bool carries = part == PART_SITES || part == PART_ADVISERS;
    const struct held *best = NULL;
    for (size_t i = 0; i < p->book.count; i++) {
        const struct held *h = &p->book.held[i];
        if (h->part != part || h->period > s->period || (!carries && h->period != s->period)) continue;
        if (!best || h->period > best->period) best = h;
    }
    return best;
}

/* The lines of the seed, in its order. What breakdowns count (by setting, lost to follow-up, sources of referral, priority groups) is not
 * among them. */
enum special { AS_SENT, MEDIA, DESTINATIONS, OUT_OF_HOURS, ORGANISATIONS, CERTIFIED };
static const struct line {
    struct supplement_item item;
    enum special special;
    const char *columns, *sums;
} LINES[] = {
    {{"1", "serviceDeliveryLocations", "Service delivery locations and clinic times", PART_SITES},
     AS_SENT,
     "siteId name setting postcode clinicTimes",
     ""},
    {{"2", "contactsByEmailAndPhone", "Number of people making contact with services by email and by phone",
      PART_CONTACTS},
     AS_SENT,
     "month callsReceived emailsReceived",
     "callsReceived emailsReceived"},
    {{"2", "referralDestinations",
      "Breakdown of where referrals are being sent to (location and type of service)", PART_REFERRALS},
     DESTINATIONS,
     "",
     ""},
    {{"2", "websiteVisitors", "number of website visitors", PART_WEB_ANALYTICS},
     AS_SENT,
     "month visitors",
     "visitors"},
    {{"2", "pagesViewed", "number of pages viewed", PART_WEB_ANALYTICS},
     AS_SENT,
     "month pageViews",
     "pageViews"},
    {{"2", "bounceRate", "bounce rate", PART_WEB_ANALYTICS}, AS_SENT, "month bounceRatePercent", ""},
    {{"2", "topVisitedPages", "top visited pages", PART_WEB_ANALYTICS}, AS_SENT, "month topPages", ""},
    {{"2", "newVisitors", "number of new visitors", PART_WEB_ANALYTICS},
     AS_SENT,
     "month newVisitors",
     "newVisitors"},
    {{"2", "webChatsAndVideoCalls", "number of web chats and video calls", PART_WEB_ANALYTICS},
     AS_SENT,
     "month webChats videoCalls",
     "webChats videoCalls"},
    {{"2", "websiteDowntime",
      "reports on website downtime detailing number of support issues raised and average time to resolve",
      PART_WEB_ANALYTICS},
     AS_SENT,
     "month downtimeMinutes supportIssues averageResolveHours",
     "downtimeMinutes supportIssues"},
    {{"2", "digitalMediaActivity",
      "evidence of digital media activity (e.g. tweets, facebook/Instagram/TikTok posts, short videos) in English and other languages",
      PART_MEDIA_ACTIVITY},
     MEDIA,
     "",
     ""},
    {{"3", "trainingOutOfHours",
      "Evidence that at least 10% of stop smoking practitioner, specialty courses and refresher training sessions are delivered out of "
      "hours in order for staff (e.g. pharmacy) to attend",
      PART_TRAINING_SESSIONS},
     OUT_OF_HOURS,
     "",
     ""},
    {{"3", "attendeesByOrganisation",
      "List of number of attendees by which organisations/communities they represent",
      PART_TRAINING_SESSIONS},
     ORGANISATIONS,
     "",
     ""},
    {{"3", "advisersAndQualifications", "List of all SSS advisors and training qualifications",
      PART_ADVISERS},
     AS_SENT,
     "adviserId organisation qualification certifiedDate",
     ""},
    {{"3", "certifiedSpecialtySessions",
      "Number of specialty training sessions delivered each year (with a minimum of 6 attendees per session) which are Fully NCSCT Certified",
      PART_TRAINING_SESSIONS},
     CERTIFIED,
     "",
     ""},
};

static enum err write_line(struct supplement *s, const struct line *l) {
    enum err e = OK;
    supplement_item_begin(&s->w, &l->item);
    switch (l->special) {
    case AS_SENT: e = supplement_as_sent(s, l->columns, l->sums); break;
    case MEDIA: e = supplement_media(s); break;
    case DESTINATIONS: e = supplement_destinations(s); break;
    case ORGANISATIONS: e = supplement_organisations(s); break;
    case OUT_OF_HOURS: supplement_out_of_hours(s); break;
    case CERTIFIED: supplement_certified(s); break;
    }
    supplement_item_end(&s->w);
    return e;
}

static enum err load_providers(struct ask *ask, const struct service_view *view, struct supplement *s) {
    struct supplement_provider *list =
        ARENA_ARRAY(ask->r->arena, struct supplement_provider, view->provider_count + 1);
    enum err e = OK;
    for (size_t i = 0; i < view->provider_count && e == OK; i++) {
        str id = view->providers[i].id;
        if (ask->provider.p && !str_eq(id, ask->provider)) continue;
        list[s->provider_count].id = id;
        e = store_book_load(s->db, ask->service, id, ask->known_at, 1u << PART_TRAINING_SESSIONS,
                            ask->r->arena, &list[s->provider_count++].book);
    }
    s->providers = list;
    return e;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct supplement s = {.db = db, .arena = ask->r->arena, .service = ask->service, .period = ask->period};
    buf_clear(ask->out);
    enum err e = service_view_load(ask->r, ask->service, ask->known_at, ask->period, &view, fault);
    if (e != OK) return e;
    ask->from_service = view.service;
    if (ask->provider.p && !service_view_provider(&view, ask->provider))
        return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                    STR_ARG(ask->provider), STR_ARG(ask->service));
    e = load_providers(ask, &view, &s);
    supplement_begin(&s.w, ask->out, ask->csv, ask->service, ask->period, ask->provider);
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES && e == OK; i++)
        e = write_line(&s, &LINES[i]);
    supplement_end(&s.w);
    return e;
}

enum err handle_supplement(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    struct ask ask = {.r = r,
                      .out = &p->body,
                      .service = request_param(r, "service"),
                      .provider = request_query(r, "provider"),
                      .known_at = INSTANT_NONE};
    size_t choice = 0;
    int32_t as_at; /* of a snapshot; nothing here is due on a day */
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = query_instant(r, "knownAt", &ask.known_at);
    if (e == OK) e = query_snapshot(r, ask.service, &as_at, &ask.known_at);
    if (e == OK) e = request_negotiate(r, OFFERS, 2, &choice);
    if (e != OK) return e;
    if (r->who->role == ROLE_PROVIDER) {
        if (ask.provider.p && !str_is(ask.provider, r->who->provider))
            return request_hides(r, fail(&r->fault, ERR_NOT_FOUND,
                                         "There is no provider '%.*s' in service '%.*s'.",
                                         STR_ARG(ask.provider), STR_ARG(ask.service)));
        ask.provider = str_of(r->who->provider);
    }
    ask.csv = choice == 1;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) {
        buf_free(&p->body);
        return e;
    }
    if (ask.csv) p->content_type = "text/csv; charset=utf-8; header=present";
    answered_from(r, p, ask.known_at, &ask.from_service);
    reply_header(r, p, "Vary", STR("Accept"));
    reply_etag_of_body(p);
    return OK;
}
