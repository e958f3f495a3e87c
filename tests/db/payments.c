/* Statements of payment by results, in the database: numbered within a year, frozen, with each step once, as known at an instant, told to the
 * audit and the events; and the keys that may read feeds. */
#include <stdio.h>
#include <string.h>

#include "db/store_payments.h"
#include "db/store_periods.h"
#include "tests/db/fixture.h"

struct work {
    struct store_statement statement;
    int year;
    enum statement_status to; /* STATEMENT_DRAFT: a new one */
    int64_t at;
};

static enum err run_work(struct db *db, void *context, struct fault *fault) {
    struct work *w = context;
    (void)fault;
    int64_t at;
    enum err e = store_service_lock(db, SERVICE, &at);
    if (e != OK) return e;
    if (w->to == STATEMENT_DRAFT)
        return store_statement_put(db, SERVICE, w->year, &w->statement, STR("first words"), STR("c-1"));
    return store_statement_step(db, SERVICE, w->year, &w->statement, w->to, w->at, STR("key-2"),
                                STR("as agreed"), STR("c-2"));
}

static enum err draft(int year, int64_t pence, int32_t after, int64_t at, int32_t *out_number) {
    struct work w = {.year = year,
                     .statement = {.at = at,
                                   .key_id = STR("key"),
                                   .after_number = after,
                                   .issued_before = after ? 900 : 0,
                                   .payment_pence = pence,
                                   .figures = STR("{\"rate\":  52.5}")}};
    enum err e = db_transaction(fx.db, &(struct db_work){.run = run_work, .context = &w}, NULL);
    *out_number = w.statement.number;
    return e;
}

static enum err step(int year, int32_t number, enum statement_status to, int64_t at) {
    struct work w = {.year = year, .to = to, .at = at, .statement = {.number = number}};
    return db_transaction(fx.db, &(struct db_work){.run = run_work, .context = &w}, NULL);
}

static void numbered_within_a_year(void) {
    int32_t number = 0;
    CHECK(draft(2025, 900, 0, 1000000, &number) == OK && number == 1, "the first of 2025: %d", number);
    CHECK(draft(2025, 1200, 1, 4000000, &number) == OK && number == 2, "the second: %d", number);
    CHECK(draft(2024, 0, 0, 4000000, &number) == OK && number == 1, "each year counts by itself: %d", number);
    CHECK(draft(2025, -1, 0, 5000000, &number) != OK, "nobody owes less than nothing");
    CHECK(draft(1999, 1, 0, 5000000, &number) != OK, "nor for a year before the framework");
}

static void steps_as_known(void) {
    struct arena a = ARENA_EMPTY;
    struct store_statement *list;
    struct store_statement_step *steps;
    size_t count;
    CHECK(step(2025, 1, STATEMENT_AGREED, 2000000) == OK, "%s", db_last_error(fx.db));
    CHECK(step(2025, 1, STATEMENT_ISSUED, 3000000) == OK, "%s", db_last_error(fx.db));
    CHECK(step(2025, 1, STATEMENT_ISSUED, 3500000) != OK, "issued once");
    CHECK(step(2025, 9, STATEMENT_AGREED, 3500000) != OK, "there is no ninth");
    CHECK(store_statements_list(fx.db, SERVICE, 2025, INSTANT_NONE, &a, &list, &count) == OK && count == 2,
          "two: %zu", count);
    CHECK(list[0].number == 1 && list[0].status == STATEMENT_ISSUED && list[0].status_at == 3000000,
          "issued");
    CHECK(list[1].status == STATEMENT_DRAFT && list[1].after_number == 1 && list[1].issued_before == 900 &&
              list[1].payment_pence == 1200,
          "the second says what went before");
    CHECK(str_is(list[0].figures, "{\"rate\":  52.5}"), "the figures keep their bytes: %.*s",
          STR_ARG(list[0].figures));
    CHECK(store_statements_list(fx.db, SERVICE, 2025, 2500000, &a, &list, &count) == OK && count == 1 &&
              list[0].status == STATEMENT_AGREED,
          "as known between two steps: %zu", count);
    CHECK(store_statements_list(fx.db, SERVICE, 2025, 500000, &a, &list, &count) == OK && count == 0,
          "before there was any");
    CHECK(store_statements_list(fx.db, STR("other"), 2025, INSTANT_NONE, &a, &list, &count) == OK &&
              count == 0,
          "nor of another service");
    CHECK(store_statement_steps(fx.db, SERVICE, 2025, 1, &a, &steps, &count) == OK && count == 3, "%zu steps",
          count);
    CHECK(steps[0].status == STATEMENT_DRAFT && str_is(steps[0].comment, "first words"), "the first");
    CHECK(steps[2].status == STATEMENT_ISSUED && str_is(steps[2].key_id, "key-2"), "the last");
    arena_free(&a);
}

