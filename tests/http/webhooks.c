/* Webhooks over HTTPS, with a receiver in this process: who may have one and where it may go, what is sent and signed, failing, dying and
 * sending again, pausing, and what a receiver must not be able to do. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "server/webhook_backoff.h"
#include "tests/support/receiver.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static struct receiver to;
static const struct service_options OPTIONS = {.trusts_receiver = true};

#define SERVICE_PATH "/v1/webhooks/city-and-hackney"
#define RETURN(provider) "/v1/returns/city-and-hackney/" provider "/2025-26-Q3/contacts"
#define BAD "month,callsReceived,callsAnsweredFirstTime\n2025-10,10,many\n"
#define GOOD "month,callsReceived,callsAnsweredFirstTime\n2025-10,10,9\n"

static bool start_receiver(void) {
    char key[200];
    snprintf(key, sizeof key, "%.*s/key.pem", (int)(strrchr(s->ca_file, '/') - s->ca_file), s->ca_file);
    return receiver_start(&to, s->ca_file, key);
}
static int begin(void) {
    s = service_start(&OPTIONS);
    return s && start_receiver() ? 0 : 1;
}
static int end(void) {
    int status = s ? service_stop(s) : 1;
    receiver_stop(&to);
    return status;
}

/* ---- asking ---- */

static struct answer post(const char *key, const char *path, const char *body) {
    return service_ask(s, &(struct ask){.method = "POST",
                                        .path = path,
                                        .key = key,
                                        .type = body ? "application/json" : NULL,
                                        .body = body ? str_of(body) : STR("")});
}

