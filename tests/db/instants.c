/* The instant that comes with the lock of a service: later than every change before it, also of the one that it has waited for; and which lookups
 * are changes of a service. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/store_lookups.h"
#include "db/store_periods.h"
#include "tests/db/fixture.h"

static const int64_t HOUR = 3600 * INT64_C(1000000);

static int64_t changed_at(void) {
    struct arena a = ARENA_EMPTY;
    struct store_service service = {.changed_at = INSTANT_NONE};
    CHECK(store_service_get(fx.db, SERVICE, INSTANT_NONE, &a, &service) == OK, "%s", db_last_error(fx.db));
    int64_t at = service.changed_at;
    arena_free(&a);
    return at;
}

/* ---- under the lock ---- */

struct locking {
    int64_t at;
    bool change; /* locks the period too, with that instant */
    enum err result;
};

static enum err run_lock(struct db *db, void *context, struct fault *fault) {
    struct locking *l = context;
    (void)fault;
    enum err e = store_service_lock(db, SERVICE, &l->at);
    if (e == OK && l->change)
        e = store_period_change(db, SERVICE, 8101, PERIOD_WAS_LOCKED, l->at, 20500, STR("key"), STR("why"),
                                STR("c-1"));
    return e;
}

static void lock_in(struct db *db, struct locking *l) {
    struct fault fault = {.err = OK};
    l->result = db_transaction(db, &(struct db_work){.run = run_lock, .context = l}, &fault);
}

static void later_than_before(void) {
    struct store_version ahead;
    struct locking l = {.change = false};
    int64_t start = instant_now();
    lock_in(fx.db, &l);
    CHECK(l.result == OK && l.at >= start && l.at <= instant_now(), "the clock's, where it is ahead");
    CHECK(changed_at() < l.at, "to lock is no change");
    CHECK(fixture_accept(fx.db, ONE, 8101, PART_EPISODES, 1, instant_now() + HOUR, &ahead) == OK, "upload");
    lock_in(fx.db, &l);
    CHECK(l.result == OK && l.at == ahead.received_at + 1, "a microsecond after what is ahead: %+lld",
          (long long)(l.at - ahead.received_at));
    l.change = true;
    lock_in(fx.db, &l);
    CHECK(l.result == OK && l.at == ahead.received_at + 1 && changed_at() == l.at,
          "which nobody has taken, and is now the newest change's");
    lock_in(fx.db, &l);
    CHECK(l.result == OK && l.at == ahead.received_at + 2 && changed_at() == l.at, "the next is later");
}

/* ---- who has waited ---- */

static void *wait_for_it(void *context) {
    struct db *db = db_new(fx.app, "quarterday test second");
    db_act_for(db, DB_EVERYBODY);
    lock_in(db, context);
    db_free(db);
    return NULL;
}

struct holding {
    pthread_t thread;
    struct locking first, second;
};

static enum err change_and_hold(struct db *db, void *context, struct fault *fault) {
    static const char *const WAITS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                                     "'quarterday test second' AND wait_event_type = 'Lock'";
    struct holding *h = context;
    enum err e = store_service_lock(db, SERVICE, &h->first.at);
    pthread_create(&h->thread, NULL, wait_for_it, &h->second);
    int tries = 0;
    while (tries++ < 12000 && strcmp(database_ask(fx.app, WAITS), "1") != 0)
        usleep(5000);
    CHECK(tries < 12000, "the second waits for the first");
    h->first.at +=
        HOUR; /* what is changed is an hour ahead, and nobody saw it when the second began to wait */
    if (e == OK)
        e = store_period_change(db, SERVICE, 8101, PERIOD_WAS_UNLOCKED, h->first.at, 20500, STR("key"),
                                STR("why"), STR("c-1"));
    (void)fault;
    return e;
}

static void later_than_whom_it_waited_for(void) {
    struct holding h = {.second = {.change = true}};
    struct fault fault = {.err = OK};
    struct db *db = db_new(fx.app, "quarterday test first");
    db_act_for(db, DB_EVERYBODY);
    enum err e = db_transaction(db, &(struct db_work){.run = change_and_hold, .context = &h}, &fault);
    pthread_join(h.thread, NULL);
    db_free(db);
    CHECK(e == OK && h.second.result == OK && h.second.at == h.first.at + 1 && changed_at() == h.second.at,
          "a microsecond after the change that it did not see: %+lld", (long long)(h.second.at - h.first.at));
}

/* ---- lookups ---- */

static enum err run_lookup(struct db *db, void *context, struct fault *fault) {
    struct store_lookup *l = context;
    (void)fault;
    enum err e = store_lookup_lock(db, l->lookup);
    l->received_at = instant_now();
    return e == OK ? store_lookup_put(db, l, STR("pack"), STR("c-1")) : e;
}

static void which_lookups(void) {
    static const struct {
        const char *lookup, *edition;
        bool changes;
    } CASES[] = {{"imd", "2019", false}, {"postcodes", "", false}, {"bank-holidays", "", true}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct store_lookup l = {.lookup = str_of(CASES[i].lookup),
                                 .edition = str_of(CASES[i].edition),
                                 .version = 1,
                                 .key_id = STR("key"),
                                 .bytes = 4,
                                 .rows = 1,
                                 .pack_bytes = 4};
        struct fault fault = {.err = OK};
        int64_t before = changed_at();
        CHECK(db_transaction(fx.db, &(struct db_work){.run = run_lookup, .context = &l}, &fault) == OK,
              "%s: %s", CASES[i].lookup, fault.detail);
        CHECK(CASES[i].changes ? l.received_at == before + 1 && changed_at() == l.received_at
                               : l.received_at < before && changed_at() == before,
              "%s: the change before is %+lld away", CASES[i].lookup, (long long)(before - l.received_at));
    }
}

void suite_db_instants(void) {
    suite_add("db instants", fixture_begin, fixture_end);
    case_add("a lock's instant is later than every change before", later_than_before);
    case_add("also of one that it has waited for", later_than_whom_it_waited_for);
    case_add("bank holidays are a change of every service, other lookups of none", which_lookups);
}
