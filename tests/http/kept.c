/* Answers from memory are the answers that the database gives. Three processes on one database: one makes the changes, one has heard of them, one
 * keeps nothing; after each change all three say the same, byte for byte, and so does the first at once. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"
#include "tests/support/tls_client.h"

static struct service *s, *other, *plain;
#define SERVICE "city-and-hackney"
#define Q1 "2025-26-Q1"
#define Q2 "2025-26-Q2"
static const char *const FROM_MEMORY = "\"from\":\"memory\"";

static int begin(void) {
    s = service_start(NULL);
    other = s ? service_join(s, NULL) : NULL;
    plain = s ? service_join(s, &(struct service_options){.extra_flags = {"--reply-cache-mib", "0"}}) : NULL;
    return plain ? 0 : 1;
}

static int end(void) {
    int wrong = (plain ? service_stop(plain) : 1) + (other ? service_stop(other) : 1);
    return (s ? service_stop(s) : 1) + wrong;
}

/* ---- what is asked ---- */

static const struct {
    const char *who, *path;
} ASKED[] = {
    {"commissioner", "/v1/dashboards/" SERVICE "/" Q1},
    {"homerton", "/v1/dashboards/" SERVICE "/" Q1},
    {"pharmacies", "/v1/dashboards/" SERVICE "/" Q1},
    {"commissioner", "/v1/dashboards/" SERVICE "/" Q1 "?disclosure=public"},
    {"commissioner", "/v1/dashboards/" SERVICE "/" Q2 "?localAuthority=Hackney&asAt=2026-01-31"},
    {"commissioner", "/v1/dashboards/" SERVICE "/" Q1 "?knownAt=2020-01-01T00:00:00Z"},
    {"commissioner", "/v1/dashboards/" SERVICE "/" Q1 "?knownAt=2100-01-01T00:00:00Z"},
    {"commissioner", "/v1/kpis/" SERVICE "/1.1"},
    {"commissioner", "/v1/kpis/" SERVICE "/1.4/" Q1 "/explanation"},
    {"commissioner", "/v1/breakdowns/" SERVICE "/" Q1 "?measure=setQuitDate&by=provider"},
    {"commissioner", "/v1/completeness/" SERVICE "/" Q1},
    {"checker", "/v1/completeness/" SERVICE "/" Q1},
    {"homerton", "/v1/completeness/" SERVICE "/" Q1 "?limit=2"},
    {"checker", "/v1/completeness?period=" Q1},
    {"commissioner", "/v1/national-returns/" SERVICE "/" Q1},
    {"commissioner", "/v1/national-returns/" SERVICE "/" Q1 "/reconciliation?provider=pharmacies"},
    {"commissioner", "/v1/payments/" SERVICE "/2025-26"},
    {"commissioner", "/v1/supplement/" SERVICE "/" Q1},
    {"commissioner", "/v1/action-plans"},
    {"homerton", "/v1/action-plans?service=" SERVICE},
    {"commissioner", "/v1/action-plans?status=CLOSED"},
    {"commissioner", "/v1/action-plan-summary"},
    {"commissioner", "/v1/feeds/kpi-results.json"},
    {"commissioner", "/v1/feeds/kpi-results.csv"},
    {"commissioner", "/v1/feeds/action-plans.csv"},
    {"commissioner", "/v1/feeds/returns.csv"},
    {"commissioner", "/v1/returns"},
    {"commissioner", "/v1/returns/" SERVICE "/homerton/" Q1},
    {"commissioner", "/v1/snapshots/" SERVICE},
};
enum { ASKED_COUNT = sizeof ASKED / sizeof *ASKED };

