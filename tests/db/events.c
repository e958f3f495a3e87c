/* The feed of events in the database: who follows it with a cursor sees every event once and in order, however many write at the same
 * time and however late one of them commits; and each sees only what is its own. */
#include "db/store_events.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/connection.h"
#include "tests/db/fixture.h"

enum { ALL = (1 << EVENT_COUNT) - 1, WRITERS = 4, EACH = 25 };

struct piece {
    const char *body;
    enum event_kind kind;
    bool end_badly;
};

static enum err put(struct db *db, void *context, struct fault *fault) {
    const struct piece *p = context;
    enum err e = store_event_put(db, SERVICE, p->kind, instant_now(), str_of(p->body));
    return e == OK && p->end_badly ? fail(fault, ERR_INVALID, "on purpose") : e;
}

static enum err put_in(struct db *db, const char *body, enum event_kind kind, bool end_badly) {
    struct piece p = {body, kind, end_badly};
    struct fault fault = {.err = OK};
    return db_transaction(db, &(struct db_work){.run = put, .context = &p}, &fault);
}

struct page {
    struct store_event *events;
    size_t count;
    uint64_t total;
};

static struct page list(struct arena *a, const char *provider, int64_t after, uint32_t kinds,
                        uint64_t limit) {
    struct page page = {.count = 0};
    struct store_events_ask ask = {
        .service = SERVICE, .provider = str_of(provider), .after = after, .kinds = kinds, .limit = limit};
    CHECK(store_events_list(fx.db, &ask, a, &page.events, &page.count, &page.total) == OK, "%s",
          db_last_error(fx.db));
    return page;
}

static int64_t newest(void) {
    int64_t seq = -1;
    CHECK(store_events_newest(fx.db, SERVICE, &seq) == OK, "newest");
    return seq;
}

/* ---- whose, which, how many ---- */

static void scope(void) {
    static const struct {
        const char *label, *provider;
        uint32_t kinds;
        uint64_t limit;
        const char *want; /* the bodies' "n" of the page, then how many there are */
    } ROWS_OF[] = {
        {"the commissioner sees all", "", ALL, 10, "12345/5"},
        {"a page of it", "", ALL, 2, "12/5"},
        {"a provider its own, what names it, and a final period", "one", ALL, 10, "145/3"},
        {"the other one", "two", ALL, 10, "245/3"},
        {"who is named nowhere", "three", ALL, 10, "4/1"},
        {"one type", "", 1u << EVENT_RETURN_ACCEPTED, 10, "235/3"},
        {"one type of a provider", "one", 1u << EVENT_RETURN_REFUSED, 10, "1/1"},
        {"no type", "", 0, 10, "/0"},
    };
    int64_t start = newest();
    put_in(fx.db, "{\"n\":\"1\",\"provider\":\"one\"}", EVENT_RETURN_REFUSED, false);
    put_in(fx.db, "{\"n\":\"2\",\"provider\":\"two\"}", EVENT_RETURN_ACCEPTED, false);
    put_in(fx.db, "{\"n\":\"3\"}", EVENT_RETURN_ACCEPTED, false);
    put_in(fx.db, "{\"n\":\"4\"}", EVENT_PERIOD_FINAL, false);
    put_in(fx.db, "{\"n\":\"5\",\"providers\":[\"one\",\"two\"]}", EVENT_RETURN_ACCEPTED, false);
    for (size_t i = 0; i < sizeof ROWS_OF / sizeof *ROWS_OF; i++) {
        struct arena a = ARENA_EMPTY;
        struct page page = list(&a, ROWS_OF[i].provider, start, ROWS_OF[i].kinds, ROWS_OF[i].limit);
        struct buf got = BUF_EMPTY;
        for (size_t k = 0; k < page.count; k++) {
            str body = page.events[k].body;
            buf_add_char(&got, body.p[str_find(body, ':') + 3]); /* {"n": "1", as jsonb writes it */
        }
        buf_printf(&got, "/%llu", (unsigned long long)page.total);
        CHECK(str_is(buf_str(&got), ROWS_OF[i].want), "%s: %.*s, expected %s", ROWS_OF[i].label,
              STR_ARG(buf_str(&got)), ROWS_OF[i].want);
        buf_free(&got);
        arena_free(&a);
    }
}

