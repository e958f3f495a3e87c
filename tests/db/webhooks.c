/* Webhooks in the database: one process delivers, one event of a webhook at a time and in order; what fails waits, what is dead does not
 * hold up the next; a result that comes late or twice moves nothing back. */
#include "db/store_webhooks.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/store_periods.h"
#include "tests/db/fixture.h"

struct piece {
    enum { PUT, EVENT, CHANGE, TEST, RESEND, PASS, RESULT } what;
    struct store_webhook_by by;
    struct store_webhook webhook;
    struct arena *arena;
    str id;
    enum event_kind kind;
    const char *body;
    enum webhook_change change;
    int64_t seq, count, wait_ms;
    const struct store_webhook_due *due;
    int status;
    const char *error, *pause, *busy;
};

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct piece *p = context;
    int64_t at;
    (void)fault;
    switch (p->what) {
    case PUT: {
        enum err e = store_service_lock(db, SERVICE, &at);
        return e == OK ? store_webhook_put(db, &p->by, &p->webhook, p->arena) : e;
    }
    case EVENT: return store_event_put(db, SERVICE, p->kind, instant_now(), str_of(p->body));
    case CHANGE: return store_webhook_change(db, &p->by, p->id, p->change, STR("why"));
    case TEST: return store_webhook_test(db, &p->by, p->id);
    case RESEND: return store_webhook_resend(db, &p->by, p->id, p->seq, &p->count);
    case PASS: return store_webhooks_pass(db, str_of(p->busy));
    case RESULT:
        return store_webhook_result(db, p->due, p->status, str_of(p->error), p->wait_ms, str_of(p->pause));
    }
    return ERR_INTERNAL;
}

static enum err act(struct piece *p) {
    struct fault fault = {.err = OK};
    p->by = (struct store_webhook_by){SERVICE, p->by.provider.p ? p->by.provider : STR(""), STR("key"),
                                      STR("c"), instant_now()};
    return db_transaction(fx.db, &(struct db_work){.run = run, .context = p}, &fault);
}

static struct arena memory;
static int begin(void) {
    memory = ARENA_EMPTY;
    return fixture_begin();
}
static int end(void) {
    arena_free(&memory);
    return fixture_end();
}

static str make(const char *provider, const char *kinds) {
    struct piece p = {.what = PUT, .arena = &memory, .by.provider = str_of(provider)};
    p.webhook = (struct store_webhook){
        .url = STR("https://example.org/"), .kinds = str_of(kinds), .secret = STR("secret"), .cursor = -1};
    CHECK(act(&p) == OK && p.webhook.id.n, "made: %s", db_last_error(fx.db));
    return p.webhook.id;
}
static void tell(enum event_kind kind, const char *body) {
    CHECK(act(&(struct piece){.what = EVENT, .kind = kind, .body = body}) == OK, "told");
}
static void drop(str id, const char *provider) {
    CHECK(act(&(struct piece){
              .what = CHANGE, .id = id, .change = WEBHOOK_DELETE, .by.provider = str_of(provider)}) == OK,
          "deleted");
}
static void result(const struct store_webhook_due *due, int status, const char *error, int64_t wait_ms) {
    struct piece p = {
        .what = RESULT, .due = due, .status = status, .error = error, .wait_ms = wait_ms, .pause = ""};
    CHECK(act(&p) == OK, "noted: %s", db_last_error(fx.db));
}

struct due {
    struct store_webhook_due *list;
    size_t count;
};
static struct due due(const char *busy, uint64_t limit) {
    struct due d = {.count = 0};
    CHECK(store_webhooks_due(fx.db, str_of(busy), limit, &memory, &d.list, &d.count) == OK, "%s",
          db_last_error(fx.db));
    return d;
}
static struct store_webhook see(str id, const char *provider) {
    struct store_webhook *list, none = {.cursor = -1};
    size_t count = 0;
    CHECK(store_webhooks_list(fx.db, SERVICE, str_of(provider), id, &memory, &list, &count) == OK &&
              count == 1,
          "%.*s is there", STR_ARG(id));
    return count ? list[0] : none;
}

/* ---- who delivers ---- */

static void one_process(void) {
    bool first = false, second = false;
    struct db *one = db_new(fx.app, "quarterday test one"), *two = db_new(fx.app, "quarterday test two");
    db_act_for(one, DB_EVERYBODY);
    db_act_for(two, DB_EVERYBODY);
    CHECK(store_webhooks_claim(one, &first) == OK && store_webhooks_claim(two, &second) == OK, "asked");
    CHECK(first && !second, "one of two");
    CHECK(store_webhooks_claim(one, &first) == OK && first, "and it stays");
    db_free(one);
    for (int tries = 0; tries < 6000 && !second; tries++) {
        if (tries) usleep(10000);
        store_webhooks_claim(two, &second);
    }
    CHECK(second, "until its connection is gone");
    db_free(two);
}

