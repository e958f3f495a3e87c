/* The independent check: generated returns go in over HTTPS, and at every day on which something changes the answers of the service
 * (dashboards, completeness, payments, breakdowns) are compared, field by field, with those of tests/oracle/, a second implementation in SQL
 * over the stored rows. A disagreement names its seed, question and field; the contract says who is wrong.
 *
 * QUARTERDAY_TEST_SEEDS=20 runs fewer seeds, =57-57 one. */
#include <glob.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/num.h"
#include "tests/oracle/generator.h"
#include "tests/support/database.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

enum { SEEDS = 200, SEEDS_SANITIZED = 20, DATES = 12, BATCH = 10, ASKS_MOST = 4096, TOLD_MOST = 40 };
enum { FIRST_RATED = 2023 * 4, LAST_RATED = 2026 * 4 + 3 };

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

struct trial {
    struct batch *batch;
    struct story *story;
    char name[24]; /* of the service */
    char keys[STORY_PROVIDERS][128], commissioner[128];
    size_t differences;
};

enum view_of_oracle {
    OF_HEAD,
    OF_KPIS,
    OF_COMPLETENESS,
    OF_ITEMS,
    OF_PROVIDERS,
    OF_PAYMENT,
    OF_INCOMPLETE,
    OF_BREAKDOWN,
    VIEW_COUNT
};

/* Some seeds, their questions, and what the oracle answers to all of them at once, in a thread of its own. */
struct batch {
    struct trial trials[BATCH];
    struct question {
        struct trial *trial;
        int provider;          /* -1: the service */
        const char *authority; /* NULL: all */
        int16_t period;
        int32_t as_at;
        char known_at[40]; /* "": now */
    } asks[ASKS_MOST];
    size_t trial_count, ask_count;
    pthread_t thread;
    PGresult *answers[VIEW_COUNT];
    int next[VIEW_COUNT]; /* row */
    char failed[400];
};