static void all_or_nothing(void) {
    int64_t before = newest();
    const char *stamp = "SELECT stamp FROM service WHERE service = 'svc'";
    char was[40];
    snprintf(was, sizeof was, "%s", database_ask(fx.owner, stamp));
    CHECK(put_in(fx.db, "{}", EVENT_RETURN_REFUSED, true) == ERR_INVALID && newest() == before,
          "what is rolled back was never told");
    CHECK(put_in(fx.db, "{}", EVENT_RETURN_REFUSED, false) == OK && newest() > before,
          "what is committed is");
    CHECK(strcmp(database_ask(fx.owner, stamp), was) == 0,
          "no figure has moved, so the service's stamp has not: %s", database_ask(fx.owner, stamp));
    struct arena a = ARENA_EMPTY;
    struct store_service before_it, after_it;
    CHECK(store_service_get(fx.db, SERVICE, INSTANT_NONE, &a, &before_it) == OK &&
              put_in(fx.db, "{}", EVENT_RETURN_REFUSED, false) == OK &&
              store_service_get(fx.db, SERVICE, INSTANT_NONE, &a, &after_it) == OK,
          "one more refusal");
    CHECK(before_it.changed_at == after_it.changed_at,
          "nor has the instant up to which figures are known moved");
    arena_free(&a);
}

struct once {
    const char *body, *key;
    bool told;
};
static enum err put_once(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct once *o = context;
    return store_event_put_once(db, SERVICE, EVENT_KPI_RED, instant_now(), str_of(o->body), str_of(o->key),
                                &o->told);
}

static void once(void) {
    static const struct {
        const char *label, *body, *key;
        int want; /* events so far */
    } STEPS[] = {
        {"the first time", "{\"kpi\":\"1.4\",\"period\":\"p\",\"x\":1}", "{\"kpi\":\"1.4\",\"period\":\"p\"}",
         1},
        {"again", "{\"kpi\":\"1.4\",\"period\":\"p\",\"x\":2}", "{\"kpi\":\"1.4\",\"period\":\"p\"}", 1},
        {"another period", "{\"kpi\":\"1.4\",\"period\":\"q\"}", "{\"kpi\":\"1.4\",\"period\":\"q\"}", 2},
        {"another KPI", "{\"kpi\":\"1.5\",\"period\":\"p\"}", "{\"kpi\":\"1.5\",\"period\":\"p\"}", 3},
    };
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        struct once o = {.body = STEPS[i].body, .key = STEPS[i].key};
        struct fault fault = {.err = OK};
        char want[12];
        snprintf(want, sizeof want, "%d", STEPS[i].want);
        CHECK(db_transaction(fx.db, &(struct db_work){.run = put_once, .context = &o}, &fault) == OK,
              "%s: %s", STEPS[i].label, fault.detail);
        CHECK(o.told == (i == 0 || STEPS[i].want > STEPS[i - 1].want), "%s: told is %d", STEPS[i].label,
              o.told);
        const char *got = database_ask(fx.owner, "SELECT count(*) FROM event WHERE kind = 'KPI_RED'");
        CHECK(strcmp(got, want) == 0, "%s: %s, expected %s", STEPS[i].label, got, want);
    }
}

static void names(void) {
    for (int k = 0; k < EVENT_COUNT; k++) {
        enum event_kind back = EVENT_COUNT;
        CHECK(event_kind_parse(str_of(event_kind_name((enum event_kind)k)), &back) && (int)back == k, "%s",
              event_kind_name((enum event_kind)k));
    }
    enum event_kind none;
    CHECK(!event_kind_parse(STR("PLAN_OPENED"), &none) && !event_kind_parse(STR(""), &none),
          "kinds of the trail are not handed out");
}

/* ---- many writers ---- */

