/* GET /v1/feeds/{feed}: flat tables for spreadsheets and statistics, whole, without pages: {feed}.csv, {feed}.json, or {feed} as Accept
 * says. The ending is stronger than Accept, so that an address that was pasted into a spreadsheet gives the same whatever it sends. */
#include "handlers/feed.h"
#include "handlers/handlers.h"
#include "handlers/stamps.h"

static const struct {
    feed_writer *write;
    bool by_authority, fingertips, by_dimension;
} FEEDS[FEED_COUNT] = {
    [FEED_KPI_RESULTS] = {feed_write_kpi_results, true, true, false},
    [FEED_RETURNS] = {feed_write_returns, false, false, false},
    [FEED_ACTION_PLANS] = {feed_write_action_plans, false, false, false},
    [FEED_COMPLETENESS] = {feed_write_completeness, false, false, false},
    [FEED_BREAKDOWNS] = {feed_write_breakdowns, true, false, true},
};

struct ask {
    struct feed_ask feed;
    enum feed_id id;
    bool csv, gzip;
};

/* ---- the address ---- */

static enum err no_feed(struct request *r, str name) {
    struct buf all = BUF_EMPTY;
    for (int i = 0; i < FEED_COUNT; i++)
        buf_printf(&all, "%s%s", i ? ", " : "", FEED_TABLES[i].name);
    fail(&r->fault, ERR_NOT_FOUND, "There is no feed '%.*s'. Feeds: %.*s; each also as .csv and .json.",
         STR_ARG(name), STR_ARG(buf_str(&all)));
    buf_free(&all);
    return ERR_NOT_FOUND;
}

static bool take_ending(str *name, str ending) {
    if (!str_ends_with(*name, ending)) return false;
    *name = str_sub(*name, 0, name->n - ending.n);
    return true;
}

static enum err read_address(struct request *r, struct ask *ask) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    str given = request_param(r, "feed"), name = given;
    bool csv = take_ending(&name, STR(".csv")), json = !csv && take_ending(&name, STR(".json"));
    int id = 0;
    while (id < FEED_COUNT && !str_is(name, FEED_TABLES[id].name))
        id++;
    if (id == FEED_COUNT) return no_feed(r, given);
    size_t choice = 0;
    enum err e = request_negotiate(r, OFFERS, 2, &choice);
    if (e != OK) return e;
    ask->id = (enum feed_id)id;
    ask->csv = csv || (!json && choice == 1);
    ask->gzip = request_accepts_gzip(r);
    return OK;
}

/* ---- the query ---- */

static enum err only_for(struct request *r, const char *parameter, const char *feeds) {
    return fail(&r->fault, ERR_BAD_PARAMETER, "%s is for the %s; leave it out here.", parameter, feeds);
}

static enum err read_format(struct request *r, struct ask *ask) {
    str format = request_query(r, "format");
    if (!format.p) return OK;
    if (!str_is(format, "fingertips"))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "'%.*s' is no value for format; write fingertips, or leave it out.", STR_ARG(format));
    if (!FEEDS[ask->id].fingertips) return only_for(r, "format", "feed kpi-results");
    ask->feed.fingertips = true;
    return OK;
}

static enum err read_dimensions(struct request *r, struct ask *ask) {
    if (FEEDS[ask->id].by_dimension) return feed_read_breakdowns(r, &ask->feed);
    if (request_query(r, "measure").p) return only_for(r, "measure", "feed breakdowns");
    if (request_query(r, "by").p) return only_for(r, "by", "feed breakdowns");
    return OK;
}

static enum err read_periods(struct request *r, struct feed_ask *ask) {
    ask->from = PERIOD_FIRST_ACCEPTED;
    ask->to = PERIOD_LAST_ACCEPTED;
    enum err e = query_period(r, "from", &ask->from);
    if (e == OK) e = query_period(r, "to", &ask->to);
    if (e == OK && ask->from > ask->to)
        e = fail(&r->fault, ERR_BAD_PARAMETER, "from lies after to; exchange them.");
    return e;
}

/* A key belongs to one service, so the feed is that one's; another is a 404. */
static enum err check_service(struct request *r) {
    str service = request_query(r, "service");
    if (!service.p || str_is(service, r->who->service)) return OK;
    return request_hides(r, fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service)));
}

static enum err read_ask(struct request *r, struct reply *p, struct ask *ask) {
    if (!str_is(str_of(r->who->audience), "internal"))
        return fail(&r->fault, ERR_FORBIDDEN, "Feeds hold exact figures; this key is for rounded ones");
    enum err e = read_address(r, ask);
    if (e == OK) e = check_service(r);
    if (e == OK) e = figures_ask_read(r, p, &ask->feed.q);
    if (e == OK) e = read_periods(r, &ask->feed);
    if (e == OK) e = read_format(r, ask);
    if (e == OK) e = read_dimensions(r, ask);
    if (e == OK && ask->feed.q.authority && !FEEDS[ask->id].by_authority)
        e = only_for(r, "localAuthority", "feeds kpi-results and breakdowns");
    return e;
}

/* ---- the answer ---- */

static enum err run(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    const struct feed_table *table = ask->feed.fingertips ? &FEED_FINGERTIPS : &FEED_TABLES[ask->id];
    const char *dir = app_of(ask->feed.q.r)->spool_dir;
    feed_out_begin(&ask->feed.out, table, ask->csv, ask->gzip, dir);
    return FEEDS[ask->id].write(&ask->feed, fault);
}

/* zip is NULL where there was no memory for it. */
static void name_answer(struct request *r, struct reply *p, const struct ask *ask) {
    char day[DAY_TEXT];
    p->content_type = ask->csv ? "text/csv; charset=utf-8; header=present" : "application/json";
    reply_header(r, p, "Vary", STR("Accept, Accept-Encoding"));
    if (ask->feed.out.zip) reply_header(r, p, "Content-Encoding", STR("gzip"));
    if (!ask->csv) return;
    str name = arena_printf(r->arena, "attachment; filename=\"%s-%s.csv\"", ask->feed.out.table->name,
                            day_format(ask->feed.q.as_at, day));
    reply_header(r, p, "Content-Disposition", name);
}

enum err handle_feed(struct request *r, struct reply *p) {
    struct ask *ask = arena_alloc(r->arena, sizeof *ask);
    enum err e = read_ask(r, p, ask);
    if (e == OK)
        e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = ask, .read_only = true},
                           &r->fault);
    if (e == OK) e = feed_out_end(&ask->feed.out, &r->fault, p);
    if (e == OK) {
        answered_from(r, p, ask->feed.q.known_at, &ask->feed.q.view.service);
        name_answer(r, p, ask);
    }
    feed_out_free(&ask->feed.out);
    return e;
}