static struct { size_t seeds, uploads, dates, asks, answers, fields, differences; } total;

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
    for (int tries = 0; tries < 500; tries++) {
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

/* ---- the questions ---- */

static int16_t rated_period(struct trial *t, int32_t day) {
    int16_t period = dice_percent(&t->story->dice, 50)
                         ? (int16_t)(period_of_day(day) - dice_below(&t->story->dice, 3))
                         : t->story->quarters[dice_below(&t->story->dice, (int)t->story->quarter_count)];
    if (period < FIRST_RATED) return FIRST_RATED;
    return period > LAST_RATED ? LAST_RATED : period;
}

static struct question *add_ask(struct trial *t, int provider, const char *authority, int32_t day) {
    static struct question no_room;
    struct batch *b = t->batch;
    if (b->ask_count >= ASKS_MOST) return &no_room;
    b->asks[b->ask_count] = (struct question){t, provider, authority, rated_period(t, day), day, ""};
    return &b->asks[b->ask_count++];
}

/* An instant at which something was received, signed or made final. */
static void choose_known_at(const struct trial *t, char out[40]) {
    char sql[600];
    snprintf(
        sql, sizeof sql,
        "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM ("
        "SELECT service, seq, received_at AS at FROM quarterday.version UNION ALL SELECT service, seq, at FROM quarterday.sign_off "
        "UNION ALL SELECT service, seq, at FROM quarterday.period_event) AS happened "
        "WHERE service = '%s' ORDER BY md5(seq || '%d') LIMIT 1",
        t->name, dice_below(&t->story->dice, 1000));
    PGresult *r = PQexec(db, sql);
    CHECK(PQresultStatus(r) == PGRES_TUPLES_OK, "%s", PQerrorMessage(db));
    snprintf(out, 40, "%s", PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
}

static void ask_at(struct trial *t, int32_t day, const char *known_at) {
    static const char *const AUTHORITIES[] = {"E09000012", "E09000001", "E09000030"};
    struct dice *d = &t->story->dice;
    add_ask(t, -1, NULL, day);
    add_ask(t, -1, NULL, day);
    add_ask(t, dice_below(d, STORY_PROVIDERS), NULL, day);
    if (dice_percent(d, 30))
        add_ask(t, dice_percent(d, 30) ? dice_below(d, STORY_PROVIDERS) : -1, AUTHORITIES[dice_below(d, 3)],
                day);
    if (!dice_percent(d, 15)) return;
    struct question *past = add_ask(t, -1, NULL, day);
    snprintf(past->known_at, sizeof past->known_at, "%s", known_at);
}

static int by_day(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Of a small service every day on which something changes. */
static void ask_every_change(struct trial *t) {
    struct story *story = t->story;
    qsort(story->changes, story->change_count, sizeof *story->changes, by_day);
    for (size_t i = 0; i < story->change_count; i++) {
        if (i && story->changes[i] == story->changes[i - 1]) continue;
        add_ask(t, -1, NULL, story->changes[i]);
        total.dates++;
    }
}

static void choose_asks(struct trial *t) {
    const struct story *story = t->story;
    struct dice *d = &t->story->dice;
    char known_at[40];
    choose_known_at(t, known_at);
    for (int i = 0; i < DATES; i++) {
        int32_t day = i < DATES - 2 && story->change_count
                          ? story->changes[dice_below(d, (int)story->change_count)]
                          : period_first_day(FIRST_RATED) + dice_below(d, 1400);
        ask_at(t, day, known_at);
        total.dates++;
    }
    if (story->is_small) ask_every_change(t);
}

/* ---- the oracle's answers ---- */

enum resource { DASHBOARD, COMPLETENESS, PAYMENT, BREAKDOWN, RESOURCES };

static const struct view {
    enum resource of;
    const char *sql; /* ordered by its first column, ask */
    const char *list,
        *by; /* the answer's list that has an element for each row, and by which field; NULL: the answer itself */
} VIEWS[VIEW_COUNT] = {
    [OF_HEAD] = {DASHBOARD, "SELECT * FROM oracle.dashboard_head", NULL, NULL},
    [OF_KPIS] = {DASHBOARD, "SELECT * FROM oracle.dashboard", "kpis", "ref"},
    [OF_COMPLETENESS] = {COMPLETENESS, "SELECT * FROM oracle.completeness", NULL, NULL},
    [OF_ITEMS] = {COMPLETENESS, "SELECT * FROM oracle.completeness_by_item ORDER BY ask", "items", "item"},
    [OF_PROVIDERS] = {COMPLETENESS, "SELECT * FROM oracle.completeness_by_provider ORDER BY ask", "providers",
                      "provider"},
    [OF_PAYMENT] = {PAYMENT, "SELECT * FROM oracle.payment", NULL, NULL},
    [OF_INCOMPLETE] =
        {RESOURCES,
         "SELECT ask, provider || '/' || episode_id || '/' || item COLLATE \"C\" FROM oracle.incomplete ORDER BY 1, 2",
         NULL, NULL},
    [OF_BREAKDOWN] = {RESOURCES, "SELECT ask, line FROM oracle.breakdown ORDER BY 1, 2", NULL, NULL},
};

static PGresult *oracle_query(struct batch *b, const char *sql) {
    PGresult *r = PQexec(oracle, sql);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && !b->failed[0])
        snprintf(b->failed, sizeof b->failed, "%.200s in %.150s", PQerrorMessage(oracle), sql);
    return r;
}

static void put_asks(struct batch *b) {
    struct buf sql = BUF_EMPTY;
    char day[DAY_TEXT];
    buf_add_cstr(&sql, "TRUNCATE oracle.ask; INSERT INTO oracle.ask VALUES ");
    for (size_t i = 0; i < b->ask_count; i++) {
        const struct question *q = &b->asks[i];
        buf_printf(&sql, "%s(%zu, '%s', nullif('%s', ''), nullif('%s', ''), %d, '%s', '%s')", i ? ", " : "",
                   i, q->trial->name, q->provider < 0 ? "" : story_providers[q->provider],
                   q->authority ? q->authority : "", q->period, day_format(q->as_at, day),
                   q->known_at[0] ? q->known_at : "infinity");
    }
    buf_add_cstr(&sql, "; CALL oracle.refresh()");
    buf_add_char(&sql, '\0');
    PQclear(oracle_query(b, sql.p));
    buf_free(&sql);
}

static void *work_out(void *context) {
    struct batch *b = context;
    put_asks(b);
    for (size_t i = 0; i < VIEW_COUNT; i++)
        b->answers[i] = oracle_query(b, VIEWS[i].sql);
    return NULL;
}

/* ---- comparing ---- */

static const json_t *at(const json_t *v, const char *path) {
    for (str rest = str_of(path); v && rest.p;) {
        str key = str_cut(&rest, '.');
        char name[64];
        snprintf(name, sizeof name, "%.*s", STR_ARG(key));
        v = json_object_get(v, name);
    }
    return v;
}

static bool is_equal(const json_t *v, const char *want, const char *column) {
    if (!v || json_is_null(v)) return !want;
    if (!want) return false;
    if (json_is_boolean(v)) return (want[0] == 't') == json_is_true(v);
    if (json_is_string(v)) return strcmp(json_string_value(v), want) == 0;
    double difference = json_number_value(v) - strtod(want, NULL);
    /* The interval is the one figure for which doubles are allowed. */
    return strstr(column, "interval95") ? difference < 0.0101 && difference > -0.0101
                                        : difference < 1e-9 && difference > -1e-9;
}

static void tell(struct trial *t, const char *path, const char *element, const char *column, const json_t *v,
                 const char *want) {
    t->differences++;
    if (total.differences++ >= TOLD_MOST) return;
    char *said = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    fprintf(stderr, "oracle: seed %u, %s: %s %s: the service says %s, the oracle %s\n", t->story->seed, path,
            element, column, said ? said : "(absent)", want ? want : "null");
    free(said);
}

static const json_t *element_of(const json_t *answer, const struct view *view, const char *key) {
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(answer, view->list), i,
                       element) if (strcmp(json_string_value(json_object_get(element, view->by)), key) ==
                                    0) return element;
    return NULL;
}

static void compare_row(struct trial *t, const char *path, const json_t *answer, const struct view *view,
                        const PGresult *r, int row) {
    const char *key = view->list ? PQgetvalue(r, row, PQfnumber(r, view->by)) : "";
    const json_t *element = view->list ? element_of(answer, view, key) : answer;
    for (int c = 1; c < PQnfields(r); c++) {
        const char *column = PQfname(r, c), *want = PQgetisnull(r, row, c) ? NULL : PQgetvalue(r, row, c);
        if (strcmp(column, "place") == 0) continue;
        const json_t *v = at(element, column);
        total.fields++;
        if (!is_equal(v, want, column)) tell(t, path, key, column, v, want);
    }
}

static bool is_of(const PGresult *r, int row, size_t ask) {
    uint64_t n;
    return row < PQntuples(r) && str_to_uint(str_of(PQgetvalue(r, row, 0)), ASKS_MOST, &n) && n == ask;
}

static int in_order(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The incomplete cells as sorted lines "provider/episodeId/item"; all of them, or none of them where they are more than a page. */
static void compare_incomplete(struct trial *t, const char *path, const json_t *answer, struct batch *b,
                               size_t ask) {
    enum { PAGE = 500 };
    const json_t *results = at(answer, "incomplete.results");
    char *lines[PAGE] = {NULL};
    size_t n = json_array_size(results), row = 0;
    bool whole = at(answer, "incomplete.metadata.total") &&
                 (size_t)json_integer_value(at(answer, "incomplete.metadata.total")) == n;
    for (size_t i = 0; i < n && i < PAGE; i++) {
        const json_t *cell = json_array_get(results, i);
        struct buf line = BUF_EMPTY;
        buf_printf(&line, "%s/%s/%s", json_string_value(at(cell, "provider")),
                   json_string_value(at(cell, "episodeId")), json_string_value(at(cell, "item")));
        lines[i] = buf_take(&line, &(size_t){0});
    }
    qsort(lines, n, sizeof *lines, in_order);
    for (; is_of(b->answers[OF_INCOMPLETE], b->next[OF_INCOMPLETE], ask); b->next[OF_INCOMPLETE]++, row++) {
        if (!whole || row >= n) continue;
        const char *want = PQgetvalue(b->answers[OF_INCOMPLETE], b->next[OF_INCOMPLETE], 1);
        total.fields++;
        if (strcmp(lines[row], want) != 0) tell(t, path, lines[row], "incomplete", NULL, want);
    }
    for (size_t i = 0; i < n; i++)
        free(lines[i]);
}

/* ---- breakdowns: which one an ask is about, as tests/oracle/6_breakdowns.sql chooses it ---- */

static const char *const MEASURES[] = {"setQuitDate", "quit4", "coVerified4", "lost4", "quit12"};
static const char *const DIMENSIONS[] = {
    "gender",   "nssec",    "imdQuintile",    "ethnicGroup", "seriousMentalIllness",
    "pregnant", "provider", "localAuthority", "ageBand"};

struct broken_down {
    const char *measure, *by[2]; /* by[1] NULL: one dimension */
    bool year_to_date;
};

static struct broken_down breakdown_of(size_t ask) {
    return (struct broken_down){
        MEASURES[ask % 5],
        {DIMENSIONS[ask / 5 % 9], ask % 3 ? NULL : DIMENSIONS[(ask / 5 + 1 + ask % 7) % 9]},
        ask % 2 == 1};
}

/* "member[,member]/numerator/denominator"; NULL where nobody is in the cell. */
static char *line_of_cell(const json_t *row, const struct broken_down *d) {
    const json_t *below = json_object_get(row, "denominator");
    int64_t numerator = (int64_t)json_integer_value(json_object_get(row, "numerator"));
    bool is_rate = !json_is_null(below);
    if (is_rate ? json_integer_value(below) == 0 : numerator == 0) return NULL;
    struct buf line = BUF_EMPTY;
    for (int i = 0; i < 2 && d->by[i]; i++)
        buf_printf(&line, "%s%s", i ? "," : "",
                   json_string_value(json_object_get(json_object_get(row, "keys"), d->by[i])));
    buf_printf(&line, "/%lld/", (long long)numerator);
    if (is_rate) buf_printf(&line, "%lld", (long long)json_integer_value(below));
    buf_add_char(&line, '\0');
    return buf_take(&line, &(size_t){0});
}

/* The cells with somebody in them, as sorted lines. */
static void compare_breakdown(struct trial *t, const char *path, const json_t *answer, struct batch *b,
                              size_t ask) {
    enum { CELLS = 1000 };
    struct broken_down d = breakdown_of(ask);
    const json_t *rows = at(answer, "rows");
    char *lines[CELLS] = {NULL};
    size_t n = 0, row = 0;
    for (size_t i = 0; i < json_array_size(rows) && n < CELLS; i++)
        if ((lines[n] = line_of_cell(json_array_get(rows, i), &d))) n++;
    qsort(lines, n, sizeof *lines, in_order);
    for (; is_of(b->answers[OF_BREAKDOWN], b->next[OF_BREAKDOWN], ask); b->next[OF_BREAKDOWN]++, row++) {
        const char *want = PQgetvalue(b->answers[OF_BREAKDOWN], b->next[OF_BREAKDOWN], 1);
        total.fields++;
        if (row >= n || strcmp(lines[row], want) != 0)
            tell(t, path, row < n ? lines[row] : "(no more)", "cell", NULL, want);
    }
    if (row < n) tell(t, path, lines[row], "cell", NULL, "(no more)");
    for (size_t i = 0; i < n; i++)
        free(lines[i]);
}

static int breakdown_path(size_t ask, const struct question *q, char *out, size_t room) {
    struct broken_down d = breakdown_of(ask);
    char period[PERIOD_TEXT], day[DAY_TEXT];
    return snprintf(out, room, "/v1/breakdowns/%s/%s?measure=%s&by=%s%s%s&view=%s&asAt=%s", q->trial->name,
                    period_format(q->period, period), d.measure, d.by[0], d.by[1] ? "," : "",
                    d.by[1] ? d.by[1] : "", d.year_to_date ? "YEAR_TO_DATE" : "QUARTER",
                    day_format(q->as_at, day));
}

static bool path_of(size_t ask, const struct question *q, enum resource of, char *out, size_t room) {
    char period[PERIOD_TEXT], year[YEAR_TEXT], day[DAY_TEXT];
    const char *service = q->trial->name;
    period_format(q->period, period);
    day_format(q->as_at, day);
    bool filters = of == DASHBOARD || of == BREAKDOWN;
    if (q->authority && !filters) return false;
    if (q->provider >= 0 && of == PAYMENT) return false;
    int n = of == BREAKDOWN   ? breakdown_path(ask, q, out, room)
            : of == DASHBOARD ? snprintf(out, room, "/v1/dashboards/%s/%s?asAt=%s", service, period, day)
            : of == COMPLETENESS
                ? snprintf(out, room, "/v1/completeness/%s/%s?limit=500&asAt=%s", service, period, day)
                : snprintf(out, room, "/v1/payments/%s/%s?asAt=%s", service, year_format(q->period / 4, year),
                           day);
    if (q->provider >= 0 && filters)
        n += snprintf(out + n, room - (size_t)n, "&provider=%s", story_providers[q->provider]);
    if (q->authority) n += snprintf(out + n, room - (size_t)n, "&localAuthority=%s", q->authority);
    if (q->known_at[0]) snprintf(out + n, room - (size_t)n, "&knownAt=%s", q->known_at);
    return true;
}

static void compare_resource(struct batch *b, size_t ask, enum resource of) {
    const struct question *q = &b->asks[ask];
    struct trial *t = q->trial;
    char path[400];
    bool asked = path_of(ask, q, of, path, sizeof path);
    struct answer a = {0};
    if (asked) {
        a = service_get(s, q->provider >= 0 ? t->keys[q->provider] : t->commissioner, path);
        CHECK(a.status == 200, "%s: %ld %.*s", path, a.status, STR_ARG(str_sub(buf_str(&a.body), 0, 400)));
        total.answers++;
    }
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        if (VIEWS[i].of != of) continue;
        for (; is_of(b->answers[i], b->next[i], ask); b->next[i]++)
            if (asked) compare_row(t, path, a.json, &VIEWS[i], b->answers[i], b->next[i]);
    }
    if (of == COMPLETENESS) compare_incomplete(t, path, a.json, b, ask);
    if (of == BREAKDOWN) compare_breakdown(t, path, a.json, b, ask);
    answer_free(&a);
}

static void compare(struct batch *b) {
    CHECK(!b->failed[0], "%s", b->failed);
    for (size_t ask = 0; ask < b->ask_count; ask++)
        for (enum resource of = 0; of < RESOURCES; of++)
            compare_resource(b, ask, of);
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        CHECK(b->next[i] == PQntuples(b->answers[i]), "all rows of %s are used", VIEWS[i].sql);
        PQclear(b->answers[i]);
    }
}