static const struct {
    const char *method, *header;
} WAYS[] = {
    {"GET", NULL},
    {"HEAD", NULL},
    {"GET", "Accept-Encoding: gzip"},
    {"HEAD", "Accept-Encoding: gzip"},
    {"GET", "Accept-Encoding: gzip;q=0"},
    {"GET", "Accept: text/csv, application/json;q=0.5"},
    {"GET", "Accept: text/html"},
    {"GET", "If-None-Match: *"},
    {"GET", "If-None-Match: \"00000000000000000000000000000000\""},
    {"GET", "Range: bytes=0-9"},
    {"GET", "If-Modified-Since: Fri, 27 Nov 2026 10:00:00 GMT"},
    {"GET", "Quarterday-After: " SERVICE ":1"},
    {"GET", "Quarterday-After: nonsense"},
    {"GET", "Quarterday-After: another-service:1"},
    {"GET", "Quarterday-After: " SERVICE ":999999999"},
};
enum { WAY_COUNT = sizeof WAYS / sizeof *WAYS };

static const char *key_of(const char *who) {
    if (strcmp(who, "homerton") == 0) return s->homerton;
    if (strcmp(who, "pharmacies") == 0) return s->pharmacies;
    return strcmp(who, "checker") == 0 ? s->checker : s->commissioner;
}

static struct answer ask(const struct service *of, size_t i, size_t way) {
    return service_ask(of, &(struct ask){.method = WAYS[way].method,
                                         .path = ASKED[i].path,
                                         .key = key_of(ASKED[i].who),
                                         .headers = {WAYS[way].header}});
}

/* ---- the same ---- */

/* Those that belong to the request or the moment, and not to what was asked. */
static bool is_of_the_moment(str line) {
    return str_starts_with(line, STR("Date:")) || str_starts_with(line, STR("X-Correlation-ID:"));
}

static str next_line(str *rest) {
    str line = str_cut(rest, '\n');
    while (line.p && is_of_the_moment(line))
        line = str_cut(rest, '\n');
    return line;
}

static bool same_headers(const struct answer *a, const struct answer *b) {
    str x = buf_str(&a->headers), y = buf_str(&b->headers);
    for (;;) {
        str one = next_line(&x), two = next_line(&y);
        if (!one.p && !two.p) return true;
        if (!one.p || !two.p || !str_eq(one, two)) return false;
    }
}

/* A problem document names the correlation id of its own request. */
static bool same_body(const struct answer *a, const struct answer *b) {
    if (a->status >= 400) return strcmp(answer_text(a, "detail"), answer_text(b, "detail")) == 0;
    return str_eq(buf_str(&a->body), buf_str(&b->body));
}

static void check_same(const struct answer *a, const struct answer *want, const char *who, const char *path,
                       const char *what) {
    CHECK(a->status == want->status && same_body(a, want), "%s, %s, %s: %ld %.300s\nexpected %ld %.300s", who,
          path, what, a->status, a->body.n ? a->body.p : "", want->status, want->body.n ? want->body.p : "");
    CHECK(same_headers(a, want), "%s, %s, %s:\n%.*s\nexpected\n%.*s", who, path, what,
          STR_ARG(buf_str(&a->headers)), STR_ARG(buf_str(&want->headers)));
}

/* Twice, so that the second may come from memory. */
static void hits_equal_misses(void) {
    int before = service_log_lines(s, FROM_MEMORY);
    for (size_t i = 0; i < ASKED_COUNT; i++)
        for (size_t way = 0; way < WAY_COUNT; way++) {
            struct answer want = ask(plain, i, way), first = ask(s, i, way), second = ask(s, i, way);
            const char *what = WAYS[way].header ? WAYS[way].header : WAYS[way].method;
            check_same(&first, &want, "the first answer", ASKED[i].path, what);
            check_same(&second, &want, "the second answer", ASKED[i].path, what);
            answer_free(&want);
            answer_free(&first);
            answer_free(&second);
        }
    int hits = service_log_lines(s, FROM_MEMORY) - before;
    CHECK(hits > 100, "many of them came from memory: %d", hits);
    CHECK(service_log_lines(plain, FROM_MEMORY) == 0, "and none where nothing is kept");
}

