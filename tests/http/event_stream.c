/* GET /v1/events as server-sent events: what was before and what comes, each once and in order, across pages, reconnections and kill -9; each
 * key its own; many readers by two connections to the database; the end with a key and with the service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/database.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"
#include "tests/support/tls_client.h"

static struct service *s;
#define RETURN(provider) "/v1/returns/city-and-hackney/" provider "/2025-26-Q3/contacts"
#define GOOD "month,callsReceived,callsAnsweredFirstTime\n2025-10,10,9\n"
#define OTHER "month,callsReceived,callsAnsweredFirstTime\n2025-11,10,9\n"
#define BAD "month,callsReceived,callsAnsweredFirstTime\n2025-10,10,many\n"
/* The calendar tells of what comes due whenever it has its turn. */
#define CHANGES "types=RETURN_ACCEPTED,RETURN_REFUSED,PERIOD_FINAL"
enum { MANY = 100, SOON = PATIENCE_MS };

static const struct service_options OPTIONS = {
    .extra_flags = {"--streams-per-key", "100", "--heartbeat-seconds", "1"}};

static int begin(void) {
    s = service_start(&OPTIONS);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static uint16_t port(void) {
    return (uint16_t)strtoul(strrchr(s->url, ':') + 1, NULL, 10);
}

/* Opens a stream; extra: further header lines. NULL with a failure said when it does not begin. */
static struct tls_client *follow(const char *key, const char *query, const char *extra) {
    char request[800];
    struct tls_client *c = tls_connect(port());
    snprintf(request, sizeof request,
             "GET /v1/events?%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
             "Accept: text/event-stream\r\n%s\r\n",
             query, key, extra);
    bool good = c && tls_send_text(c, request) && tls_wait_for_words(c, "HTTP/1.1 200 OK\r\n", SOON) &&
                tls_wait_for_words(c, "retry: 2000\n\n", SOON);
    CHECK(good, "a stream of %s begins", query);
    if (good) return c;
    tls_close(c);
    return NULL;
}

static void send(const char *key, const char *path, const char *csv, long want) {
    struct answer a = service_put(s, key, path, "text/csv", str_of(csv));
    CHECK(a.status == want, "%s: %ld, expected %ld", path, a.status, want);
    answer_free(&a);
}

/* The ids of what a key sees of these, as the feed has them, in its order; the texts of `out` are static. */
static size_t ids_of(const char *key, const char *query, char (*out)[24], size_t room) {
    char path[300];
    size_t n = 0;
    snprintf(path, sizeof path, "/v1/events?limit=500&%s", query);
    struct answer a = service_get(s, key, path);
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    for (; n < json_array_size(answer_at(&a, "results")) && n < room; n++) {
        snprintf(path, sizeof path, "results.%zu.id", n);
        snprintf(out[n], 24, "%s", answer_text(&a, path));
    }
    answer_free(&a);
    return n;
}

/* Waits for the event of that id as the next one. */
static bool hears(struct tls_client *c, const char *id, const char *type) {
    char words[200];
    snprintf(words, sizeof words, "id: %s\nevent: %s\ndata: {\"id\":\"%s\",\"type\":\"%s\",", id, type, id,
             type);
    return c && tls_wait_for_words(c, words, SOON) && tls_wait_for_words(c, "}\n\n", SOON);
}

/* ---- what was, and what comes ---- */

static void before_and_after(void) {
    char ids[8][24];
    send(s->homerton, RETURN("homerton"), BAD, 422);
    struct tls_client *c = follow(s->commissioner, CHANGES, "");
    struct tls_client *own = follow(s->pharmacies, CHANGES, "");
    struct tls_client *some = follow(s->commissioner, "types=RETURN_ACCEPTED", "");
    send(s->homerton, RETURN("homerton"), GOOD, 201);
    send(s->pharmacies, RETURN("pharmacies"), BAD, 422);
    size_t n = ids_of(s->commissioner, CHANGES, ids, 8);
    CHECK(n == 3, "%zu events", n);
    CHECK(hears(c, ids[0], "RETURN_REFUSED"), "what was before");
    CHECK(hears(c, ids[1], "RETURN_ACCEPTED") && hears(c, ids[2], "RETURN_REFUSED"), "what comes");
    CHECK(hears(own, ids[2], "RETURN_REFUSED"), "a provider its own, and that is the first that it hears");
    CHECK(hears(some, ids[1], "RETURN_ACCEPTED"), "the types that were asked for");
    CHECK(tls_wait_for_words(c, ":\n\n", SOON), "a comment where nothing comes");
    tls_close(own);
    tls_close(some);
    tls_close(c);
}

/* The object is that of the feed, to the byte. */
static void same_object(void) {
    char words[2000];
    struct answer a = service_get(s, s->homerton, "/v1/events?limit=1&" CHANGES);
    str body = buf_str(&a.body);
    const char *from = memmem(body.p, body.n, "{\"id\"", 5),
               *to = memmem(body.p, body.n, "],\"metadata\"", 12);
    CHECK(from && to, "an object");
    snprintf(words, sizeof words, "data: %.*s\n\n", (int)(to - from), from);
    answer_free(&a);
    struct tls_client *c = follow(s->homerton, CHANGES, "");
    CHECK(c && tls_wait_for_words(c, words, SOON), "%s", words);
    tls_close(c);
}

static void resumed(void) {
    char ids[8][24], header[60];
    size_t n = ids_of(s->commissioner, CHANGES, ids, 8);
    CHECK(n == 3, "%zu", n);
    snprintf(header, sizeof header, "Last-Event-ID: %s\r\n", ids[1]);
    struct tls_client *c = follow(s->commissioner, CHANGES "&after=0", header);
    CHECK(c && tls_wait_for_words(c, "id: ", SOON) && tls_wait_for_words(c, ids[2], SOON),
          "goes on after the last that was heard, whatever the address says");
    service_kill(s);
    CHECK(tls_wait_for_end(c, SOON) >= 0, "the service was killed");
    tls_close(c);
    CHECK(service_restart(s, &OPTIONS), "starts again");
    send(s->homerton, RETURN("homerton"), OTHER, 200);
    n = ids_of(s->commissioner, CHANGES, ids, 8);
    snprintf(header, sizeof header, "Last-Event-ID: %s\r\n", ids[2]);
    c = follow(s->commissioner, CHANGES, header);
    CHECK(n == 4 && hears(c, ids[3], "RETURN_ACCEPTED"), "nothing was missed: %zu", n);
    tls_close(c);
}

/* ---- much, and many ---- */

static void put_many(int count) {
    char sql[500];
    snprintf(
        sql, sizeof sql,
        "WITH told AS (INSERT INTO event (service, seq, kind, at, body) SELECT 'city-and-hackney', nextval('change_seq'), "
        "'RETURN_REFUSED', now(), jsonb_build_object('service', 'city-and-hackney', 'provider', 'homerton', 'n', n) "
        "FROM generate_series(1, %d) n RETURNING 1) SELECT count(*) FROM told",
        count);
    char want[20];
    snprintf(want, sizeof want, "%d", count);
    CHECK(strcmp(service_sql(s, sql), want) == 0, "%d events", count);
}

static void pages(void) {
    static char ids[400][24];
    put_many(250);
    size_t n = ids_of(s->homerton, CHANGES, ids, 400), heard = 0;
    struct tls_client *c = follow(s->homerton, CHANGES, "");
    while (heard < n) {
        char words[40];
        snprintf(words, sizeof words, "id: %.24s\n", ids[heard]);
        if (!c || !tls_wait_for_words(c, words, SOON)) break;
        heard++;
    }
    CHECK(n > 250 && heard == n, "%zu heard of %zu, in their order", heard, n);
    tls_close(c);
}

static void a_hundred(void) {
    static struct tls_client *c[MANY];
    char after[80], ids[8][24];
    struct answer a = service_get(s, s->commissioner, "/v1/events?limit=1&types=PERIOD_FINAL");
    snprintf(after, sizeof after, CHANGES "&after=%s", answer_text(&a, "metadata.cursor"));
    answer_free(&a);
    int began = 0, heard = 0;
    for (int i = 0; i < MANY; i++)
        began += (c[i] = follow(i % 2 ? s->commissioner : s->homerton, after, "")) != NULL;
    CHECK(began == MANY, "%d of %d begin", began, MANY);
    send(s->homerton, RETURN("homerton"), GOOD, 200);
    CHECK(ids_of(s->commissioner, after, ids, 8) == 1, "one event");
    for (int i = 0; i < MANY; i++)
        heard += hears(c[i], ids[0], "RETURN_ACCEPTED");
    CHECK(heard == MANY, "%d of %d hear it", heard, MANY);
    const char *used =
        service_sql(s, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                       "AND application_name LIKE 'quarterday streams%'");
    CHECK(strcmp(used, "2") == 0, "%s connections to the database", used);
    for (int i = 0; i < MANY; i += 2) {
        tls_vanish(c[i]);
        tls_close(c[i + 1]);
    }
}

/* ---- the database goes, and comes back ---- */

static void database_lost(void) {
    char ids[8][24], after[80];
    struct answer a = service_get(s, s->commissioner, "/v1/events?limit=1&types=PERIOD_FINAL");
    snprintf(after, sizeof after, CHANGES "&after=%s", answer_text(&a, "metadata.cursor"));
    answer_free(&a);
    struct tls_client *c = follow(s->commissioner, after, "");
    CHECK(strcmp(database_ask(s->app,
                              "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
                              "current_database() AND application_name LIKE 'quarterday streams%'"),
                 "2") == 0,
          "both connections are cut");
    put_many(1);
    CHECK(ids_of(s->commissioner, after, ids, 8) == 1 && hears(c, ids[0], "RETURN_REFUSED"),
          "what came meanwhile is heard");
    tls_close(c);
}

/* ---- refused, and ended ---- */

static void check_refused(const char *query, const char *header, long status, const char *code) {
    char path[200];
    snprintf(path, sizeof path, "/v1/events?%s", query);
    struct answer a = service_ask(s, &(struct ask){.path = path,
                                                   .key = s->commissioner,
                                                   .headers = {"Accept: text/event-stream", header}});
    CHECK(a.status == status && strcmp(answer_text(&a, "code"), code) == 0, "%s %s: %ld %s", query,
          header ? header : "", a.status, answer_text(&a, "code"));
    answer_free(&a);
}

static void refused(void) {
    check_refused("after=x", NULL, 400, "BAD_PARAMETER");
    check_refused("", "Last-Event-ID: x", 400, "BAD_PARAMETER");
    check_refused("", "Last-Event-ID: 9223372036854775807", 400, "BAD_PARAMETER");
    check_refused("types=NOTHING", NULL, 400, "BAD_PARAMETER");
    check_refused("service=elsewhere", NULL, 404, "NOT_FOUND");
    struct answer a = service_ask(
        s, &(struct ask){.path = "/v1/events", .key = s->commissioner, .headers = {"Accept: text/html"}});
    CHECK(a.status == 406, "neither: %ld", a.status);
    answer_free(&a);
    a = service_ask(s, &(struct ask){.path = "/v1/events", .headers = {"Accept: text/event-stream"}});
    CHECK(a.status == 401, "no key: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/events?limit=1");
    CHECK(strncmp(answer_header(&a, "content-type"), "application/json", 16) == 0,
          "a page where none is asked for");
    answer_free(&a);
}

static void revoked(void) {
    char id[40];
    struct tls_client *c = follow(s->pharmacies, CHANGES, "");
    struct tls_client *other = follow(s->homerton, "types=PERIOD_FINAL", "");
    snprintf(id, sizeof id, "%s", service_sql(s, "SELECT id FROM api_key WHERE provider = 'pharmacies'"));
    const char *const argv[] = {"key", "revoke", id, "--database", s->owner, NULL};
    CHECK(service_command(argv, NULL) == 0, "%s is revoked", id);
    CHECK(c && tls_wait_for_words(c, "\r\n0\r\n\r\n", SOON), "its stream ends");
    CHECK(other && tls_wait_for_words(other, ":\n\n", SOON), "another one goes on");
    tls_close(c);
    tls_close(other);
}

/* What the suite's end finds open: status 0 all the same. */
static void open_at_the_end(void) {
    struct tls_client *c = follow(s->commissioner, "types=PERIOD_FINAL", "");
    int status = service_stop(s);
    s = NULL;
    CHECK(status == 0, "ends with status %d", status);
    CHECK(c && tls_wait_for_words(c, "0\r\n\r\n", SOON), "and ends its streams in order");
    tls_close(c);
    s = service_start(&OPTIONS);
}

void suite_http_event_stream(void) {
    suite_add("http event_stream", begin, end);
    case_add("what was before, and what comes; each its own", before_and_after);
    case_add("the object is that of the feed", same_object);
    case_add("resumed by Last-Event-ID, also after kill -9", resumed);
    case_add("more than a page, in order", pages);
    case_add("a hundred readers by two connections", a_hundred);
    case_add("connections that are cut lose nothing", database_lost);
    case_add("what cannot be followed", refused);
    case_add("it ends with its key", revoked);
    case_add("it ends with the service", open_at_the_end);
}
