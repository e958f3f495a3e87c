/* The independent check: generated returns go in over HTTPS, and at every day on which something changes the answers of the service
 * (dashboards, completeness, payments, breakdowns) are compared, field by field, with those of tests/oracle/, a second implementation in SQL
 * over the stored rows. A disagreement names its seed, question and field; the contract says who is wrong.
 *
 * QUARTERDAY_TEST_SEEDS=200 runs more seeds, =57-57 one. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/num.h"
#include "tests/oracle/batch.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

enum { SEEDS = 50, SEEDS_SANITIZED = 8 };

static struct service *s;
static PGconn *db, *oracle; /* the second is the oracle's own: it works while the next returns are sent */

/* ---- the database of the oracle ---- */

static bool load_file(const char *path) {
    struct buf text = BUF_EMPTY;
    char piece[8192];
    size_t got;
    FILE *f = fopen(path, "r");
    while (f && (got = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&text, piece, got);
    if (f) fclose(f);
    buf_add_char(&text, '\0');
    bool good = f && database_do(s->owner, text.p);
    if (!good) fprintf(stderr, "oracle: %s cannot be loaded\n", path);
    buf_free(&text);
    return good;
}

static bool load_oracle(void) {
    glob_t files;
    bool good = glob("tests/oracle/*.sql", 0, NULL, &files) == 0 && files.gl_pathc > 0;
    for (size_t i = 0; good && i < files.gl_pathc; i++)
        good = load_file(files.gl_pathv[i]);
    globfree(&files);
    return good;
}

static int begin(void) {
    s = service_start(&(struct service_options){.today = "2028-01-03"});
    if (!s || !load_oracle()) return 1;
    db = PQconnectdb(s->owner);
    oracle = PQconnectdb(s->owner);
    static const char EVERYBODY[] = "SET quarterday.service = '*'; SET quarterday.provider = '*'";
    PQclear(PQexec(db, EVERYBODY));
    PQclear(PQexec(oracle, EVERYBODY));
    /* The estimates for tables that are filled anew each time are worth little: hash joins are right throughout. */
    PQclear(PQexec(
        oracle,
        "SET enable_nestloop = off; SET enable_mergejoin = off; SET max_parallel_workers_per_gather = 0; "
        "SET work_mem = '64MB'; SET jit = off; SET client_min_messages = warning"));
    return PQstatus(db) == CONNECTION_OK && PQstatus(oracle) == CONNECTION_OK ? 0 : 1;
}

static int end(void) {
    PQfinish(db);
    PQfinish(oracle);
    return s ? service_stop(s) : 1;
}

/* ---- one seed ---- */

static struct totals total;

static bool issue_key(const char *role, const char *service, const char *provider, char *out) {
    const char *argv[] = {"key",       "issue",  "--database",
                          s->owner,    "--role", role,
                          "--service", service,  provider ? "--provider" : NULL,
                          provider,    NULL};
    struct buf text = BUF_EMPTY;
    int status = service_command(argv, &text);
    snprintf(out, 128, "%.*s", STR_ARG(str_trim(buf_str(&text))));
    buf_free(&text);
    return status == 0;
}

static bool found_service(struct trial *t) {
    char path[200];
    snprintf(t->name, sizeof t->name, "seed-%u", t->story->seed);
    snprintf(path, sizeof path, "%s/framework.json", s->home);
    json_t *framework = story_framework(t->story, t->name);
    bool good = json_dump_file(framework, path, JSON_COMPACT) == 0;
    json_decref(framework);
    const char *load[] = {"framework", "load", path, "--database", s->owner, NULL};
    good =
        good && service_command(load, NULL) == 0 && issue_key("commissioner", t->name, NULL, t->commissioner);
    for (int i = 0; good && i < STORY_PROVIDERS; i++)
        good = issue_key("provider", t->name, story_providers[i], t->keys[i]);
    unlink(path);
    return good;
}

/* A running service hears of new keys a moment after they are made. */
static bool opens(const struct trial *t) {
    const char *key = t->keys[STORY_PROVIDERS - 1];
    char path[120];
    snprintf(path, sizeof path, "/v1/dashboards/%s/2025-26-Q1", t->name);
    for (int tries = 0; tries < 6000; tries++) {
        struct answer a = service_get(s, key, path);
        long status = a.status;
        answer_free(&a);
        if (status == 200) return true;
        nanosleep(&(struct timespec){0, 10 * 1000000}, NULL);
    }
    CHECK(false, "the keys of %s do not open it", t->name);
    return false;
}

static bool upload(void *context, int provider, int16_t period, const char *part, str csv) {
    struct trial *t = context;
    char path[200], text[PERIOD_TEXT];
    snprintf(path, sizeof path, "/v1/returns/%s/%s/%s/%s", t->name, story_providers[provider],
             period_format(period, text), part);
    struct answer a = service_put(s, t->keys[provider], path, "text/csv", csv);
    bool good = a.status == 200 || a.status == 201;
    CHECK(good, "%s: %ld %.*s", path, a.status, STR_ARG(str_sub(buf_str(&a.body), 0, 1500)));
    answer_free(&a);
    total.uploads++;
    return good;
}

static void post(const char *key, const char *path) {
    struct ask ask = {
        .method = "POST", .path = path, .key = key, .type = "application/json", .body = STR("{}")};
    struct answer a = service_ask(s, &ask);
    CHECK(a.status == 200 || a.status == 201 || a.status == 409, "%s: %ld %.*s", path, a.status,
          STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

/* Some returns are signed off where they are complete, and some periods made final. */
static void sign(struct trial *t) {
    struct dice *d = &t->story->dice;
    for (size_t q = 0; q < t->story->quarter_count; q++) {
        char path[200], period[PERIOD_TEXT];
        if (t->story->quarters[q] < FIRST_RATED) continue;
        period_format(t->story->quarters[q], period);
        for (int i = 0; i < STORY_PROVIDERS; i++) {
            if (!dice_percent(d, 60)) continue;
            snprintf(path, sizeof path, "/v1/returns/%s/%s/%s/submission", t->name, story_providers[i],
                     period);
            post(t->keys[i], path);
        }
        if (!dice_percent(d, 20)) continue;
        snprintf(path, sizeof path, "/v1/periods/%s/%s/finalisation", t->name, period);
        post(t->commissioner, path);
    }
}

/* ---- batches ---- */

static bool prepare(struct trial *t) {
    if (!opens(t) || !story_tell(t->story, upload, t)) return false;
    sign(t);
    total.dates += questions_choose(t, db);
    return true;
}

/* Sends the returns, and sets the oracle to work. */
static struct batch *batch_begin(unsigned first, unsigned last) {
    struct batch *b = must_calloc(1, sizeof *b);
    size_t founded = 0;
    b->oracle = oracle;
    b->trial_count = last - first + 1;
    for (size_t i = 0; i < b->trial_count; i++) {
        b->trials[i].batch = b;
        b->trials[i].story = story_begin(first + (unsigned)i);
        founded += found_service(&b->trials[i]);
    }
    CHECK(founded == b->trial_count, "%zu of %zu services could be founded", founded, b->trial_count);
    for (size_t i = 0; i < b->trial_count && founded == b->trial_count; i++)
        total.seeds += prepare(&b->trials[i]);
    return b;
}

static void batch_ask(struct batch *b) {
    if (b->ask_count && pthread_create(&b->thread, NULL, batch_work_out, b) != 0) b->ask_count = 0;
    CHECK(b->ask_count > 0, "the batch from seed %u asks nothing", b->trials[0].story->seed);
}

static void batch_wait(struct batch *b) {
    if (b->ask_count) pthread_join(b->thread, NULL);
}

static void batch_end(struct batch *b) {
    if (b->ask_count) batch_compare(b, s, &total);
    for (size_t i = 0; i < b->trial_count; i++) {
        const struct trial *t = &b->trials[i];
        CHECK(t->differences == 0, "seed %u: %zu fields differ", t->story->seed, t->differences);
        story_free(t->story);
    }
    total.asks += b->ask_count;
    free(b);
}

static void choose_seeds(uint64_t *first, uint64_t *last) {
    const char *binary = getenv("QUARTERDAY_TEST_BINARY"), *wish = getenv("QUARTERDAY_TEST_SEEDS");
    *first = 1;
    *last = binary && (strstr(binary, "/asan/") || strstr(binary, "/tsan/")) ? SEEDS_SANITIZED : SEEDS;
    if (!wish) return;
    str rest = str_of(wish), from = str_cut(&rest, '-');
    if (!str_to_uint(rest.p ? rest : from, 1000000, last) || (rest.p && !str_to_uint(from, 1000000, first)))
        CHECK(false, "QUARTERDAY_TEST_SEEDS=%s is neither a number nor a range", wish);
}

static void seeds(void) {
    uint64_t first, last;
    choose_seeds(&first, &last);
    struct batch *asked = NULL;
    for (uint64_t seed = first; seed <= last; seed += BATCH) {
        struct batch *b =
            batch_begin((unsigned)seed, (unsigned)(seed + BATCH - 1 < last ? seed + BATCH - 1 : last));
        struct batch *before = asked;
        if (before) batch_wait(before);
        asked = b;
        batch_ask(b);
        if (before) batch_end(before);
    }
    if (asked) {
        batch_wait(asked);
        batch_end(asked);
    }
    CHECK(total.seeds == last - first + 1, "%zu of %llu seeds were compared", total.seeds,
          (unsigned long long)(last - first + 1));
    CHECK(last - first < 9 || (total.cells && total.returns && total.left_out),
          "breakdowns had people in them, and national returns in and out");
    fprintf(
        stderr,
        "oracle: %zu seeds, %zu uploads, %zu dates, %zu questions, %zu answers, %zu fields compared, %zu differ; "
        "breakdowns: %zu cells, %zu national returns in them, %zu left out\n",
        total.seeds, total.uploads, total.dates, total.asks, total.answers, total.fields, total.differences,
        total.cells, total.returns, total.left_out);
}

void suite_http_oracle(void) {
    suite_add("http_oracle", begin, end);
    case_add("generated returns: the service agrees with the contract written down in SQL", seeds);
}