/* ---- after each change ---- */

static struct answer want[ASKED_COUNT];

/* Nothing is told to the other process but by the database, which may take a while. */
static void check_heard(size_t i, const char *what) {
    for (int tries = 0; tries < 3000; tries++) {
        struct answer a = ask(other, i, 0);
        bool same = a.status == want[i].status && same_body(&a, &want[i]);
        if (same || tries == 2999) check_same(&a, &want[i], "the other process", ASKED[i].path, what);
        answer_free(&a);
        if (same) return;
        usleep(10000);
    }
}

static char stamp[100];

static void after_change(const char *what) {
    for (size_t i = 0; i < ASKED_COUNT; i++)
        want[i] = ask(plain, i, 0);
    for (size_t i = 0; i < ASKED_COUNT; i++) {
        struct answer a = ask(s, i, 0);
        check_same(&a, &want[i], "whoever was told", ASKED[i].path, what);
        answer_free(&a);
        check_heard(i, what);
        answer_free(&want[i]);
    }
}

static const char *part_of(const char *header) {
    const char *colon = strchr(header, ':');
    return colon ? colon + 1 : "";
}

static void changed_with(const char *method, const char *key, const char *path, const char *body,
                         const char *match, const char *what) {
    const char *type = !body ? NULL : *body == '{' ? "application/json" : "text/csv";
    struct answer a = service_ask(s, &(struct ask){.method = method,
                                                   .path = path,
                                                   .key = key,
                                                   .type = type,
                                                   .body = body ? str_of(body) : STR_NONE,
                                                   .headers = {match}});
    CHECK(a.status == 200 || a.status == 201, "%s: %ld %.300s", what, a.status, a.body.n ? a.body.p : "");
    const char *said = answer_header(&a, "quarterday-stamp");
    uint64_t now = 0, before = 0;
    bool of_all = strstr(path, "lookups") != NULL;
    str_to_uint(str_of(part_of(stamp)), INT64_MAX, &before);
    bool is_stamp = strncmp(said, SERVICE ":", strlen(SERVICE) + 1) == 0 &&
                    str_to_uint(str_of(part_of(said)), INT64_MAX, &now) && now > before;
    CHECK(of_all ? !*said : is_stamp, "%s: stamped '%s' after '%s'", what, said, stamp);
    if (is_stamp) snprintf(stamp, sizeof stamp, "%s", said);
    answer_free(&a);
    after_change(what);
}

static void changed(const char *method, const char *key, const char *path, const char *body,
                    const char *what) {
    changed_with(method, key, path, body, NULL, what);
}

static void send(const char *provider, const char *key, const char *period, const char *quit,
                 const char *seen, int people, int quitters, const char *what) {
    struct buf b = BUF_EMPTY;
    char path[200], id[24];
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (int i = 0; i < people; i++) {
        snprintf(id, sizeof id, "%.4s-%s-%d", provider, period, i + 1);
        struct episode_row row = episode_good(id);
        row.quit = quit;
        row.followed_up = seen;
        if (i >= quitters) row.outcome = "2", row.co = "";
        episode_add_csv(&b, &row);
    }
    buf_add(&b, "", 1);
    snprintf(path, sizeof path, "/v1/returns/" SERVICE "/%s/%s/episodes", provider, period);
    changed("PUT", key, path, b.p, what);
    buf_free(&b);
}

static void framework_changed(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/frameworks/" SERVICE);
    json_t *values = json_object_get(a.json, "contractValuePence"), *value;
    const char *year;
    json_object_foreach(values, year, value) json_object_set_new(values, year, json_integer(99000000));
    char *text = json_dumps(a.json, JSON_COMPACT);
    changed("PUT", s->commissioner, "/v1/frameworks/" SERVICE, text, "another framework");
    free(text);
    answer_free(&a);
}