static void expect(struct answer a, long status, const char *what) {
    CHECK(a.status == status, "%s: %ld %.*s", what, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

struct hook {
    char id[40], secret[140], path[120];
};

/* url: after that of the receiver. more: further members, beginning with a comma. */
static struct hook make(const char *key, const char *path, const char *more) {
    struct hook h = {.id = ""};
    char body[400];
    snprintf(body, sizeof body, "{\"url\":\"%s%s\"%s}", to.url, path, more);
    struct answer a = post(key, SERVICE_PATH, body);
    CHECK(a.status == 201, "made: %ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    snprintf(h.id, sizeof h.id, "%s", answer_text(&a, "id"));
    snprintf(h.secret, sizeof h.secret, "%s", answer_text(&a, "secret"));
    snprintf(h.path, sizeof h.path, SERVICE_PATH "/%s", h.id);
    CHECK(strcmp(answer_header(&a, "location"), h.path) == 0, "Location: %s", answer_header(&a, "location"));
    CHECK(strcmp(answer_header(&a, "cache-control"), "no-store") == 0, "a secret is not kept on the way");
    answer_free(&a);
    return h;
}

static struct answer act(const char *key, const struct hook *h, const char *what) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", h->path, what);
    return post(key, path, NULL);
}

static void drop(const char *key, const struct hook *h) {
    expect(service_ask(s, &(struct ask){.method = "DELETE", .path = h->path, .key = key}), 200, "deleted");
}

/* A member of the webhook as it is now, in static memory. */
static const char *of(const char *key, const struct hook *h, const char *member) {
    static char text[400];
    struct answer a = service_get(s, key, h->path);
    snprintf(text, sizeof text, "%s", answer_text(&a, member));
    answer_free(&a);
    return text;
}

/* Waits until the member has that value. */
static bool becomes(const char *key, const struct hook *h, const char *member, const char *want) {
    for (int tries = 0; tries < 6000; tries++) {
        if (strcmp(of(key, h, member), want) == 0) return true;
        usleep(10000);
    }
    return false;
}

static void send_return(const char *key, const char *path, const char *csv, long want) {
    struct answer a = service_put(s, key, path, "text/csv", str_of(csv));
    CHECK(a.status == want, "%s: %ld, expected %ld", path, a.status, want);
    answer_free(&a);
}
static void refuse_one(void) {
    send_return(s->homerton, RETURN("homerton"), BAD, 422);
}

/* What waits for its next attempt is due at once. */
static void hurry(void) {
    service_sql(s, "UPDATE webhook_delivery SET next_at = now() WHERE state = 'DUE' RETURNING 1");
}

static unsigned always(void *context, const struct received *got) {
    (void)got;
    return *(const unsigned *)context;
}
static void answer_with(unsigned *status) {
    to.context = status;
    to.answer = status ? always : NULL;
}

static bool signature_holds(const struct received *got, const char *secret) {
    uint8_t mac[SHA256_BYTES];
    char want[80] = "v1=";
    const str pieces[] = {str_of(got->timestamp), STR("."), str_of(got->body)};
    hmac_sha256_of(str_of(secret), pieces, 3, mac);
    hex_format(mac, sizeof mac, want + 3);
    return strcmp(want, got->signature) == 0;
}

/* ---- making ---- */

static void made_and_seen(void) {
    struct hook h = make(s->commissioner, "/a?token=x", ",\"types\":\"PERIOD_FINAL,KPI_RED\"");
    struct hook own = make(s->homerton, "/b", ",\"secret\":\"0123456789abcdef01234567\"");
    CHECK(strncmp(h.secret, "qdwh_", 5) == 0 && strlen(h.secret) == 69, "a secret: %s", h.secret);
    CHECK(strcmp(own.secret, "0123456789abcdef01234567") == 0, "or the one that was given");
    CHECK(strcmp(of(s->commissioner, &h, "secret"), "(absent)") == 0, "is shown once");
    CHECK(strcmp(of(s->commissioner, &h, "types"), "PERIOD_FINAL,KPI_RED") == 0, "types: %s",
          of(s->commissioner, &h, "types"));
    CHECK(strcmp(of(s->homerton, &own, "provider"), "homerton") == 0, "whose it is");
    CHECK(strcmp(of(s->homerton, &own, "types"), "null") == 0, "all types");
    static const struct {
        const char *whose, *total;
    } LISTS[] = {{"commissioner", "1"}, {"homerton", "1"}, {"pharmacies", "0"}};
    const char *keys[] = {s->commissioner, s->homerton, s->pharmacies};
    for (size_t i = 0; i < 3; i++) {
        struct answer a = service_get(s, keys[i], SERVICE_PATH);
        CHECK(a.status == 200 && strcmp(answer_text(&a, "metadata.total"), LISTS[i].total) == 0, "%s sees %s",
              LISTS[i].whose, answer_text(&a, "metadata.total"));
        str body = buf_str(&a.body);
        CHECK(!memmem(body.p, body.n, "secret", 6), "no secrets in lists");
        answer_free(&a);
    }
    expect(service_get(s, s->homerton, h.path), 404, "another's");
    expect(service_get(s, s->commissioner, own.path), 404, "a provider's");
    expect(act(s->pharmacies, &own, "test"), 404, "another provider's");
    expect(service_get(s, s->checker, SERVICE_PATH), 403, "a checker");
    expect(service_get(s, s->commissioner, "/v1/webhooks/elsewhere"), 404, "another service");
    drop(s->commissioner, &h);
    drop(s->homerton, &own);
    expect(service_get(s, s->commissioner, h.path), 404, "gone");
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM webhook WHERE secret <> ''"), "0") == 0,
          "and so are the secrets");
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM audit WHERE action LIKE 'WEBHOOK_%' AND "
                                "detail::text LIKE '%token%'"),
                 "0") == 0,
          "the audit tells no address");
    CHECK(strcmp(service_sql(s, "SELECT string_agg(action, ' ' ORDER BY seq) FROM audit WHERE action LIKE "
                                "'WEBHOOK_%'"),
                 "WEBHOOK_CREATED WEBHOOK_CREATED WEBHOOK_DELETED WEBHOOK_DELETED") == 0,
          "it tells who did what: %s",
          service_sql(
              s, "SELECT string_agg(action, ' ' ORDER BY seq) FROM audit WHERE action LIKE 'WEBHOOK_%'"));
}

