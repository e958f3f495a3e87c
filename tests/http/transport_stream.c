/* transport_stream: replies that go on: fed when the reader has taken what was there, kept alive, bounded, ended by their feeder, by their key,
 * by a reader who is gone or does not read, and by the end of the server. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/suite.h"
#include "tests/support/transport.h"

#define HOST "Host: localhost\r\n"
#define COMMISSIONER "Authorization: Bearer key-commissioner\r\n"
#define PROVIDER "Authorization: Bearer key-homerton\r\n"
#define STREAM(who) "GET /stream HTTP/1.1\r\n" HOST who "\r\n"
#define HELLO "GET /hello HTTP/1.1\r\n" HOST "\r\n"
#define LAST_CHUNK "0\r\n\r\n"

static bool becomes(struct stream *s, enum stream_state want, int ms) {
    for (int64_t end = tls_now_ms() + ms; tls_now_ms() < end; poll(NULL, 0, 2))
        if (stream_state(s) == want) return true;
    return false;
}

/* Opens one more stream on a connection of its own; NULL with a failure said when it does not begin. */
static struct tls_client *open_stream(const char *request, struct stream **out) {
    unsigned before = transport_streams();
    struct tls_client *c = tls_connect(transport_port());
    bool good = c && tls_send_text(c, request) && tls_wait_for_words(c, "\r\n\r\n", PATIENCE_MS) &&
                transport_streams() == before + 1;
    CHECK(good, "a stream begins");
    if (good) {
        *out = transport_stream(before);
        return c;
    }
    tls_close(c);
    return NULL;
}

/* ---- the ordinary life ---- */

static void goes_on(void) {
    if (!transport_start(NULL)) return CHECK(false, "no server");
    struct tls_client *c = tls_connect(transport_port());
    CHECK(tls_send_text(c, STREAM(COMMISSIONER)) &&
              tls_wait_for_words(c, "HTTP/1.1 200 OK\r\n", PATIENCE_MS) &&
              tls_wait_for_words(c, "Content-Type: text/event-stream\r\n", PATIENCE_MS) &&
              tls_wait_for_words(c, "\r\n\r\n", PATIENCE_MS),
          "the header comes before there is anything to say");
    struct stream *s = transport_stream(0);
    CHECK(becomes(s, STREAM_WAITS, PATIENCE_MS), "it waits");
    unsigned called = transport_streams_called();
    stream_put(s, STR("one\n"));
    CHECK(tls_wait_for_words(c, "one\n", PATIENCE_MS), "the first words");
    CHECK(becomes(s, STREAM_WAITS, PATIENCE_MS) && transport_streams_called() > called,
          "more is asked for when they are out");
    stream_put(s, STR("two\n"));
    stream_put(s, STR("three\n"));
    stream_drop(s);
    CHECK(tls_wait_for_words(c, "two\n", PATIENCE_MS) && tls_wait_for_words(c, "three\n", PATIENCE_MS) &&
              tls_wait_for_words(c, LAST_CHUNK, PATIENCE_MS),
          "dropped, it ends after what was put");
    struct tls_answer a;
    CHECK(tls_send_text(c, HELLO) && tls_receive(c, &a, PATIENCE_MS) && a.status == 200,
          "and the connection goes on: %d", a.status);
    tls_answer_free(&a);
    tls_close(c);
    transport_stop();
}

static void head_alone(void) {
    if (!transport_start(NULL)) return CHECK(false, "no server");
    struct tls_client *c = tls_connect(transport_port());
    struct tls_answer a;
    CHECK(tls_send_text(c, "HEAD /stream HTTP/1.1\r\n" HOST COMMISSIONER "\r\n") &&
              tls_receive_head_only(c, &a, PATIENCE_MS) && a.status == 200 &&
              str_is(tls_answer_header(&a, "Content-Type"), "text/event-stream"),
          "HEAD is the header alone: %d", a.status);
    CHECK(tls_answer_header(&a, "Strict-Transport-Security").n &&
              tls_answer_header(&a, "X-Correlation-ID").n &&
              tls_answer_header(&a, "Content-Security-Policy").n,
          "with the fields of every answer");
    tls_answer_free(&a);
    CHECK(tls_send_text(c, HELLO) && tls_receive(c, &a, PATIENCE_MS) && a.status == 200, "after HEAD: %d",
          a.status);
    tls_answer_free(&a);
    tls_close(c);
    CHECK(transport_streams() == 0, "and no stream was begun");
    transport_stop();
}