/* ---- what is due ---- */

static void in_order(void) {
    str id = make("", "RETURN_REFUSED");
    CHECK(due("", 10).count == 0, "nothing yet");
    tell(EVENT_RETURN_ACCEPTED, "{\"provider\":\"one\"}");
    CHECK(due("", 10).count == 0, "nothing that it asked for");
    int64_t before = see(id, "").cursor;
    CHECK(act(&(struct piece){.what = PASS, .busy = ""}) == OK && see(id, "").cursor > before,
          "is passed over");
    tell(EVENT_RETURN_REFUSED, "{\"n\":1}");
    tell(EVENT_RETURN_REFUSED, "{\"n\":2}");
    before = see(id, "").cursor;
    CHECK(act(&(struct piece){.what = PASS, .busy = ""}) == OK && see(id, "").cursor == before,
          "what it asked for is not");
    struct due d = due("", 10), again = due("", 10);
    CHECK(d.count == 1 && strstr(d.list[0].body.p, "{\"n\": 1}"), "the first: %s",
          d.count ? d.list[0].body.p : "-");
    CHECK(again.count == 1 && str_eq(again.list[0].body, d.list[0].body) &&
              str_eq(again.list[0].id, d.list[0].id),
          "the same bytes as long as nothing is noted");
    char busy[100];
    snprintf(busy, sizeof busy, "svc/%s", id.p);
    CHECK(due(busy, 10).count == 0 && due("", 0).count == 0,
          "none while it is busy, none where there is no room");
    result(&d.list[0], 503, "answered 503", 60000);
    CHECK(due("", 10).count == 0, "nothing overtakes what waits");
    struct store_webhook w = see(id, "");
    CHECK(w.cursor == before && w.waiting == 2 && w.last.status == 503 &&
              str_is(w.last.error, "answered 503"),
          "the cursor stays");
    database_do(
        fx.owner,
        "SET quarterday.service = '*'; SET quarterday.provider = '*'; UPDATE quarterday.webhook_delivery SET next_at = now()");
    struct due later = due("", 10);
    CHECK(later.count == 1 && later.list[0].seq == d.list[0].seq && later.list[0].attempts == 1,
          "then it is due");
    result(&later.list[0], 0, "nobody answers", -1);
    struct due next = due("", 10);
    CHECK(next.count == 1 && next.list[0].seq > d.list[0].seq && next.list[0].attempts == 0 &&
              strstr(next.list[0].body.p, "{\"n\": 2}"),
          "dead: the next one's turn");
    CHECK(see(id, "").dead == 1, "one is dead");
    result(&next.list[0], 204, "", 0);
    CHECK(due("", 10).count == 0 && see(id, "").waiting == 0, "all done");
    int64_t at = see(id, "").cursor;
    result(&d.list[0], 200, "", 0); /* of a process that was thought gone */
    CHECK(see(id, "").cursor == at, "a late result moves nothing back");
    drop(id, "");
}

static void whose(void) {
    static const struct {
        enum event_kind kind;
        const char *body;
        bool one, all;
    } ROWS_OF[] = {
        {EVENT_RETURN_REFUSED, "{\"provider\":\"one\"}", true, true},
        {EVENT_RETURN_REFUSED, "{\"provider\":\"two\"}", false, true},
        {EVENT_PERIOD_FINAL, "{}", true, true},
        {EVENT_PLAN_ESCALATED, "{\"providers\":[\"two\",\"one\"]}", true, true},
        {EVENT_KPI_RED, "{}", false, true},
    };
    str one = make("one", ""), all = make("", "");
    for (size_t i = 0; i < sizeof ROWS_OF / sizeof *ROWS_OF; i++) {
        tell(ROWS_OF[i].kind, ROWS_OF[i].body);
        struct due d = due("", 10);
        bool got_one = false, got_all = false;
        for (size_t k = 0; k < d.count; k++) {
            if (str_eq(d.list[k].webhook, one)) got_one = true;
            if (str_eq(d.list[k].webhook, all)) got_all = true;
            result(&d.list[k], 200, "", 0);
        }
        CHECK(got_one == ROWS_OF[i].one && got_all == ROWS_OF[i].all, "%s %s: %d %d",
              event_kind_name(ROWS_OF[i].kind), ROWS_OF[i].body, got_one, got_all);
    }
    CHECK(
        database_do(
            fx.owner,
            "SET quarterday.service = '*'; INSERT INTO quarterday.event SELECT 'svc', nextval('quarterday.change_seq'), "
            "'PLAN_OPENED', now(), '{}'"),
        "a kind of the trail");
    CHECK(due("", 10).count == 0, "is sent to nobody");
    drop(one, "one");
    drop(all, "");
}

