/* The authorisation matrix: every route, with every kind of key, against tests/policy.txt, which is written by hand. What is refused changes
 * nothing in the database: no row of any table is newer or gone. What a key may is shown without doing it: a parameter that no
 * route knows is refused after the right was judged (400); a read is also done. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/key_format.h"
#include "handlers/handlers.h"
#include "server/route.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

enum { KINDS = 12, BAD_KEYS = 7, ROOM = 128, ROUTES_ROOM = 200 };
static const char *const KIND_NAMES[KINDS] = {"admin",    "commissioner", "scoped",         "checker",
                                              "provider", "other",        "feed",           "elsewhere",
                                              "stranger", "public",       "publicProvider", "ownAdmin"};
static const char *const BAD_NAMES[BAD_KEYS] = {"none",    "malformed", "unknown",       "mistyped",
                                                "expired", "revoked",   "from elsewhere"};

static struct service *s;
static PGconn *db;
static char good[KINDS][ROOM], bad[BAD_KEYS][ROOM], spare_id[16], plan_id[24], webhook_id[40];
static struct arena arena;

/* ---- the policy ---- */

struct line {
    const struct route *route;
    char path[ROOM * 2];
    char nobody, verdicts[KINDS];
    str body;
};
static struct line lines[256];
static size_t line_count;
static char *policy_text;

static const struct route *route_of(str name) {
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (str_is(name, ROUTES[i].name)) return &ROUTES[i];
    return NULL;
}

/* {key} is a key that nobody uses, {plan} and {webhook} are homerton's. */
static const char *made(str name) {
    return str_is(name, "key") ? spare_id : str_is(name, "plan") ? plan_id : webhook_id;
}

static void write_path(str path, char *out, size_t room) {
    struct buf b = BUF_EMPTY;
    while (path.n) {
        str before = str_cut(&path, '{');
        buf_add_str(&b, before);
        if (!path.p) break;
        buf_add_cstr(&b, made(str_cut(&path, '}')));
    }
    snprintf(out, room, "%.*s", STR_ARG(buf_str(&b)));
    buf_free(&b);
}

static bool read_line(str text) {
    struct line *l = &lines[line_count];
    str name = str_trim(str_cut(&text, '|')), path = str_trim(str_cut(&text, '|')),
        nobody = str_trim(str_cut(&text, '|')), rest = str_trim(str_cut(&text, '|'));
    *l = (struct line){
        .route = route_of(name), .nobody = nobody.n ? nobody.p[0] : '?', .body = str_trim(text)};
    CHECK(l->route != NULL, "tests/policy.txt names a route that there is not: %.*s", STR_ARG(name));
    write_path(path, l->path, sizeof l->path);
    size_t n = 0;
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] != ' ' && n < KINDS) l->verdicts[n++] = rest.p[i];
    CHECK(n == KINDS, "%.*s has %zu verdicts, not %d", STR_ARG(name), n, KINDS);
    return l->route && n == KINDS;
}