static void told_and_kept(void) {
    CHECK(
        strcmp(database_ask(fx.owner, "SELECT string_agg(kind, ' ' ORDER BY seq) FROM event WHERE kind LIKE "
                                      "'PAYMENT%' AND (body ->> 'number')::int = 1"),
               "PAYMENT_DRAFTED PAYMENT_DRAFTED PAYMENT_AGREED PAYMENT_ISSUED") == 0,
        "the events of the first statements: %s",
        database_ask(fx.owner, "SELECT string_agg(kind || body::text, ' ' ORDER BY seq) FROM event"));
    CHECK(strcmp(database_ask(fx.owner, "SELECT count(*) FROM audit WHERE action LIKE 'PAYMENT%'"), "5") == 0,
          "five lines in the audit: %s",
          database_ask(fx.owner, "SELECT count(*) FROM audit WHERE action LIKE 'PAYMENT%'"));
    static const char *const CHANGES[] = {
        "UPDATE payment_statement SET payment_pence = 1",
        "DELETE FROM payment_statement",
        "UPDATE payment_step SET comment = ''",
        "DELETE FROM payment_step",
        "TRUNCATE payment_step",
    };
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        CHECK(strcmp(database_refusal(fx.app, CHANGES[i]), "42501") == 0, "the application may not: %s: %s",
              CHANGES[i], database_refusal(fx.app, CHANGES[i]));
        CHECK(database_refusal(fx.owner, CHANGES[i])[0], "nor the owner: %s", CHANGES[i]);
    }
}

/* Role 16 reads the feeds of one service, exact ones. */
static void feed_keys(void) {
    static const struct {
        const char *label, *service, *audience;
        int role;
        bool good;
    } CASES[] = {
        {"of a service", "svc", "internal", 16, true},
        {"of no service", "", "internal", 16, false},
        {"for a wider audience, which has no feeds", "svc", "public", 16, false},
        {"a commissioner's for a wider audience", "svc", "public", 2, true},
        {"a role that there is not", "svc", "internal", 32, false},
        {"two roles at once", "svc", "internal", 18, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char id[16];
        snprintf(id, sizeof id, "feedkeyaa%c", "bcdefg"[i]);
        struct store_key key = {.id = str_of(id),
                                .role = CASES[i].role,
                                .service = str_of(CASES[i].service),
                                .provider = STR(""),
                                .audience = str_of(CASES[i].audience),
                                .label = STR("a spreadsheet"),
                                .created_at = instant_now(),
                                .expires_at = instant_now() + 60000000,
                                .revoked_at = INSTANT_NONE};
        memset(key.secret_sha256, (int)i + 1, sizeof key.secret_sha256);
        enum err e = store_key_put(fx.db, &key, STR("operator"));
        CHECK((e == OK) == CASES[i].good, "%s: %s %s", CASES[i].label, err_info(e)->code,
              e == OK ? "" : db_last_error(fx.db));
    }
}

void suite_db_payments(void) {
    suite_add("db_payments", fixture_begin, fixture_end);
    case_add("numbered within a year", numbered_within_a_year);
    case_add("each step once, as known at an instant", steps_as_known);
    case_add("told to events and audit, and never changed", told_and_kept);
    case_add("which keys may read feeds", feed_keys);
}
