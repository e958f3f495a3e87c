/* transport_wire: what one end cuts into pieces, or sends at once, the other end understands all the same. */
#include <stdio.h>
#include <sys/socket.h>

#include "tests/support/suite.h"
#include "tests/support/transport.h"

#define HOST "Host: localhost\r\n"
#define HELLO "GET /hello HTTP/1.1\r\n" HOST "\r\n"

static int begin(void) {
    return transport_start(&(struct server_settings){.read_workers = 1}) ? 0 : 1;
}

static int end(void) {
    transport_stop();
    return 0;
}

static bool is_answered(struct tls_client *c, int status, size_t body_bytes) {
    struct tls_answer a;
    bool ok = tls_receive(c, &a, PATIENCE_MS) && a.status == status && a.body.n == body_bytes;
    for (size_t i = 0; ok && i < body_bytes; i++)
        ok = a.body.p[i] == 'x' || body_bytes == strlen("{\"hello\":\"GET\"}");
    tls_answer_free(&a);
    return ok;
}

static bool is_greeted(struct tls_client *c) {
    return is_answered(c, 200, strlen("{\"hello\":\"GET\"}"));
}

/* Records of one request each, cut where the network likes; the second begins and ends where none does. */
static void takes_records_in_pieces(void) {
    static const size_t PIECES[] = {1, 2, 4, 5, 6, 7, 22, 61, 62, 200};
    struct tls_client *c = tls_connect(transport_port());
    if (!c) return CHECK(false, "no connection");
    for (size_t i = 0; i < sizeof PIECES / sizeof *PIECES; i++) {
        tls_hold(c);
        bool sent = tls_send_text(c, HELLO) && tls_send_text(c, "GET /hel") &&
                    tls_send_text(c, "lo HTTP/1.1\r\n" HOST "\r\n" HELLO) && tls_let_go(c, PIECES[i]);
        CHECK(sent && is_greeted(c) && is_greeted(c) && is_greeted(c), "three in pieces of %zu", PIECES[i]);
    }
    tls_close(c);
}

/* The second is there before the worker has the first: nothing will come to wake anybody for it. */
static void takes_many_at_once(void) {
    struct tls_client *c = tls_connect(transport_port());
    if (!c) return CHECK(false, "no connection");
    enum { MANY = 100 };
    for (int round = 0; round < 3; round++) {
        tls_hold(c);
        bool sent = true;
        for (int i = 0; i < MANY; i++)
            sent = sent && tls_send_text(c, i % 2 ? HELLO : "GET /big?bytes=300 HTTP/1.1\r\n" HOST "\r\n");
        CHECK(sent && tls_let_go(c, SIZE_MAX), "%d at once", MANY);
        for (int i = 0; i < MANY; i++)
            CHECK(i % 2 ? is_greeted(c) : is_answered(c, 200, 300), "answer %d of %d", i, MANY);
    }
    tls_close(c);
}

/* A body that arrives behind its header, in the same piece or later. */
static void takes_bodies_in_pieces(void) {
    static const size_t PIECES[] = {3, 1000, 20000, SIZE_MAX};
    enum { BYTES = 50000 };
    struct tls_client *c = tls_connect(transport_port());
    if (!c) return CHECK(false, "no connection");
    static char body[BYTES];
    memset(body, 'a', sizeof body);
    char head[200], expected[40];
    snprintf(head, sizeof head,
             "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST
             "Authorization: Bearer key-homerton\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n",
             BYTES);
    snprintf(expected, sizeof expected, "{\"bytes\":%d,", BYTES);
    for (size_t i = 0; i < sizeof PIECES / sizeof *PIECES; i++) {
        struct tls_answer a;
        tls_hold(c);
        bool sent = tls_send_text(c, head) && tls_send(c, body, sizeof body) && tls_let_go(c, PIECES[i]);
        CHECK(sent && tls_receive(c, &a, PATIENCE_MS) && a.status == 201 &&
                  str_starts_with(buf_str(&a.body), str_of(expected)),
              "a body in pieces of %zu", PIECES[i]);
        tls_answer_free(&a);
    }
    tls_close(c);
}

/* Around the longest record, and what is gathered at most. */
static const size_t SIZES[] = {1, 22, 16383, 16384, 16385, 16400, 32700, 32767, 32768, 32769, 50000};

static void ask_for(struct tls_client *c, size_t bytes) {
    char request[100];
    snprintf(request, sizeof request, "GET /big?bytes=%zu HTTP/1.1\r\n" HOST "\r\n", bytes);
    CHECK(tls_send_text(c, request), "asked for %zu", bytes);
}

static void sends_replies_of_all_sizes(void) {
    struct tls_client *c = tls_connect(transport_port());
    if (!c) return CHECK(false, "no connection");
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        ask_for(c, SIZES[i]);
        CHECK(is_answered(c, 200, SIZES[i]), "a reply of %zu bytes", SIZES[i]);
    }
    tls_close(c);
}

/* Five megabytes lie before a client that reads nothing yet: more than the kernel takes. */
static void waits_for_readers(void) {
    struct tls_client *c = tls_connect(transport_port());
    if (!c) return CHECK(false, "no connection");
    enum { ROUNDS = 20 };
    int narrow = 65536;
    setsockopt(tls_fd(c), SOL_SOCKET, SO_RCVBUF, &narrow, sizeof narrow);
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
            ask_for(c, SIZES[i]);
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
            CHECK(is_answered(c, 200, SIZES[i]), "%zu bytes in round %d", SIZES[i], round);
    tls_close(c);
}

void suite_transport_wire(void) {
    suite_add("transport_wire", begin, end);
    case_add("records in pieces", takes_records_in_pieces);
    case_add("many requests at once", takes_many_at_once);
    case_add("bodies in pieces", takes_bodies_in_pieces);
    case_add("replies of all sizes", sends_replies_of_all_sizes);
    case_add("a client that does not read yet gets everything", waits_for_readers);
}