static void plans_changed(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/action-plans");
    char path[80], deeper[100];
    snprintf(path, sizeof path, "/v1/action-plans/%s", answer_text(&a, "results.0.id"));
    answer_free(&a);
    changed_with(
        "PATCH", s->commissioner, path,
        "{\"nonComplianceReason\":\"Two advisers left\",\"what\":\"Hire\",\"how\":\"By advert\",\"who\":\"Lead\",\"when\":\"2026-27-Q1\"}",
        "If-Match: \"v1\"", "a plan is filled in");
    snprintf(deeper, sizeof deeper, "%s/updates", path);
    changed("POST", s->commissioner, deeper, "{\"month\":\"2026-01\",\"text\":\"One hired\"}",
            "progress is told");
    snprintf(deeper, sizeof deeper, "%s/actions", path);
    changed_with("POST", s->commissioner, deeper,
                 "{\"what\":\"Train\",\"who\":\"Lead\",\"by\":\"2026-03-01\"}", "If-Match: *",
                 "an action is added");
    snprintf(deeper, sizeof deeper, "%s/actions/1", path);
    changed_with("PATCH", s->commissioner, deeper, "{\"done\":\"2026-02-01\"}", "If-Match: *",
                 "an action is done");
}

static void nothing_is_stale(void) {
    after_change("nothing");
    send("homerton", s->homerton, Q1, "2025-05-01", "2025-05-29", 20, 3, "a return");
    send("pharmacies", s->pharmacies, Q1, "2025-05-02", "2025-05-30", 12, 4, "another provider's");
    send("homerton", s->homerton, Q1, "2025-05-01", "2025-05-29", 25, 9, "a correction");
    send("homerton", s->homerton, Q2, "2025-07-10", "2025-08-07", 15, 7, "another quarter");
    changed("PUT", s->homerton, "/v1/returns/" SERVICE "/homerton/" Q1 "/training-sessions",
            "sessionId,date,type,attendees\nT1,2025-05-06,VBA,8\n", "another part");
    changed("PUT", s->commissioner, "/v1/services/" SERVICE "/providers/pharmacies",
            "{\"name\":\"Pharmacies\",\"expectedParts\":[\"episodes\"],\"from\":\"2025-26-Q1\",\"to\":null}",
            "a provider's parts");
    changed("POST", s->pharmacies, "/v1/returns/" SERVICE "/pharmacies/" Q1 "/submission", NULL,
            "a sign-off");
    changed("POST", s->commissioner, "/v1/periods/" SERVICE "/" Q1 "/finalisation", NULL, "a final quarter");
    plans_changed();
    changed("POST", s->commissioner, "/v1/periods/" SERVICE "/" Q1 "/lock", "{\"reason\":\"Audited\"}",
            "a lock");
    changed("POST", s->commissioner, "/v1/periods/" SERVICE "/" Q1 "/unlock", "{\"reason\":\"Late\"}",
            "unlocked");
    changed(
        "PUT", s->commissioner, "/v1/national-returns/" SERVICE "/" Q1 "/finance",
        "{\"allocation\":720000,\"cumulativeSpend\":90000,\"pharmacotherapySpend\":7,\"otherAllocation\":0}",
        "finance");
    changed("POST", s->commissioner, "/v1/payments/" SERVICE "/2025-26/statements", NULL, "a statement");
    changed("PUT", s->admin, "/v1/lookups/bank-holidays", "date,title\n2025-05-06,An extra day\n",
            "bank holidays");
    framework_changed();
}

/* ---- how the service stands ---- */

static const char *const DASHBOARDS[] = {
    "/v1/dashboards/" SERVICE "/" Q2,
    "/v1/dashboards/" SERVICE "/" Q1 "?provider=homerton",
    "/v1/dashboards/" SERVICE "/" Q1 "?provider=pharmacies",
    "/v1/dashboards/" SERVICE "/" Q2 "?provider=homerton",
    "/v1/dashboards/" SERVICE "/" Q2 "?disclosure=public",
    "/v1/dashboards/" SERVICE "/2024-25-Q3",
    "/v1/dashboards/" SERVICE "/2024-25-Q2?provider=homerton",
};
enum { DASHBOARD_COUNT = sizeof DASHBOARDS / sizeof *DASHBOARDS };