static void states(void) {
    str id = make("", "");
    struct piece test = {.what = TEST, .id = id}, twice = test;
    CHECK(act(&test) == OK && act(&twice) == ERR_CONFLICT, "one test at a time");
    struct due d = due("", 10);
    CHECK(d.count == 1 && d.list[0].seq == 0 && strstr(d.list[0].body.p, "\"type\":\"TEST\""),
          "the test is due");
    result(&d.list[0], 0, "nobody answers", 0);
    CHECK(str_is(see(id, "").test_state, "FAILED") && due("", 10).count == 0 && see(id, "").dead == 0,
          "tests are not repeated");
    tell(EVENT_KPI_RED, "{}");
    d = due("", 10);
    struct piece pause = {.what = CHANGE, .id = id, .change = WEBHOOK_PAUSE}, resume = pause, again = pause;
    resume.change = WEBHOOK_RESUME;
    CHECK(act(&pause) == OK && act(&again) == ERR_CONFLICT && due("", 10).count == 0,
          "paused, nothing is due");
    result(&d.list[0], 500, "answered 500", 60000);
    CHECK(act(&resume) == OK && act(&resume) == ERR_CONFLICT, "resumed once");
    d = due("", 10);
    CHECK(d.count == 1 && d.list[0].attempts == 0, "with all its attempts, at once");
    struct piece gone = {.what = RESULT,
                         .due = &d.list[0],
                         .status = 410,
                         .error = "answered 410",
                         .wait_ms = 1000,
                         .pause = "The receiver answered 410 Gone."};
    CHECK(act(&gone) == OK && see(id, "").paused, "410 pauses");
    drop(id, "");
    result(&d.list[0], 500, "answered 500", -1);
    CHECK(strcmp(database_ask(fx.app, "SELECT count(*) FROM pg_settings WHERE name = 'none'"), "0") == 0,
          "asked");
    struct store_webhook *list;
    size_t count = 1;
    CHECK(store_webhooks_list(fx.db, SERVICE, STR(""), id, &memory, &list, &count) == OK && count == 0,
          "what is deleted stays so");
}

static void sent_again(void) {
    str id = make("", "KPI_RED");
    tell(EVENT_KPI_RED, "{\"n\":1}");
    struct due d = due("", 10);
    struct piece early = {.what = RESEND, .id = id, .seq = d.list[0].seq};
    CHECK(act(&early) == ERR_NOT_FOUND, "what is still to be sent is not sent again");
    result(&d.list[0], 200, "", 0);
    struct piece again = {.what = RESEND, .id = id, .seq = d.list[0].seq}, none = {.what = RESEND, .id = id};
    CHECK(act(&none) == OK && none.count == 0, "none is dead");
    CHECK(act(&again) == OK && again.count == 1, "one that was delivered");
    struct due second = due("", 10);
    CHECK(second.count == 1 && second.list[0].seq == d.list[0].seq &&
              str_eq(second.list[0].body, d.list[0].body),
          "the same id and bytes");
    result(&second.list[0], 500, "answered 500", -1);
    CHECK(see(id, "").dead == 1 && see(id, "").waiting == 0, "which can die, too");
    struct piece all = {.what = RESEND, .id = id};
    CHECK(act(&all) == OK && all.count == 1 && due("", 10).count == 1, "and be sent again with the dead");
    struct store_delivery *list;
    size_t count;
    uint64_t total;
    CHECK(store_webhook_deliveries(fx.db, SERVICE, id, STR("DUE"), 0, 10, &memory, &list, &count, &total) ==
                  OK &&
              count == 1 && total == 1 && list[0].attempts == 0 && list[0].event.seq == d.list[0].seq,
          "it is listed");
    CHECK(store_webhook_deliveries(fx.db, SERVICE, id, STR("DEAD"), 0, 10, &memory, &list, &count, &total) ==
                  OK &&
              count == 0 && total == 0,
          "and no longer dead");
    drop(id, "");
}

static void not_too_many(void) {
    str ids[WEBHOOKS_EACH_MOST];
    for (int i = 0; i < WEBHOOKS_EACH_MOST; i++)
        ids[i] = make("two", "");
    struct piece p = {.what = PUT, .arena = &memory, .by.provider = STR("two")};
    p.webhook = (struct store_webhook){
        .url = STR("https://example.org/"), .secret = STR("s"), .cursor = -1, .kinds = STR("")};
    CHECK(act(&p) == ERR_CONFLICT, "one too many");
    for (int i = 0; i < WEBHOOKS_EACH_MOST; i++)
        drop(ids[i], "two");
    CHECK(act(&p) == OK, "those that are deleted do not count");
    drop(p.webhook.id, "two");
}

void suite_db_webhooks(void) {
    suite_add("db webhooks", begin, end);
    case_add("one process delivers, until its connection is gone", one_process);
    case_add("one event at a time, in order", in_order);
    case_add("each is told what concerns it", whose);
    case_add("tested, paused, resumed, gone, deleted", states);
    case_add("dead and delivered ones are sent again", sent_again);
    case_add("so many and no more", not_too_many);
}