static void read_policy(void) {
    FILE *f = fopen("tests/policy.txt", "r");
    struct buf b = BUF_EMPTY;
    char piece[4096];
    size_t got, n;
    while (f && (got = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&b, piece, got);
    if (f) fclose(f);
    policy_text = buf_take(&b, &n);
    str rest = {policy_text, n};
    while (rest.n) {
        str line = str_trim(str_cut(&rest, '\n'));
        if (line.n && line.p[0] != '#' && line_count < sizeof lines / sizeof *lines && read_line(line))
            line_count++;
    }
}

/* ---- the keys ---- */

static void issue(char *out, char *out_id, const char *body) {
    struct answer a = service_ask(s, &(struct ask){.method = "POST",
                                                   .path = "/v1/keys",
                                                   .key = s->admin,
                                                   .type = "application/json",
                                                   .body = str_of(body)});
    CHECK(a.status == 201, "%s: %ld %.200s", body, a.status, a.body.n ? a.body.p : "");
    snprintf(out, ROOM, "%s", answer_text(&a, "key"));
    if (out_id) snprintf(out_id, 16, "%s", answer_text(&a, "id"));
    answer_free(&a);
}

#define CITY "\"service\":\"city-and-hackney\""
#define HOMERTON "{\"role\":\"PROVIDER\"," CITY ",\"provider\":\"homerton\""

static void make_good_keys(void) {
    const char *const given[] = {s->admin, s->commissioner, NULL, s->checker, s->homerton, s->pharmacies};
    static const char *const MADE[KINDS] = {
        [2] = "{\"role\":\"COMMISSIONER\"," CITY ",\"scopes\":[\"CLIENT_ROWS\"]}",
        [6] = "{\"role\":\"FEED\"," CITY "}",
        [7] = "{\"role\":\"COMMISSIONER\",\"service\":\"moorland\"}",
        [8] = "{\"role\":\"PROVIDER\",\"service\":\"moorland\",\"provider\":\"dale\"}",
        [9] = "{\"role\":\"COMMISSIONER\"," CITY ",\"audience\":\"PUBLIC\"}",
        [10] = HOMERTON ",\"audience\":\"PUBLIC\"}",
        [11] = "{\"role\":\"ADMIN\"," CITY "}",
    };
    for (size_t i = 0; i < KINDS; i++) {
        if (MADE[i]) issue(good[i], NULL, MADE[i]);
        else snprintf(good[i], ROOM, "%s", given[i]);
    }
}

static void sql(const char *text) {
    PGresult *r = PQexec(db, text);
    CHECK(PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK, "%s: %s", text,
          PQerrorMessage(db));
    PQclear(r);
}

static const char *value(const char *text) {
    static char out[200];
    PGresult *r = PQexec(db, text);
    snprintf(out, sizeof out, "%s", PQntuples(r) == 1 ? PQgetvalue(r, 0, 0) : PQerrorMessage(db));
    PQclear(r);
    return out;
}

static void make_bad_keys(void) {
    char id[16], text[300];
    bad[0][0] = '\0';
    snprintf(bad[1], ROOM, "nonsense");
    key_make(false, bad[2]);
    snprintf(bad[3], ROOM, "%s", s->homerton);
    char *last = &bad[3][strlen(bad[3]) - 1];
    *last = *last == 'a' ? 'b' : 'a';
    issue(bad[4], id, HOMERTON "}");
    snprintf(
        text, sizeof text,
        "UPDATE quarterday.api_key SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second' "
        "WHERE id = '%s'; NOTIFY quarterday_keys",
        id);
    sql(text);
    issue(bad[5], id, HOMERTON "}");
    snprintf(text, sizeof text, "/v1/keys/%s", id);
    struct answer a = service_ask(s, &(struct ask){.method = "DELETE", .path = text, .key = s->admin});
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
    issue(bad[6], NULL, HOMERTON ",\"addresses\":[\"192.0.2.0/24\"]}");
    char unused[ROOM];
    issue(unused, spare_id, HOMERTON ",\"label\":\"nobody's\"}");
}

/* ---- what the addresses name ---- */

static void change(const char *method, const char *key, const char *path, const char *type, str body,
                   long status) {
    struct answer a =
        service_ask(s, &(struct ask){.method = method, .path = path, .key = key, .type = type, .body = body});
    CHECK(a.status == status, "%s %s: %ld %.300s", method, path, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
}

static void fill(void) {
    static const char JSON[] = "application/json",
                      EPISODES[] = "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes";
    for (int version = 1; version <= 2; version++) {
        struct buf b = BUF_EMPTY;
        struct episode_row row = episode_good(version == 1 ? "E-1" : "E-2");
        buf_add_cstr(&b, EPISODE_HEADER "\r\n");
        episode_add_csv(&b, &row);
        change("PUT", s->homerton, EPISODES, "text/csv", buf_str(&b), version == 1 ? 201 : 200);
        buf_free(&b);
    }
    change("POST", s->commissioner, "/v1/action-plans", JSON,
           STR("{\"kpi\":\"1.4\",\"openedFor\":\"2025-26-Q1\",\"attributedTo\":\"homerton\"}"), 201);
    struct answer a = service_get(s, s->homerton, "/v1/action-plans");
    snprintf(plan_id, sizeof plan_id, "%s", answer_text(&a, "results.0.id"));
    answer_free(&a);
    a = service_ask(s, &(struct ask){.method = "POST",
                                     .path = "/v1/webhooks/city-and-hackney",
                                     .key = s->homerton,
                                     .type = JSON,
                                     .body = STR("{\"url\":\"https://quarterday.example.org/events\"}")});
    snprintf(webhook_id, sizeof webhook_id, "%s", answer_text(&a, "id"));
    CHECK(a.status == 201, "a webhook: %ld", a.status);
    answer_free(&a);
    a = service_ask(
        s,
        &(struct ask){.method = "POST",
                      .path = arena_cstr(
                          &arena, arena_printf(&arena, "/v1/webhooks/city-and-hackney/%s/pause", webhook_id)),
                      .key = s->homerton,
                      .type = JSON,
                      .body = STR("{}")});
    CHECK(a.status == 200, "which sends nothing meanwhile: %ld", a.status);
    answer_free(&a);
    change("POST", s->commissioner, "/v1/payments/city-and-hackney/2025-26/statements", JSON, STR("{}"), 201);
    change("POST", s->commissioner, "/v1/national-returns/city-and-hackney/2025-26-Q1/submission", JSON,
           STR("{}"), 201);
}

/* What the audit must have counted in the end: good key, route, 403 or 404. */
static unsigned expected[KINDS][ROUTES_ROOM][2];

static void expect_line(const struct route *route, const char *key, char verdict) {
    for (size_t k = 0; k < KINDS; k++)
        if (key == good[k] && (verdict == '3' || verdict == '4'))
            expected[k][route - ROUTES][verdict == '4']++;
}

/* The day of each key's use is written by itself; from then on nothing writes but what is asked for. */
static void wait_until_still(void) {
    for (size_t i = 0; i < KINDS; i++) {
        struct answer a = service_get(s, good[i], "/v1/returns");
        CHECK(a.status != 401, "%s is a good key", KIND_NAMES[i]);
        expect_line(route_of(STR("returns.list")), good[i], a.status == 403 ? '3' : '+');
        answer_free(&a);
    }
    for (int i = 0; i < 3000; i++) {
        struct answer a = service_get(s, bad[4], "/v1/returns");
        bool expired = a.status == 401;
        answer_free(&a);
        if (expired && strcmp(value("SELECT count(last_used_on) >= 12 FROM quarterday.api_key"), "t") == 0)
            return;
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    }
    CHECK(false, "the uses were not written");
}

static int begin(void) {
    const char *load[] = {"framework", "load", "tests/frameworks/moorland.json", "--database", NULL, NULL};
    s = service_start(&(struct service_options){.extra_flags = {"--refusal-seconds", "1"}});
    if (!s) return 1;
    load[4] = s->owner;
    db = PQconnectdb(s->owner);
    PQclear(PQexec(db, "SET quarterday.service = '*'")); /* row-level security holds for the owner, too */
    PQclear(PQexec(db, "SET quarterday.provider = '*'"));
    return service_command(load, NULL);
}
static int end(void) {
    free(policy_text);
    arena_free(&arena);
    PQfinish(db);
    return s ? service_stop(s) : 1;
}

static void prepare(void) {
    make_good_keys();
    make_bad_keys();
    fill();
    read_policy();
    wait_until_still();
}

/* ---- asking ---- */

static struct answer ask_cell(const struct line *l, const char *key, const char *method, bool harmless) {
    char path[ROOM * 2 + 16];
    bool reads = l->route->method == METHOD_GET;
    snprintf(path, sizeof path, "%s%s", l->path,
             !harmless              ? ""
             : strchr(l->path, '?') ? "&nonsense=1"
                                    : "?nonsense=1");
    bool rows = l->body.n && l->body.p[0] != '{';
    return service_ask(s, &(struct ask){.method = method,
                                        .path = path,
                                        .key = key && *key ? key : NULL,
                                        .type = reads || !l->body.n ? NULL
                                                : rows              ? "text/csv"
                                                                    : "application/json",
                                        .body = reads || !l->body.n ? STR_NONE : l->body,
                                        .headers = {reads ? NULL : "If-Match: \"v1\""}});
}

static long want_of(char verdict) {
    return verdict == '1'                     ? 401
           : verdict == '3'                   ? 403
           : verdict == '4' || verdict == 'n' ? 404
           : verdict == 'r'                   ? 422
                                              : 200;
}

/* Every transaction that writes or locks a row takes a number of its own; those that only read take none. */
static long long next_transaction(void) {
    return atoll(value("SELECT pg_snapshot_xmax(pg_current_snapshot())"));
}

/* Of every table but the audit's, which tells of refusals, how many rows it has, and the transaction that wrote the newest of them: a lock
 * changes neither. */
static void write_state(char out[64]) {
    snprintf(
        out, 64, "%s",
        value(
            "SELECT md5(string_agg(relname || (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) || '' '' || "
            "coalesce(max(xmin::text::bigint), 0) AS c FROM quarterday.%I', relname), false, true, '')))[1]::text, ',' "
            "ORDER BY relname)) FROM pg_class WHERE relnamespace = 'quarterday'::regnamespace AND relkind = 'r' "
            "AND relname NOT IN ('audit', 'audit_head')"));
}

static unsigned cells, refusals;

static void check_refused(const struct line *l, const char *who, const char *key, char verdict) {
    static long long known;
    static char state[64], now[64];
    if (next_transaction() != known) {
        write_state(state);
        known = next_transaction();
    }
    struct answer a = ask_cell(l, key, method_name(l->route->method), false);
    CHECK(a.status == want_of(verdict), "%s %s as %s: %ld, the policy says %ld; %.200s", l->route->name,
          l->path, who, a.status, want_of(verdict), a.body.n ? a.body.p : "");
    CHECK(strcmp(answer_header(&a, "content-type"), "application/problem+json") == 0, "%s as %s", l->path,
          who);
    answer_free(&a);
    refusals++;
    expect_line(l->route, key, verdict);
    if (next_transaction() == known) return;
    write_state(now);
    CHECK(strlen(now) == 32 && strcmp(now, state) == 0, "%s %s as %s is refused and writes", l->route->name,
          l->path, who);
}

static void check_allowed(const struct line *l, const char *who, const char *key, char verdict) {
    struct answer a = ask_cell(l, key, method_name(l->route->method), true);
    CHECK(a.status == 400 && strcmp(answer_text(&a, "code"), "UNKNOWN_PARAMETER") == 0,
          "%s %s as %s, who may: %ld %s", l->route->name, l->path, who, a.status, answer_text(&a, "code"));
    answer_free(&a);
    if (l->route->method != METHOD_GET) return;
    a = ask_cell(l, key, "GET", false);
    CHECK(a.status == want_of(verdict), "%s %s as %s, who may: %ld %.200s", l->route->name, l->path, who,
          a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
}

static void check_cell(const struct line *l, const char *who, const char *key, char verdict) {
    cells++;
    if (verdict == '+' || verdict == 'n') check_allowed(l, who, key, verdict);
    else check_refused(l, who, key, verdict);
    if (l->route->method != METHOD_GET) return;
    struct answer a = ask_cell(l, key, "HEAD", false);
    CHECK(a.status == want_of(verdict) && !a.body.n, "HEAD %s as %s: %ld", l->path, who, a.status);
    expect_line(l->route, key, verdict);
    answer_free(&a);
}

static void good_keys(void) {
    for (size_t i = 0; i < line_count; i++)
        for (size_t k = 0; k < KINDS; k++)
            check_cell(&lines[i], KIND_NAMES[k], good[k], lines[i].verdicts[k]);
}

static void bad_keys(void) {
    for (size_t i = 0; i < line_count; i++) {
        char said[500] = "", says[500];
        for (size_t k = 0; k < BAD_KEYS; k++) {
            check_cell(&lines[i], BAD_NAMES[k], bad[k], lines[i].nobody);
            if (lines[i].nobody == '+') continue;
            struct answer a = ask_cell(&lines[i], bad[k], method_name(lines[i].route->method), false);
            snprintf(says, sizeof says, "%ld %s %s %s %s", a.status, answer_text(&a, "code"),
                     answer_text(&a, "title"), answer_text(&a, "detail"),
                     answer_header(&a, "www-authenticate"));
            CHECK(k == 0 || strcmp(said, says) == 0, "%s: '%s' for %s, '%s' for %s", lines[i].path, says,
                  BAD_NAMES[k], said, k ? BAD_NAMES[k - 1] : "");
            snprintf(said, sizeof said, "%s", says);
            answer_free(&a);
        }
    }
}

/* ---- what the audit says of it ---- */

/* where: more of the condition. */
static unsigned told(size_t kind, const char *where) {
    char text[500];
    snprintf(text, sizeof text,
             "SELECT coalesce(sum((detail->>'times')::int), 0) FROM quarterday.audit WHERE action = "
             "'ACCESS_REFUSED' AND actor = '%.10s' %s",
             good[kind] + strlen("qd_live_"), where);
    return (unsigned)atol(value(text));
}

static unsigned expected_of(size_t kind) {
    unsigned sum = 0;
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        sum += expected[kind][i][0] + expected[kind][i][1];
    return sum;
}

/* Asked as fast as this, some are told without their route, and some without their key; none twice. */
static void check_key(size_t kind) {
    char where[200];
    unsigned by_route = 0;
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        for (int hidden = 0; hidden < 2; hidden++) {
            snprintf(where, sizeof where, "AND detail->>'route' = '%s' AND detail->>'code' = '%s'",
                     ROUTES[i].name, hidden ? "NOT_FOUND" : "FORBIDDEN");
            unsigned n = told(kind, where);
            by_route += n;
            CHECK(n <= expected[kind][i][hidden], "%s, %s, %d: told %u of %u", KIND_NAMES[kind],
                  ROUTES[i].name, hidden ? 404 : 403, n, expected[kind][i][hidden]);
        }
    unsigned rest = told(kind, "AND detail->>'route' IS NULL");
    CHECK(by_route > 0 && by_route + rest <= expected_of(kind), "%s: %u by route and %u, of %u",
          KIND_NAMES[kind], by_route, rest, expected_of(kind));
}

static unsigned expected_in_all(void) {
    unsigned sum = 0;
    for (size_t k = 0; k < KINDS; k++)
        sum += expected_of(k);
    return sum;
}

static bool is_told(void) {
    char text[24];
    snprintf(text, sizeof text, "%u", expected_in_all());
    return strcmp(
               value(
                   "SELECT sum((detail->>'times')::int) FROM quarterday.audit WHERE action = 'ACCESS_REFUSED'"),
               text) == 0;
}

static void every_refusal_is_told(void) {
    for (int i = 0; i < 3000 && !is_told(); i++)
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    CHECK(is_told(), "%u refusals, of which the audit has %s", expected_in_all(),
          value("SELECT sum((detail->>'times')::int) FROM quarterday.audit WHERE action = 'ACCESS_REFUSED'"));
    for (size_t k = 0; k < KINDS; k++)
        check_key(k);
    const char *verify[] = {"audit", "verify", "--database", s->app, NULL};
    struct buf out = BUF_EMPTY;
    CHECK(service_command(verify, &out) == 0, "the chains are whole: %.*s", STR_ARG(buf_str(&out)));
    buf_free(&out);
    struct answer a = service_get(s, s->commissioner, "/v1/audit?action=ACCESS_REFUSED&limit=100");
    CHECK(a.status == 200 && json_array_size(answer_at(&a, "results")) == 100, "%ld", a.status);
    answer_free(&a);
}

/* A key of another service is told about in the chain of the service at whose door it was. */
static void one_refusal(void) {
    struct answer a =
        service_get(s, good[7], "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes/changes");
    CHECK(a.status == 404, "%ld", a.status);
    answer_free(&a);
    expect_line(route_of(STR("part.changes")), good[7], '4');
    char text[300];
    snprintf(
        text, sizeof text,
        "SELECT stream || ' ' || object || ' ' || (detail->>'route') || ' ' || (detail->>'code') || ' ' || "
        "(detail->>'times') FROM quarterday.audit WHERE action = 'ACCESS_REFUSED' AND actor = '%.10s'",
        good[7] + strlen("qd_live_"));
    for (int i = 0; i < 3000 && strstr(value(text), "part.changes") == NULL; i++)
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    char says[200];
    snprintf(says, sizeof says, "%s", value(text));
    CHECK(
        strcmp(says,
               "city-and-hackney returns/city-and-hackney/homerton/2025-26-Q1/episodes/changes part.changes "
               "NOT_FOUND 1") == 0,
        "%s", says);
}

/* ---- the policy itself ---- */

static void policy_is_whole(void) {
    struct fault fault = {.err = OK};
    struct router *router = router_new(ROUTES, ROUTE_COUNT, &fault);
    CHECK(router != NULL, "%s", fault.detail);
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        size_t found = 0;
        for (size_t k = 0; k < line_count; k++)
            found += lines[k].route == &ROUTES[i];
        CHECK(found > 0, "%s has no line in tests/policy.txt: say there who may", ROUTES[i].name);
    }
    for (size_t k = 0; router && k < line_count; k++) {
        struct match m;
        str path = str_of(lines[k].path);
        enum err e = router_match(router, &arena, lines[k].route->method,
                                  str_sub(path, 0, str_find(path, '?')), &fault, &m);
        CHECK(e == OK && m.route == lines[k].route, "%s leads elsewhere than to %s", lines[k].path,
              lines[k].route->name);
    }
    router_free(router);
}

static void unknown_fails_closed(void) {
    static const struct {
        const char *method, *path;
        long status;
    } CASES[] = {
        {"GET", "/v1/nothing", 404},
        {"POST", "/v1/nothing", 404},
        {"DELETE", "/v1/keys", 405},
        {"PUT", "/v1/keys", 405},
        {"PATCH", "/v1/keys", 405},
        {"GET", "/v1/keys/aaaaaaaaaa", 405},
        {"OPTIONS", "/v1/keys", 405},
        {"GET", "/v1/keys/", 404},
        {"GET", "//v1/keys", 400},
        {"GET", "/V1/keys", 404},
        {"GET", "/v1/keys%00", 400},
        {"TRACE", "/v1/keys", 501},
        {"GET", "/v1/keys/../keys", 400},
        {"DELETE", "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes", 405},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        for (size_t k = 0; k <= KINDS; k++) {
            struct answer a = service_ask(s, &(struct ask){.method = CASES[i].method,
                                                           .path = CASES[i].path,
                                                           .key = k < KINDS ? good[k] : NULL});
            CHECK(a.status == CASES[i].status, "%s %s as %s: %ld", CASES[i].method, CASES[i].path,
                  k < KINDS ? KIND_NAMES[k] : "nobody", a.status);
            answer_free(&a);
        }
    }
    printf(" %u cells, %u refusals, none writes", cells, refusals);
}

void suite_http_matrix(void) {
    suite_add("http_matrix", begin, end);
    case_add("keys of every kind, and what the addresses name", prepare);
    case_add("every route has its line in the policy, and every line its route", policy_is_whole);
    case_add("one refusal is one line: whose key, by what, why", one_refusal);
    case_add("every route with every good key is as the policy says", good_keys);
    case_add("every route with every bad key, and without one; all are told the same", bad_keys);
    case_add("the audit tells of every refusal of a good key, once, and of no other", every_refusal_is_told);
    case_add("what there is not is refused to everybody", unknown_fails_closed);
}
