/* What the commissioner adds to a national return, in the database: versions of each kind, the newest of each as known at an instant,
 * copies with their bytes, and nothing that changes what is there. */
#include <stdio.h>
#include <string.h>

#include "db/store_national.h"
#include "db/store_periods.h"
#include "tests/db/fixture.h"

enum { Q1 = 2025 * 4, Q2 = 2025 * 4 + 1 };

struct adding {
    struct store_national_entry entry;
    enum err err;
};

static enum err run_put(struct db *db, void *context, struct fault *fault) {
    struct adding *a = context;
    (void)fault;
    int64_t at;
    enum err e = store_service_lock(db, SERVICE, &at);
    return e == OK ? store_national_put(db, SERVICE, &a->entry, STR("c-1")) : e;
}

static int32_t put(int16_t period, enum national_kind kind, int64_t at, const char *body) {
    struct adding a = {
        .entry = {.period = period, .kind = kind, .at = at, .key_id = STR("key"), .body = str_of(body)}};
    struct fault fault = {.err = OK};
    enum err e = db_transaction(fx.db, &(struct db_work){.run = run_put, .context = &a}, &fault);
    CHECK(e == OK, "%s", fault.detail);
    return a.entry.version;
}

static void versions_of_each_kind(void) {
    struct arena a = ARENA_EMPTY;
    struct store_national_entry *list;
    size_t count;
    CHECK(put(Q1, NATIONAL_FINANCE, 1000000, "{\"allocation\":1}") == 1, "finance of quarter 1");
    CHECK(put(Q2, NATIONAL_FINANCE, 2000000, "{\"allocation\":2}") == 1, "each quarter counts by itself");
    CHECK(put(Q2, NATIONAL_FINANCE, 3000000, "{\"allocation\":3}") == 2, "and each kind");
    CHECK(put(Q2, NATIONAL_REASONS, 4000000, "{\"reasons\":[]}") == 1, "reasons");
    CHECK(put(Q2, NATIONAL_SUBMISSION, 5000000, "{\"ready\":true,  \"reason\":\"\",\"rows\":[1]}") == 1,
          "a copy");
    CHECK(store_national_newest(fx.db, SERVICE, Q1, Q2, INSTANT_NONE, &a, &list, &count) == OK && count == 4,
          "the newest of each: %zu", count);
    for (size_t i = 0; i < count; i++)
        CHECK(list[i].kind != NATIONAL_FINANCE || list[i].period != Q2 ||
                  str_is(list[i].body, "{\"allocation\":3}"),
              "of two versions the later: %.*s", STR_ARG(list[i].body));
    CHECK(store_national_newest(fx.db, SERVICE, Q2, Q2, 2500000, &a, &list, &count) == OK && count == 1 &&
              list[0].version == 1,
          "as known at an instant");
    CHECK(store_national_list(fx.db, SERVICE, Q2, &a, &list, &count) == OK && count == 4 &&
              list[0].kind == NATIONAL_SUBMISSION && !memmem(list[0].body.p, list[0].body.n, "rows", 4),
          "the history, newest first, without the copy's rows");
    arena_free(&a);
}

static void copies_keep_their_bytes(void) {
    struct arena a = ARENA_EMPTY;
    struct store_national_entry one;
    CHECK(store_national_get(fx.db, SERVICE, Q2, NATIONAL_SUBMISSION, 1, &a, &one) == OK &&
              str_is(one.body, "{\"ready\":true,  \"reason\":\"\",\"rows\":[1]}") && one.at == 5000000,
          "%.*s", STR_ARG(one.body));
    CHECK(store_national_get(fx.db, SERVICE, Q2, NATIONAL_SUBMISSION, 2, &a, &one) == ERR_NOT_FOUND,
          "no second");
    CHECK(store_national_get(fx.db, STR("other"), Q2, NATIONAL_SUBMISSION, 1, &a, &one) == ERR_NOT_FOUND,
          "nor of another service");
    arena_free(&a);
}

void suite_db_national(void) {
    suite_add("db_national", fixture_begin, fixture_end);
    case_add("versions of each kind, the newest as known at an instant", versions_of_each_kind);
    case_add("copies keep their bytes", copies_keep_their_bytes);
}