/* ---- batches ---- */

static bool prepare(struct trial *t) {
    if (!opens(t) || !story_tell(t->story, upload, t)) return false;
    sign(t);
    choose_asks(t);
    return true;
}

/* Sends the returns, and sets the oracle to work. */
static struct batch *batch_begin(unsigned first, unsigned last) {
    struct batch *b = must_calloc(1, sizeof *b);
    size_t founded = 0;
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
    if (b->ask_count && pthread_create(&b->thread, NULL, work_out, b) != 0) b->ask_count = 0;
    CHECK(b->ask_count > 0, "the batch from seed %u asks nothing", b->trials[0].story->seed);
}

static void batch_wait(struct batch *b) {
    if (b->ask_count) pthread_join(b->thread, NULL);
}

static void batch_end(struct batch *b) {
    if (b->ask_count) compare(b);
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
    fprintf(
        stderr,
        "oracle: %zu seeds, %zu uploads, %zu dates, %zu questions, %zu answers, %zu fields compared, %zu differ\n",
        total.seeds, total.uploads, total.dates, total.asks, total.answers, total.fields, total.differences);
}

void suite_http_oracle(void) {
    suite_add("http_oracle", begin, end);
    case_add("generated returns: the service agrees with the contract written down in SQL", seeds);
}
