/* transport_crowd: too many connections, of all or of one address; and a proxy in front, whose connections are those of many clients. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/suite.h"
#include "tests/support/transport.h"

#define HOST "Host: localhost\r\n"
#define GET(path, header) "GET " path " HTTP/1.1\r\n" HOST header "\r\n"

enum { CIVIL_MS = 2100 /* what an honest client needs at most, and a little */ };

static bool asks(struct tls_client *c, const char *request, int status) {
    struct tls_answer a = {0};
    bool good = c && tls_send_text(c, request) && tls_receive(c, &a, PATIENCE_MS) && a.status == status;
    tls_answer_free(&a);
    return good;
}

static void close_all(struct tls_client **c, int n) {
    for (int i = 0; i < n; i++)
        tls_close(c[i]);
}

/* ---- room ---- */

static const char STUMP[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

/* A handshake that stops, a header that stops, a body of nobody that stops. */
static struct tls_client *loiter(int i, const char *address) {
    static const char *const WORDS[] = {"GET /hello HTTP/1.1\r\nHost: lo",
                                        "POST /nothing HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\na"};
    if (i % 3 == 0) {
        struct tls_client *c = tls_connect_silent_from(address, transport_port());
        if (c) tls_send(c, STUMP, sizeof STUMP - 1);
        return c;
    }
    struct tls_client *c = tls_connect_from(address, transport_port());
    if (c) tls_send_text(c, WORDS[i % 3 - 1]);
    return c;
}

static void makes_room(void) {
    enum { LIMIT = 12, NEWCOMERS = 6 };
    const struct server_settings s = {
        .connection_limit = LIMIT, .header_seconds = 600, .body_grace_seconds = 600, .idle_seconds = 600};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct tls_client *idlers[LIMIT], *good[NEWCOMERS], *kept = tls_connect(transport_port());
    CHECK(asks(kept, GET("/hello", ""), 200), "the first");
    for (int i = 1; i < LIMIT; i++)
        idlers[i] = loiter(i, "127.0.0.1");
    poll(NULL, 0, CIVIL_MS);
    for (int i = 0; i < NEWCOMERS; i++) {
        good[i] = tls_connect(transport_port());
        CHECK(asks(good[i], GET("/hello", ""), 200), "newcomer %d is let in and answered", i);
    }
    CHECK(asks(kept, GET("/hello", ""), 200), "who has asked well is not sent away");
    CHECK(transport_log_lines("\"event\":\"connections-full\",\"limit\":12") == 1,
          "the log says so, once in a while: %u", transport_log_lines("connections-full"));
    close_all(good, NEWCOMERS);
    close_all(idlers + 1, LIMIT - 1);
    tls_close(kept);
    transport_stop();
}

static void makes_room_for_neighbours(void) {
    enum { LIMIT = 6 };
    const struct server_settings s = {
        .per_ip_limit = LIMIT, .header_seconds = 600, .body_grace_seconds = 600, .idle_seconds = 600};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct tls_client *idlers[LIMIT], *good[LIMIT];
    for (int i = 0; i < LIMIT; i++)
        idlers[i] = loiter(i, "127.0.0.7");
    struct tls_client *other = tls_connect_from("127.0.0.8", transport_port());
    CHECK(asks(other, GET("/hello", ""), 200), "other addresses do not notice");
    poll(NULL, 0, CIVIL_MS);
    for (int i = 0; i < LIMIT; i++) {
        good[i] = tls_connect_from("127.0.0.7", transport_port());
        CHECK(asks(good[i], GET("/hello", ""), 200), "one of the same address is let in: %d", i);
    }
    for (int i = 0; i < LIMIT; i++)
        CHECK(tls_wait_for_end(idlers[i], PATIENCE_MS) >= 0, "idler %d has made room", i);
    CHECK(!tls_connect_from("127.0.0.7", transport_port()), "a seventh that all ask well is refused");
    CHECK(asks(good[0], GET("/hello", ""), 200) && asks(other, GET("/hello", ""), 200), "and harms nobody");
    close_all(good, LIMIT);
    close_all(idlers, LIMIT);
    tls_close(other);
    transport_stop();
}

/* ---- a proxy ---- */

#define FOR(address) "X-Forwarded-For: " address "\r\n"

static bool start_behind(const char *proxies, bool behind) {
    struct server_settings s = {
        .behind_proxy = behind, .per_ip_limit = 2, .read_workers = 4, .idle_seconds = 600};
    return address_ranges_parse(str_of(proxies), &s.trusted_proxies, NULL) == OK && transport_start(&s);
}

static void counts_for_the_client(void) {
    enum { MANY = 8 };
    if (!start_behind("127.0.0.9", false)) return CHECK(false, "no server");
    struct tls_client *c[MANY];
    for (int i = 0; i < MANY; i++) {
        c[i] = tls_connect_from("127.0.0.9", transport_port());
        CHECK(asks(c[i], GET("/hello", FOR("192.0.2.1")), 200), "a proxy has as many as it likes: %d", i);
    }
    for (int i = 0; i < 2; i++)
        CHECK(tls_send_text(c[i], GET("/held", FOR("192.0.2.1"))), "two requests of one client");
    CHECK(transport_wait_for_running(2), "are under way");
    CHECK(asks(c[2], GET("/hello", FOR("198.51.100.1, 192.0.2.1")), 429), "its third at once is too many");
    CHECK(asks(c[2], GET("/hello", FOR("192.0.2.1, 192.0.2.2")), 200), "another client's is not");
    CHECK(asks(c[3], GET("/hello", ""), 200), "nor one of which the proxy says nothing");
    struct tls_answer a;
    transport_release();
    for (int i = 0; i < 2; i++) {
        CHECK(tls_receive(c[i], &a, PATIENCE_MS) && a.status == 200, "they are answered: %d", a.status);
        tls_answer_free(&a);
    }
    CHECK(asks(c[2], GET("/hello", FOR("192.0.2.1")), 200), "then it may ask again");
    struct tls_client *two[2] = {tls_connect(transport_port()), tls_connect(transport_port())};
    CHECK(asks(two[0], GET("/hello", FOR("192.0.2.3")), 200) &&
              asks(two[1], GET("/hello", FOR("192.0.2.4")), 200),
          "who is no proxy may say what it likes");
    CHECK(!tls_connect(transport_port()), "and counts for itself");
    close_all(two, 2);
    close_all(c, MANY);
    transport_stop();
}

static void closes_behind_a_proxy(void) {
    static const struct {
        const char *label, *request;
        int status;
    } CASES[] = {
        {"a read", GET("/hello", ""), 200},
        {"of a worker", GET("/tagged", ""), 200},
        {"unchanged", GET("/tagged", "If-None-Match: \"v1\"\r\n"), 304},
        {"HEAD", "HEAD /hello HTTP/1.1\r\n" HOST "\r\n", 200},
        {"a refusal", GET("/nothing", ""), 404},
        {"a body", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}", 200},
    };
    if (!start_behind("127.0.0.1", true)) return CHECK(false, "no server");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct tls_client *c = tls_connect(transport_port());
        struct tls_answer a = {0};
        bool sent = c && tls_send_text(c, CASES[i].request) && tls_send_text(c, GET("/health/live", ""));
        CHECK(sent && tls_receive_head_only(c, &a, PATIENCE_MS) && a.status == CASES[i].status, "%s: %d",
              CASES[i].label, a.status);
        CHECK(str_is(tls_answer_header(&a, "Connection"), "close"), "%s: closes", CASES[i].label);
        CHECK(!tls_wait_for_words(c, "HTTP/1.1 ", PATIENCE_MS), "%s: nothing behind it is answered",
              CASES[i].label);
        CHECK(tls_wait_for_end(c, PATIENCE_MS) >= 0, "%s: ends", CASES[i].label);
        tls_answer_free(&a);
        tls_close(c);
    }
    transport_stop();
}

void suite_transport_crowd(void) {
    suite_add("transport_crowd", NULL, NULL);
    case_add("where all places are taken, those who loiter make room", makes_room);
    case_add("so do those of one address", makes_room_for_neighbours);
    case_add("a proxy's connections count for its clients", counts_for_the_client);
    case_add("behind a proxy every answer closes", closes_behind_a_proxy);
}