static void bad_bodies(void) {
    static const struct {
        const char *body, *code;
    } ROWS[] = {
        {"{}", "MISSING_VALUE"},
        {"{\"url\":\"http://example.org/\"}", "INVALID"},
        {"{\"url\":\"ftp://example.org/\"}", "INVALID"},
        {"{\"url\":\"example.org\"}", "INVALID"},
        {"{\"url\":\"https://\"}", "INVALID"},
        {"{\"url\":\"https://user:secret@example.org/\"}", "INVALID"},
        {"{\"url\":\"https://user@example.org/\"}", "INVALID"},
        {"{\"url\":\"https://example.org/#x\"}", "INVALID"},
        {"{\"url\":\"https://example.org:25/\"}", "INVALID"},
        {"{\"url\":\"https://example.org:1023/\"}", "INVALID"},
        {"{\"url\":\"https://example.org:65536/\"}", "INVALID"},
        {"{\"url\":\"https://[fe80::1%25eth0]/\"}", "INVALID"},
        {"{\"url\":\"https://example.org/a b\"}", "INVALID"},
        {"{\"url\":\"https://ex\\u00e4mple.org/\"}", "INVALID"},
        {"{\"url\":\"file:///etc/passwd\"}", "INVALID"},
        {"{\"url\":\"https://example.org/\",\"types\":\"PLAN_OPENED\"}", "INVALID"},
        {"{\"url\":\"https://example.org/\",\"secret\":\"short\"}", "INVALID"},
        {"{\"url\":\"https://example.org/\",\"secret\":\"0123456789 0123456789 0123456789\"}", "INVALID"},
        {"{\"url\":\"https://example.org/\",\"after\":\"x\"}", "INVALID"},
        {"{\"url\":\"https://example.org/\",\"after\":\"999999999\"}", "INVALID"},
        {"{\"url\":\"https://example.org/\",\"kinds\":\"KPI_RED\"}", "INVALID"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct answer a = post(s->commissioner, SERVICE_PATH, ROWS[i].body);
        CHECK(a.status == 422 && strcmp(answer_text(&a, "code"), ROWS[i].code) == 0, "%s: %ld %s %s",
              ROWS[i].body, a.status, answer_text(&a, "code"), answer_text(&a, "detail"));
        CHECK(!strstr(answer_text(&a, "detail"), "secret@"), "an address with a secret is not repeated");
        answer_free(&a);
    }
    for (int i = 0; i < 20; i++)
        make(s->pharmacies, "/many", "");
    expect(post(s->pharmacies, SERVICE_PATH, "{\"url\":\"https://example.org/\"}"), 409, "the 21st");
    service_sql(s, "UPDATE webhook SET state = 'DELETED', secret = '' RETURNING 1");
}

/* ---- what is sent ---- */

static void sent_and_signed(void) {
    size_t from = receiver_count(&to);
    struct hook all = make(s->commissioner, "/all", ""), own = make(s->pharmacies, "/own", "");
    refuse_one();
    CHECK(receiver_wait(&to, from + 1), "is sent");
    CHECK(becomes(s->commissioner, &all, "waiting", "0"), "and noted");
    struct received got = receiver_at(&to, from);
    struct answer a = service_get(s, s->commissioner, "/v1/events?types=RETURN_REFUSED&limit=1");
    json_t *body = json_loads(got.body, JSON_REJECT_DUPLICATES, NULL);
    CHECK(strcmp(got.path, "/all") == 0 && json_equal(body, answer_at(&a, "results.0")),
          "the event as the feed has it: %s", got.body);
    json_decref(body);
    CHECK(strcmp(got.id, answer_text(&a, "results.0.id")) == 0 && strcmp(got.webhook, all.id) == 0 &&
              strcmp(got.attempt, "1") == 0 && strcmp(got.type, "application/json") == 0,
          "%s %s %s %s", got.id, got.webhook, got.attempt, got.type);
    CHECK(signature_holds(&got, all.secret) && !signature_holds(&got, own.secret), "signed: %s",
          got.signature);
    answer_free(&a);
    CHECK(strcmp(of(s->commissioner, &all, "lastAttempt.status"), "200") == 0, "what came of it");
    CHECK(receiver_count(&to) == from + 1, "a provider hears nothing of another");
    send_return(s->pharmacies, RETURN("pharmacies"), GOOD, 201);
    CHECK(receiver_wait(&to, from + 3), "both hear of it");
    drop(s->commissioner, &all);
    drop(s->pharmacies, &own);
    refuse_one();
    CHECK(receiver_count(&to) == from + 3, "after deletion nothing");
}

static void chosen_types(void) {
    size_t from = receiver_count(&to);
    struct hook h = make(s->commissioner, "/types", ",\"types\":\"RETURN_ACCEPTED\"");
    refuse_one();
    send_return(s->homerton, RETURN("homerton"), GOOD, 201);
    CHECK(receiver_wait(&to, from + 1), "the one it asked for");
    CHECK(strstr(receiver_at(&to, from).body, "RETURN_ACCEPTED"), "%s", receiver_at(&to, from).body);
    refuse_one();
    struct answer a = service_get(s, s->commissioner, "/v1/events");
    char newest[40];
    snprintf(newest, sizeof newest, "%s", answer_text(&a, "metadata.cursor"));
    answer_free(&a);
    CHECK(becomes(s->commissioner, &h, "cursor", newest), "moves over the others: %s, newest %s",
          of(s->commissioner, &h, "cursor"), newest);
    CHECK(receiver_count(&to) == from + 1, "without sending them");
    drop(s->commissioner, &h);
    h = make(s->commissioner, "/after", ",\"after\":\"0\"");
    struct answer all = service_get(s, s->commissioner, "/v1/events?limit=500");
    size_t count = json_array_size(answer_at(&all, "results"));
    CHECK(receiver_wait(&to, from + 1 + count), "everything from the beginning: %zu", count);
    for (size_t i = 0; i < count; i++) {
        char path[40];
        snprintf(path, sizeof path, "results.%zu.id", i);
        CHECK(strcmp(receiver_at(&to, from + 1 + i).id, answer_text(&all, path)) == 0, "in order");
    }
    answer_free(&all);
    drop(s->commissioner, &h);
}

static void tested(void) {
    size_t from = receiver_count(&to);
    struct hook h = make(s->commissioner, "/test", ",\"types\":\"PERIOD_FINAL\"");
    CHECK(strcmp(of(s->commissioner, &h, "test"), "null") == 0, "no test yet");
    expect(act(s->commissioner, &h, "pause"), 200, "paused");
    expect(act(s->commissioner, &h, "test"), 202, "a paused one can be tested");
    CHECK(receiver_wait(&to, from + 1) && becomes(s->commissioner, &h, "test.state", "DELIVERED"),
          "delivered: %s", of(s->commissioner, &h, "test.error"));
    struct received got = receiver_at(&to, from);
    CHECK(signature_holds(&got, h.secret) && strstr(got.body, "\"type\":\"TEST\"") &&
              strcmp(got.id, of(s->commissioner, &h, "test.id")) == 0,
          "%s %s", got.id, got.body);
    unsigned status = 500;
    answer_with(&status);
    expect(act(s->commissioner, &h, "test"), 202, "again");
    CHECK(becomes(s->commissioner, &h, "test.state", "FAILED"), "failed");
    CHECK(strcmp(of(s->commissioner, &h, "test.error"), "answered 500") == 0, "%s",
          of(s->commissioner, &h, "test.error"));
    answer_with(NULL);
    drop(s->commissioner, &h);
}

/* ---- failing ---- */

static const char *delivery(const struct hook *h, const char *member) {
    static char text[200];
    char path[200];
    snprintf(path, sizeof path, "%s/deliveries", h->path);
    struct answer a = service_get(s, s->commissioner, path);
    snprintf(text, sizeof text, "%s", answer_text(&a, member));
    answer_free(&a);
    return text;
}

static void fails_dies_and_is_sent_again(void) {
    size_t from = receiver_count(&to);
    unsigned status = 500;
    answer_with(&status);
    struct hook h = make(s->commissioner, "/dies", "");
    refuse_one();
    refuse_one();
    for (size_t attempt = 1; attempt <= WEBHOOK_ATTEMPTS; attempt++) {
        char number[12];
        snprintf(number, sizeof number, "%zu", attempt);
        CHECK(receiver_wait(&to, from + attempt), "attempt %zu", attempt);
        struct received got = receiver_at(&to, from + attempt - 1), first = receiver_at(&to, from);
        CHECK(strcmp(got.attempt, number) == 0 && strcmp(got.id, first.id) == 0 &&
                  strcmp(got.body, first.body) == 0 && signature_holds(&got, h.secret),
              "the same again: %s %s", got.attempt, got.id);
        if (attempt == WEBHOOK_ATTEMPTS) break;
        for (int tries = 0; tries < 12000 && strcmp(delivery(&h, "results.0.attempts"), number) != 0; tries++)
            usleep(5000);
        if (attempt == 1) {
            CHECK(strcmp(delivery(&h, "results.0.state"), "DUE") == 0 &&
                      strcmp(delivery(&h, "results.0.lastAttempt.error"), "answered 500") == 0,
                  "is due again: %s", delivery(&h, "results.0.state"));
            CHECK(strcmp(service_sql(s, "SELECT next_at - last_at BETWEEN '9.9 s' AND '11.1 s' FROM "
                                        "webhook_delivery WHERE state = 'DUE'"),
                         "t") == 0,
                  "in 10 s");
        }
        hurry();
    }
    CHECK(receiver_wait(&to, from + WEBHOOK_ATTEMPTS + 1), "then the next event's turn comes");
    CHECK(strcmp(receiver_at(&to, from + WEBHOOK_ATTEMPTS).id, receiver_at(&to, from).id) != 0, "another");
    CHECK(becomes(s->commissioner, &h, "dead", "1"), "one is dead");
    answer_with(NULL);
    char path[200];
    snprintf(path, sizeof path, "deliveries/%s/redelivery", receiver_at(&to, from).id);
    expect(act(s->commissioner, &h, path), 202, "sent again");
    CHECK(receiver_wait(&to, from + WEBHOOK_ATTEMPTS + 2), "comes again");
    struct received last = receiver_at(&to, from + WEBHOOK_ATTEMPTS + 1);
    CHECK(strcmp(last.id, receiver_at(&to, from).id) == 0 &&
              strcmp(last.body, receiver_at(&to, from).body) == 0,
          "the same id and bytes");
    CHECK(becomes(s->commissioner, &h, "dead", "0"), "none is dead");
    hurry();
    CHECK(receiver_wait(&to, from + WEBHOOK_ATTEMPTS + 3) && becomes(s->commissioner, &h, "waiting", "0"),
          "and the second goes on");
    expect(act(s->commissioner, &h, "deliveries/1/redelivery"), 404, "an event that it was never sent");
    expect(act(s->commissioner, &h, "deliveries/x/redelivery"), 404, "no event");
    drop(s->commissioner, &h);
}

static void all_dead_again(void) {
    size_t from = receiver_count(&to);
    struct hook h = make(s->commissioner, "/dead", "");
    refuse_one();
    refuse_one();
    CHECK(receiver_wait(&to, from + 2) && becomes(s->commissioner, &h, "waiting", "0"), "two delivered");
    char sql[300];
    snprintf(
        sql, sizeof sql,
        "INSERT INTO webhook_delivery SELECT service, '%s', seq, 'DEAD', 9, now(), now(), now(), 500, 'x' FROM event "
        "WHERE seq > (SELECT max(seq) FROM event) - 10 AND kind = 'RETURN_REFUSED' ORDER BY seq DESC LIMIT 2 RETURNING 1",
        h.id);
    CHECK(strcmp(service_sql(s, sql), "1") == 0, "two are dead");
    CHECK(becomes(s->commissioner, &h, "dead", "2"), "%s dead", of(s->commissioner, &h, "dead"));
    struct answer a = act(s->commissioner, &h, "redelivery");
    CHECK(a.status == 202 && strcmp(answer_text(&a, "sentAgain"), "2") == 0, "%ld %s", a.status,
          answer_text(&a, "sentAgain"));
    answer_free(&a);
    CHECK(receiver_wait(&to, from + 4) && becomes(s->commissioner, &h, "dead", "0"), "both come again");
    CHECK(strcmp(receiver_at(&to, from + 2).id, receiver_at(&to, from).id) == 0 &&
              strcmp(receiver_at(&to, from + 3).id, receiver_at(&to, from + 1).id) == 0,
          "in order");
    drop(s->commissioner, &h);
}

static void others_go_on(void) {
    size_t from = receiver_count(&to);
    char body[200];
    struct hook good = make(s->commissioner, "/good", "");
    snprintf(body, sizeof body, "{\"url\":\"https://localhost:1024/nobody\"}");
    struct answer a = post(s->commissioner, SERVICE_PATH, body);
    struct hook bad = {.id = ""};
    snprintf(bad.path, sizeof bad.path, SERVICE_PATH "/%s", answer_text(&a, "id"));
    answer_free(&a);
    refuse_one();
    refuse_one();
    CHECK(receiver_wait(&to, from + 2), "one that answers is not held up by one that does not");
    CHECK(becomes(s->commissioner, &bad, "lastAttempt.error", "nobody answers at that address"), "%s",
          of(s->commissioner, &bad, "lastAttempt.error"));
    CHECK(strcmp(of(s->commissioner, &bad, "waiting"), "2") == 0, "its events wait");
    drop(s->commissioner, &good);
    drop(s->commissioner, &bad);
}

static void gone_and_resumed(void) {
    size_t from = receiver_count(&to);
    unsigned status = 410;
    answer_with(&status);
    struct hook h = make(s->commissioner, "/gone", "");
    refuse_one();
    CHECK(becomes(s->commissioner, &h, "state", "PAUSED"), "410 pauses");
    CHECK(strstr(of(s->commissioner, &h, "pausedBecause"), "410"), "%s",
          of(s->commissioner, &h, "pausedBecause"));
    refuse_one();
    expect(act(s->commissioner, &h, "pause"), 409, "it is paused already");
    answer_with(NULL);
    size_t before = receiver_count(&to);
    expect(act(s->commissioner, &h, "resumption"), 200, "resumed");
    CHECK(receiver_wait(&to, before + 2) && becomes(s->commissioner, &h, "waiting", "0"),
          "what came meanwhile is sent");
    CHECK(strcmp(receiver_at(&to, before).id, receiver_at(&to, from).id) == 0, "the refused one first");
    expect(act(s->commissioner, &h, "resumption"), 409, "it is active already");
    drop(s->commissioner, &h);
}

/* ---- receivers that misbehave ---- */

static void restart(const struct service_options *o) {
    service_kill(s);
    CHECK(service_restart(s, o), "starts with other settings");
}

static unsigned slowly(void *context, const struct received *got) {
    (void)context;
    if (strcmp(got->path, "/slow") == 0) usleep(2500000);
    return 200;
}

static void redirects_and_much_and_slow(void) {
    size_t from = receiver_count(&to);
    unsigned status = 302;
    char location[100];
    snprintf(location, sizeof location, "%s/elsewhere", to.url);
    to.location = location;
    answer_with(&status);
    struct hook h = make(s->commissioner, "/redirects", "");
    refuse_one();
    CHECK(becomes(s->commissioner, &h, "lastAttempt.error", "answered 302; redirects are not followed"), "%s",
          of(s->commissioner, &h, "lastAttempt.error"));
    CHECK(receiver_count(&to) == from + 1, "and the other address hears nothing");
    to.location = NULL;
    answer_with(NULL);
    to.answer_bytes = 4 << 20;
    hurry();
    CHECK(becomes(s->commissioner, &h, "lastAttempt.status", "200"), "a long answer is let go: %s",
          of(s->commissioner, &h, "lastAttempt.error"));
    to.answer_bytes = 0;
    drop(s->commissioner, &h);
    restart(&(struct service_options){.trusts_receiver = true, .extra_flags = {"--webhook-seconds", "2"}});
    from = receiver_count(&to);
    to.answer = slowly;
    h = make(s->commissioner, "/slow", "");
    refuse_one();
    CHECK(becomes(s->commissioner, &h, "lastAttempt.error", "no answer within 2 s"), "%s",
          of(s->commissioner, &h, "lastAttempt.error"));
    CHECK(receiver_wait(&to, from + 1), "whose answer comes too late");
    answer_with(NULL);
    drop(s->commissioner, &h);
}

/* ---- where it must not go ---- */

static void test_fails_with(const struct hook *h, const char *want) {
    expect(act(s->commissioner, h, "test"), 202, "a test");
    CHECK(becomes(s->commissioner, h, "test.state", "FAILED") &&
              strcmp(of(s->commissioner, h, "test.error"), want) == 0,
          "%s, expected %s", of(s->commissioner, h, "test.error"), want);
}

static void not_trusted(void) {
    struct hook h = make(s->commissioner, "/trust", "");
    size_t from = receiver_count(&to);
    restart(&(struct service_options){.extra_flags = {"--webhook-private", "1"}});
    test_fails_with(&h, "its certificate is not trusted");
    restart(NULL);
    test_fails_with(&h, "its name leads to a loopback address, which is not allowed");
    CHECK(receiver_count(&to) == from, "the receiver hears nothing");
    static const char *const INSIDE[] = {
        "localhost",   "LOCALHOST",       "a.localhost", "127.0.0.1",          "127.1",
        "0x7f000001",  "2130706433",      "0",           "10.0.0.1",           "169.254.169.254",
        "192.168.1.1", "100.64.0.1",      "[::1]",       "[::ffff:127.0.0.1]", "[fd00:ec2::254]",
        "[fe80::1]",   "%31%32%37.0.0.1",
    };
    for (size_t i = 0; i < sizeof INSIDE / sizeof *INSIDE; i++) {
        char body[120];
        snprintf(body, sizeof body, "{\"url\":\"https://%s/\"}", INSIDE[i]);
        struct answer a = post(s->commissioner, SERVICE_PATH, body);
        CHECK(a.status == 422, "%s: %ld %s", INSIDE[i], a.status, answer_text(&a, "url"));
        answer_free(&a);
    }
    char name[256] = "", sql[600];
    struct addrinfo *found = NULL;
    if (gethostname(name, sizeof name - 1) == 0 && getaddrinfo(name, NULL, NULL, &found) == 0) {
        freeaddrinfo(found);
        snprintf(sql, sizeof sql, "UPDATE webhook SET url = 'https://%s/' WHERE webhook = '%s' RETURNING 1",
                 name, h.id);
        service_sql(s, sql);
        expect(act(s->commissioner, &h, "test"), 202, "a name of this machine");
        CHECK(becomes(s->commissioner, &h, "test.state", "FAILED") &&
                  strstr(of(s->commissioner, &h, "test.error"), "not allowed"),
              "%s: %s", name, of(s->commissioner, &h, "test.error"));
    }
    restart(&OPTIONS);
    drop(s->commissioner, &h);
}

void suite_http_webhooks(void) {
    suite_add("http webhooks", begin, end);
    case_add("made, seen by its owner alone, deleted", made_and_seen);
    case_add("bodies that cannot be", bad_bodies);
    case_add("an event is sent, signed, to those whom it concerns", sent_and_signed);
    case_add("types that were asked for, and from where on", chosen_types);
    case_add("a test", tested);
    case_add("fails, is tried again, dies, is sent again", fails_dies_and_is_sent_again);
    case_add("all that are dead are sent again", all_dead_again);
    case_add("one that fails holds up no other", others_go_on);
    case_add("410 pauses, and nothing is lost by a pause", gone_and_resumed);
    case_add("redirects are not followed, long answers let go, slow ones given up",
             redirects_and_much_and_slow);
    case_add("no unknown certificate, no private address, whatever its name", not_trusted);
}