/* Every deadline of an ordinary request passes meanwhile. */
static void outlives_the_deadlines(void) {
    const struct server_settings s = {.header_seconds = 1,
                                      .idle_seconds = 1,
                                      .body_grace_seconds = 1,
                                      .request_seconds = 1,
                                      .heartbeat_seconds = 1};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct stream *stream;
    struct tls_client *c = open_stream(STREAM(COMMISSIONER), &stream);
    if (c) {
        for (int i = 0; i < 3; i++)
            CHECK(tls_wait_for_words(c, ": still here\n", PATIENCE_MS), "heartbeat %d", i);
        stream_put(stream, STR("still fed\n"));
        CHECK(tls_wait_for_words(c, "still fed\n", PATIENCE_MS), "after three of them");
        stream_drop(stream);
    }
    tls_close(c);
    transport_stop();
}

/* ---- those that end ---- */

/* 16 MiB are more than the socket's buffers take. */
static void ends_who_does_not_read(void) {
    const struct server_settings s = {.body_grace_seconds = 1, .body_min_rate = 1000000};
    if (!transport_start(&s)) return CHECK(false, "no server");
    enum { MUCH = 16 << 20 };
    struct stream *stream, *healthy;
    struct tls_client *c = open_stream(STREAM(COMMISSIONER), &stream);
    struct tls_client *other = open_stream(STREAM(COMMISSIONER), &healthy);
    char *much = malloc(MUCH);
    memset(much, 'x', MUCH);
    int64_t began = tls_now_ms();
    stream_put(stream, (str){much, MUCH});
    CHECK(becomes(stream, STREAM_OVER, PATIENCE_MS), "ended");
    int took = (int)(tls_now_ms() - began);
    CHECK(took >= 900, "not before its time: %d ms", took);
    stream_put(healthy, STR("well\n"));
    CHECK(tls_wait_for_words(other, "well\n", PATIENCE_MS), "another one is not held up");
    free(much);
    stream_drop(stream);
    stream_drop(healthy);
    tls_close(c);
    tls_close(other);
    transport_stop();
}

static void ends_who_is_gone(void) {
    const struct server_settings s = {.heartbeat_seconds = 1};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct stream *reset, *closed;
    struct tls_client *a = open_stream(STREAM(COMMISSIONER), &reset);
    struct tls_client *b = open_stream(STREAM(COMMISSIONER), &closed);
    CHECK(becomes(reset, STREAM_WAITS, PATIENCE_MS) && becomes(closed, STREAM_WAITS, PATIENCE_MS),
          "both wait");
    tls_vanish(a);
    tls_close(b);
    CHECK(becomes(reset, STREAM_OVER, PATIENCE_MS), "a reset is noticed by the heartbeat");
    CHECK(becomes(closed, STREAM_OVER, PATIENCE_MS), "so is a closed one");
    stream_drop(reset);
    stream_drop(closed);
    transport_stop();
}

static void ends_with_its_key(void) {
    if (!transport_start(NULL)) return CHECK(false, "no server");
    struct stream *s;
    struct tls_client *c = open_stream(STREAM(COMMISSIONER), &s);
    CHECK(becomes(s, STREAM_WAITS, PATIENCE_MS), "it waits");
    transport_revoke();
    CHECK(tls_wait_for_words(c, LAST_CHUNK, PATIENCE_MS), "revoked, it ends");
    stream_put(s, STR("secret\n"));
    CHECK(becomes(s, STREAM_OVER, PATIENCE_MS) && !tls_wait_for_words(c, "secret", 300),
          "nothing more goes out");
    stream_drop(s);
    tls_close(c);
    transport_stop();
}

/* ---- how many ---- */

static void check_refused(const char *label, const char *request, int status) {
    struct tls_answer a = transport_ask(label, request, status);
    CHECK(tls_answer_header(&a, "Retry-After").n > 0, "%s: when to ask again", label);
    tls_answer_free(&a);
}

static void bounded(void) {
    const struct server_settings settings = {.streams_per_key = 2, .stream_limit = 3, .heartbeat_seconds = 1};
    if (!transport_start(&settings)) return CHECK(false, "no server");
    struct stream *s[4];
    struct tls_client *c[4];
    c[0] = open_stream(STREAM(COMMISSIONER), &s[0]);
    c[1] = open_stream(STREAM(COMMISSIONER), &s[1]);
    check_refused("a third of one key", STREAM(COMMISSIONER), 429);
    c[2] = open_stream(STREAM(PROVIDER), &s[2]);
    check_refused("a fourth of all", STREAM(PROVIDER), 503);
    tls_close(c[0]);
    CHECK(becomes(s[0], STREAM_OVER, PATIENCE_MS), "one has gone");
    c[3] = open_stream(STREAM(COMMISSIONER), &s[3]);
    for (int i = 0; i < 4; i++) {
        stream_drop(s[i]);
        if (i) tls_close(c[i]);
    }
    transport_stop();
}