/* Uploads, refusals and work that fails, so that both ways to take a number meet each other and their rollbacks. */
static void *write_some(void *context) {
    const int me = *(const int *)context;
    struct db *db = db_new(fx.app, "quarterday test writer");
    db_act_for(db, DB_EVERYBODY);
    for (int i = 0; i < EACH; i++) {
        struct store_version v;
        if (me % 2) fixture_accept(db, me == 1 ? ONE : TWO, 8104, PART_FOLLOW_UPS, 1, INSTANT_NONE, &v);
        else put_in(db, "{}", EVENT_RETURN_REFUSED, false);
        if (i % 5 == me) put_in(db, "{}", EVENT_RETURN_REFUSED, true);
    }
    db_free(db);
    return NULL;
}

static void followed(void) {
    pthread_t threads[WRITERS];
    int ids[WRITERS], seen = 0, steps = 0;
    int64_t start = newest(), cursor = start;
    for (int i = 0; i < WRITERS; i++) {
        ids[i] = i;
        pthread_create(&threads[i], NULL, write_some, &ids[i]);
    }
    for (; seen < WRITERS * EACH && steps < 200000; steps++) {
        struct arena a = ARENA_EMPTY;
        struct page page = list(&a, "", cursor, ALL, 3);
        for (size_t i = 0; i < page.count; i++) {
            CHECK(page.events[i].seq > cursor, "in order");
            cursor = page.events[i].seq;
        }
        seen += (int)page.count;
        if (!page.count) usleep(500);
        arena_free(&a);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    struct arena a = ARENA_EMPTY;
    struct page rest = list(&a, "", cursor, ALL, 10), whole = list(&a, "", start, ALL, 1);
    CHECK(seen == WRITERS * EACH && rest.count == 0 && whole.total == WRITERS * EACH,
          "followed %d of %llu, %zu left", seen, (unsigned long long)whole.total, rest.count);
    arena_free(&a);
}

/* ---- one that commits late ---- */

static void *write_one(void *context) {
    struct db *db = db_new(fx.app, "quarterday test second");
    db_act_for(db, DB_EVERYBODY);
    *(enum err *)context = put_in(db, "{\"n\":\"second\"}", EVENT_RETURN_REFUSED, false);
    db_free(db);
    return NULL;
}

static enum err begin_and_hold(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    pthread_t *thread = context;
    static enum err second;
    static const char *const WAITS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                                     "'quarterday test second' AND wait_event_type = 'Lock'";
    enum err e = store_event_put(db, SERVICE, EVENT_RETURN_REFUSED, instant_now(), STR("{\"n\":\"first\"}"));
    int64_t before = newest();
    pthread_create(thread, NULL, write_one, &second);
    int tries = 0;
    while (tries++ < 12000 && strcmp(database_ask(fx.app, WAITS), "1") != 0)
        usleep(5000);
    CHECK(tries < 12000, "the second waits for the first");
    CHECK(newest() == before, "a reader sees neither while the first is under way");
    return e;
}

static void late_commit(void) {
    pthread_t thread;
    struct fault fault = {.err = OK};
    struct db *db = db_new(fx.app, "quarterday test first");
    db_act_for(db, DB_EVERYBODY);
    int64_t start = newest();
    enum err e = db_transaction(db, &(struct db_work){.run = begin_and_hold, .context = &thread}, &fault);
    pthread_join(thread, NULL);
    db_free(db);
    struct arena a = ARENA_EMPTY;
    struct page page = list(&a, "", start, ALL, 10);
    CHECK(e == OK && page.count == 2 && str_is(page.events[0].body, "{\"n\": \"first\"}") &&
              str_is(page.events[1].body, "{\"n\": \"second\"}"),
          "in the order of the commits: %zu", page.count);
    arena_free(&a);
}

void suite_db_events(void) {
    suite_add("db events", fixture_begin, fixture_end);
    case_add("each type has a name, and only those are handed out", names);
    case_add("whose they are, which, how many", scope);
    case_add("an event is there when its change is, and never else", all_or_nothing);
    case_add("what is told once is not told again", once);
    case_add("a reader follows many writers and misses nothing", followed);
    case_add("one that commits late is not overtaken", late_commit);
}