static void contacts_changed(int calls) {
    char body[120];
    snprintf(body, sizeof body,
             "month,callsReceived,callsAnsweredFirstTime,emailsReceived\n2025-05,%d,%d,9\n", calls,
             calls / 2);
    struct answer a = service_put(s, s->homerton, "/v1/returns/" SERVICE "/homerton/" Q1 "/contacts",
                                  "text/csv", str_of(body));
    CHECK(a.status == 200 || a.status == 201, "contacts: %ld %.300s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
}

/* Whoever asks the database for a plan waits until it is let go. */
static PGconn *plans_locked(void) {
    PGconn *c = PQconnectdb(s->owner);
    PQclear(PQexec(c, "BEGIN"));
    PGresult *r = PQexec(c, "LOCK TABLE quarterday.plan IN ACCESS EXCLUSIVE MODE");
    CHECK(PQresultStatus(r) == PGRES_COMMAND_OK, "locked: %s", PQerrorMessage(c));
    PQclear(r);
    return c;
}

/* A connection for each of the dashboards, its handshake done, so that they can be asked for at once. */
static void crowd_gather(struct tls_client *crowd[DASHBOARD_COUNT]) {
    uint16_t port = (uint16_t)atoi(strrchr(s->url, ':') + 1);
    for (size_t i = 0; i < DASHBOARD_COUNT; i++) {
        crowd[i] = tls_connect(port);
        CHECK(crowd[i], "connection %zu", i);
    }
}

static void crowd_ask(struct tls_client *crowd[DASHBOARD_COUNT]) {
    char request[400];
    for (size_t i = 0; i < DASHBOARD_COUNT; i++) {
        snprintf(request, sizeof request,
                 "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", DASHBOARDS[i],
                 s->commissioner);
        CHECK(crowd[i] && tls_send_text(crowd[i], request), "asked: %s", DASHBOARDS[i]);
    }
}

/* Takes the answers that come within so long and are not there yet; true: all are. */
static bool crowd_receive(struct tls_client *crowd[DASHBOARD_COUNT], struct tls_answer got[DASHBOARD_COUNT],
                          int ms) {
    bool all = true;
    for (size_t i = 0; i < DASHBOARD_COUNT; i++) {
        if (crowd[i] && !got[i].status && all) tls_receive(crowd[i], &got[i], ms);
        all &= got[i].status > 0;
    }
    return all;
}

/* Each has the answer that it should have; they go. */
static void crowd_check(struct tls_client *crowd[DASHBOARD_COUNT], struct tls_answer got[DASHBOARD_COUNT],
                        const struct answer now[DASHBOARD_COUNT], int round) {
    for (size_t i = 0; i < DASHBOARD_COUNT; i++) {
        CHECK(got[i].status == 200 && str_eq(buf_str(&got[i].body), buf_str(&now[i].body)),
              "round %d, %s: %d %.*s\nexpected %.*s", round, DASHBOARDS[i], got[i].status,
              STR_ARG(buf_str(&got[i].body)), STR_ARG(buf_str(&now[i].body)));
        tls_answer_free(&got[i]);
        if (crowd[i]) tls_close(crowd[i]);
    }
}

/* Whether all of them are answered, as they should be, while nobody can read a plan. */
static bool answers_without_plans(const struct answer now[DASHBOARD_COUNT], int round) {
    struct tls_client *crowd[DASHBOARD_COUNT];
    struct tls_answer got[DASHBOARD_COUNT] = {0};
    crowd_gather(crowd);
    PGconn *lock = plans_locked();
    crowd_ask(crowd);
    bool all = crowd_receive(crowd, got, 2000);
    PQfinish(lock);
    crowd_receive(crowd, got, PATIENCE_MS);
    crowd_check(crowd, got, now, round);
    return all;
}

/* The first figures after a change read how the service stands; others take it from there, though nobody has asked for them yet. Not where the
 * process hears of the change once more in between, or has not heard of the database for a while: then it is tried again. */
static void standing_is_read_once(void) {
    bool shared = false;
    for (int round = 0; round < 60 && !shared; round++) {
        struct answer now[DASHBOARD_COUNT];
        contacts_changed(100 + round);
        for (size_t i = 0; i < DASHBOARD_COUNT; i++)
            now[i] = service_get(plain, s->commissioner, DASHBOARDS[i]);
        struct answer first = service_get(s, s->commissioner, "/v1/dashboards/" SERVICE "/" Q1);
        answer_free(&first);
        int before = service_log_lines(s, FROM_MEMORY);
        shared = answers_without_plans(now, round);
        CHECK(service_log_lines(s, FROM_MEMORY) == before, "no finished answer was there");
        for (size_t i = 0; i < DASHBOARD_COUNT; i++)
            answer_free(&now[i]);
    }
    CHECK(shared, "in one round at least");
}

/* Many at once after a change: one reads, the others wait for it, and all say what is so now. */
static void many_at_once(void) {
    for (int round = 0; round < 10; round++) {
        struct answer now[DASHBOARD_COUNT];
        struct tls_client *crowd[DASHBOARD_COUNT];
        struct tls_answer got[DASHBOARD_COUNT] = {0};
        contacts_changed(200 + round);
        for (size_t i = 0; i < DASHBOARD_COUNT; i++)
            now[i] = service_get(plain, s->commissioner, DASHBOARDS[i]);
        crowd_gather(crowd);
        crowd_ask(crowd);
        crowd_receive(crowd, got, PATIENCE_MS);
        crowd_check(crowd, got, now, round);
        for (size_t i = 0; i < DASHBOARD_COUNT; i++)
            answer_free(&now[i]);
    }
}

/* ---- memory ---- */

/* More answers than there is room for: what was asked for first has gone, and nothing is wrong. */
static void memory_is_bounded(void) {
    struct service *small =
        service_join(s, &(struct service_options){.extra_flags = {"--reply-cache-mib", "1"}});
    CHECK(small, "started");
    if (!small) return;
    const char *first = "/v1/dashboards/" SERVICE "/" Q1;
    char path[100];
    for (int asked = 0; asked < 2; asked++) {
        struct answer a = service_get(small, s->commissioner, first);
        answer_free(&a);
    }
    for (int day = 1; day <= 28; day++)
        for (int month = 1; month <= 4; month++) {
            snprintf(path, sizeof path, "%s?asAt=2025-%02d-%02d", first, month + 6, day);
            struct answer a = service_get(small, s->commissioner, path);
            CHECK(a.status == 200, "%s: %ld", path, a.status);
            answer_free(&a);
        }
    int before = service_log_lines(small, FROM_MEMORY);
    struct answer a = service_get(small, s->commissioner, first);
    CHECK(a.status == 200 && service_log_lines(small, FROM_MEMORY) == before, "the first has been let go");
    answer_free(&a);
    CHECK(service_stop(small) == 0, "stopped");
}

void suite_http_kept(void) {
    suite_add("http_kept", begin, end);
    case_add(
        "after each change every answer is that of the database, at once where it was told, soon elsewhere",
        nothing_is_stale);
    case_add("what is kept is what is made anew, whatever the request's headers say", hits_equal_misses);
    case_add("how a service stands is read once after a change", standing_is_read_once);
    case_add("many who ask at once after a change are told what is so now", many_at_once);
    case_add("no more is kept than there is room for", memory_is_bounded);
}