/* ---- the end of the server ---- */

enum { MANY = 100 };

static void stops_with_many(void) {
    const struct server_settings settings = {.streams_per_key = MANY, .stream_limit = MANY};
    if (!transport_start(&settings)) return CHECK(false, "no server");
    struct stream *s[MANY];
    struct tls_client *c[MANY];
    for (int i = 0; i < MANY; i++)
        c[i] = open_stream(STREAM(COMMISSIONER), &s[i]);
    for (int i = 0; i < MANY; i++)
        stream_put(s[i], STR("all hear it\n"));
    int heard = 0, ended = 0;
    for (int i = 0; i < MANY; i++)
        heard += c[i] && tls_wait_for_words(c[i], "all hear it\n", PATIENCE_MS);
    CHECK(heard == MANY, "all hear: %d", heard);
    int64_t began = tls_now_ms();
    transport_stop_server(PATIENCE_MS / 1000);
    int took = (int)(tls_now_ms() - began);
    for (int i = 0; i < MANY; i++) {
        ended += c[i] && tls_wait_for_words(c[i], LAST_CHUNK, PATIENCE_MS);
        CHECK(stream_state(s[i]) == STREAM_OVER, "stream %d is over", i);
        stream_put(s[i], STR("too late\n"));
        stream_drop(s[i]);
        tls_close(c[i]);
    }
    CHECK(ended == MANY && took < PATIENCE_MS, "all end in order, and are not waited for: %d, %d ms", ended,
          took);
    transport_stop();
}

/* Feeders that never rest, readers that come, read a little and go, and the server that stops in the midst of it: for the sanitizers. */
static atomic_bool go_on;

static void *feed(void *context) {
    (void)context;
    while (atomic_load(&go_on)) {
        for (unsigned i = 0; i < transport_streams(); i++)
            if (stream_state(transport_stream(i)) == STREAM_WAITS)
                stream_put(transport_stream(i), STR("a few words that somebody may read\n"));
        poll(NULL, 0, 1);
    }
    return NULL;
}

static void *come_and_go(void *argument) {
    uint16_t port = *(uint16_t *)argument;
    for (int round = 0; atomic_load(&go_on) && round < 30; round++) {
        struct tls_client *c = tls_connect(port);
        if (c && tls_send_text(c, round % 2 ? STREAM(COMMISSIONER) : STREAM(PROVIDER)))
            tls_wait_for_words(c, "somebody", 10000);
        if (c && round % 3 == 0) tls_vanish(c);
        else tls_close(c);
    }
    return NULL;
}

static void stops_in_the_midst(void) {
    enum { READERS = 4, FEEDERS = 2 };
    for (int round = 0; round < 3; round++) {
        const struct server_settings settings = {
            .streams_per_key = 400, .stream_limit = 400, .heartbeat_seconds = 1};
        if (!transport_start(&settings)) return CHECK(false, "no server");
        pthread_t readers[READERS], feeders[FEEDERS];
        uint16_t port = transport_port();
        atomic_store(&go_on, true);
        for (int i = 0; i < READERS; i++)
            pthread_create(&readers[i], NULL, come_and_go, &port);
        for (int i = 0; i < FEEDERS; i++)
            pthread_create(&feeders[i], NULL, feed, NULL);
        for (int64_t end = tls_now_ms() + PATIENCE_MS; transport_streams() < 12 && tls_now_ms() < end;)
            poll(NULL, 0, 4);
        CHECK(transport_streams() >= 12, "streams come and go: %u", transport_streams());
        transport_stop_server(5);
        atomic_store(&go_on, false);
        for (int i = 0; i < READERS; i++)
            pthread_join(readers[i], NULL);
        for (int i = 0; i < FEEDERS; i++)
            pthread_join(feeders[i], NULL);
        for (unsigned i = 0; i < transport_streams(); i++)
            stream_drop(transport_stream(i));
        transport_stop();
    }
}

void suite_transport_stream(void) {
    suite_add("transport stream", NULL, NULL);
    case_add("it is fed, asks for more, and ends after what was put", goes_on);
    case_add("HEAD is the header alone", head_alone);
    case_add("a healthy one outlives every deadline", outlives_the_deadlines);
    case_add("who does not read is ended", ends_who_does_not_read);
    case_add("who is gone is noticed", ends_who_is_gone);
    case_add("it ends with its key", ends_with_its_key);
    case_add("bounded for a key and for all", bounded);
    case_add("a hundred end with the server", stops_with_many);
    case_add("fed, left and stopped at once", stops_in_the_midst);
}
