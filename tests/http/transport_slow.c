/* transport_slow: clients that take their time. All attackers of the first case run side by side, with deadlines shortened to a
 * second or two; each must be gone when its own time is over, whatever it keeps sending, and not before. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "tests/support/suite.h"
#include "tests/support/transport.h"

enum { HEADER_S = 1, IDLE_S = 2, GRACE_S = 1, RATE = 2000, REQUEST_S = 4, LATE_MS = 1500, STEP_MS = 50 };

static int begin(void) {
    const struct server_settings s = {.header_seconds = HEADER_S,
                                      .idle_seconds = IDLE_S,
                                      .body_grace_seconds = GRACE_S,
                                      .body_min_rate = RATE,
                                      .request_seconds = REQUEST_S,
                                      .read_workers = 4};
    return transport_start(&s) ? 0 : 1;
}

static int end(void) {
    transport_stop();
    return 0;
}

#define HOST "Host: localhost\r\n"
#define ROWS "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST "Authorization: Bearer key-homerton\r\n"

enum kind { PLAIN, TLS };

struct attack {
    const char *label;
    enum kind kind;
    const char *first; /* sent at once */
    const char *drip;  /* sent again and again, as a circle */
    int drip_bytes;    /* per step */
    int from_s, to_ms; /* when it must be over; from_s 0: when `status` has come */
    int status;        /* an answer that comes in between */
};

static const char HELLO_STUMP[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
static const char CHUNK_DRIP[] = "1\r\na\r\n";

static const struct attack ATTACKS[] = {
    {"says nothing", PLAIN, "", "", 0, HEADER_S, 0, 0},
    {"begins a handshake", PLAIN, HELLO_STUMP, "", 0, HEADER_S, 0, 0},
    {"drips a handshake", PLAIN, HELLO_STUMP, "\x01", 1, HEADER_S, 0, 0},
    {"shakes hands and says nothing", TLS, "", "", 0, HEADER_S, 0, 0},
    {"half a request line", TLS, "GET /hel", "", 0, HEADER_S, 0, 0},
    {"drips the request line", TLS, "GET /", "a", 1, HEADER_S, 0, 0},
    {"half a header", TLS, "GET /hello HTTP/1.1\r\nHost: lo", "", 0, HEADER_S, 0, 0},
    {"drips header fields", TLS, "GET /hello HTTP/1.1\r\n" HOST, "X-A: b\r\n", 4, HEADER_S, 0, 0},
    {"drips empty lines", TLS, "", "\r\n", 2, HEADER_S, 0, 0},
    {"no body", TLS, ROWS "Content-Length: 100000\r\n\r\n", "", 0, GRACE_S, 0, 0},
    {"drips a body", TLS, ROWS "Content-Length: 100000\r\n\r\n", "a", 1, GRACE_S, 0, 0},
    {"drips chunks", TLS, ROWS "Transfer-Encoding: chunked\r\n\r\n", CHUNK_DRIP, 6, GRACE_S, 0, 0},
    {"drips a body that is refused", TLS, "POST /nothing HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n",
     "a", 1, GRACE_S, 0, 0},
    {"sends fast enough, but for too long", TLS, ROWS "Content-Length: 7000000\r\n\r\n", "abcdefghij", 400,
     REQUEST_S, 0, 0},
    {"rests after an answer", TLS, "GET /hello HTTP/1.1\r\n" HOST "\r\n", "", 0, IDLE_S, 0, 200},
    {"drips the next request line", TLS, "GET /hello HTTP/1.1\r\n" HOST "\r\nGE", "T", 1, IDLE_S, 0, 200},
    {"drips the next header", TLS, "GET /hello HTTP/1.1\r\n" HOST "\r\nGET /hello HTTP/1.1\r\n", "X-A: b\r\n",
     2, HEADER_S, 0, 200},
};

enum { ATTACK_COUNT = sizeof ATTACKS / sizeof *ATTACKS };

struct attacker {
    struct tls_client *client;
    int64_t began;
    size_t dripped;
    int ended_after; /* -1: still there */
};

static void drip(const struct attack *a, struct attacker *who) {
    size_t n = strlen(a->drip);
    char bytes[512];
    for (int i = 0; n && i < a->drip_bytes; i++)
        bytes[i] = a->drip[who->dripped++ % n];
    if (n) tls_send(who->client, bytes, (size_t)a->drip_bytes);
}

static void look(struct attacker *who) {
    int ended = tls_wait_for_end(who->client, 1);
    if (ended >= 0) who->ended_after = (int)(tls_now_ms() - who->began);
}

static void attackers_are_gone_in_time(void) {
    static struct attacker who[ATTACK_COUNT];
    size_t open = 0;
    for (size_t i = 0; i < ATTACK_COUNT; i++) {
        who[i] = (struct attacker){.client = ATTACKS[i].kind == PLAIN ? tls_connect_silent(transport_port())
                                                                      : tls_connect(transport_port()),
                                   .ended_after = -1};
        if (!who[i].client) continue;
        who[i].began = tls_now_ms();
        tls_send(who[i].client, ATTACKS[i].first, strlen(ATTACKS[i].first));
        open++;
    }
    CHECK(open == ATTACK_COUNT, "all are let in: %zu", open);
    for (int64_t until = tls_now_ms() + REQUEST_S * 1000 + 3000; open && tls_now_ms() < until;) {
        poll(NULL, 0, STEP_MS);
        for (size_t i = 0; i < ATTACK_COUNT; i++) {
            if (!who[i].client || who[i].ended_after >= 0) continue;
            drip(&ATTACKS[i], &who[i]);
            look(&who[i]);
            if (who[i].ended_after >= 0) open--;
        }
    }
    for (size_t i = 0; i < ATTACK_COUNT; i++) {
        int from = ATTACKS[i].from_s * 1000 - 100, to = ATTACKS[i].from_s * 1000 + LATE_MS;
        CHECK(who[i].ended_after >= from && who[i].ended_after <= to,
              "%s: gone after %d ms, expected %d to %d", ATTACKS[i].label, who[i].ended_after, from, to);
        tls_close(who[i].client);
    }
}

static void honest_ones_are_not(void) {
    /* Above the minimum rate for longer than the grace. */
    struct tls_client *c = tls_connect(transport_port());
    enum { PIECE = 500, PIECES = 25 };
    char piece[PIECE];
    memset(piece, 'a', sizeof piece);
    struct buf head = BUF_EMPTY;
    buf_printf(&head, ROWS "Content-Length: %d\r\n\r\n", PIECE * PIECES);
    tls_send(c, head.p, head.n);
    for (int i = 0; i < PIECES; i++) {
        tls_send(c, piece, PIECE);
        poll(NULL, 0, 100);
    }
    struct tls_answer a;
    CHECK(tls_receive(c, &a, 3000) && a.status == 201, "a slow line is served: %d", a.status);
    tls_answer_free(&a);
    tls_close(c);
    buf_free(&head);
    /* The time in a worker's hands is nobody's fault. */
    a = transport_ask("a slow handler", "GET /slow?ms=2500 HTTP/1.1\r\n" HOST "\r\n", 200);
    tls_answer_free(&a);
    /* A handshake and a header in two halves, within their time. */
    c = tls_connect(transport_port());
    tls_send_text(c, "GET /hello HTTP/1.1\r\n");
    poll(NULL, 0, 500);
    CHECK(tls_send_text(c, HOST "\r\n") && tls_receive(c, &a, 3000) && a.status == 200,
          "half a second in between: %d", a.status);
    tls_answer_free(&a);
    tls_close(c);
}

/* Asks for much and reads nothing: the answer has its time too. */
static void slow_readers_are_gone(void) {
    struct tls_client *c = tls_connect(transport_port());
    int small = 4096;
    setsockopt(tls_fd(c), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    CHECK(tls_send_text(c, "GET /big?bytes=60000000 HTTP/1.1\r\n" HOST
                           "X-Correlation-ID: reads-nothing\r\n\r\n"),
          "asked");
    int64_t began = tls_now_ms();
    bool late = false;
    while (!late && tls_now_ms() < began + REQUEST_S * 1000 + 4 * LATE_MS) {
        poll(NULL, 0, 100);
        late = transport_log_lines("\"end\":\"late\",\"correlationId\":\"reads-nothing\"") > 0;
    }
    CHECK(late, "closed, and the log says why, after %d ms", (int)(tls_now_ms() - began));
    tls_vanish(c);
}

static void others_do_not_notice(void) {
    enum { CROWD = 150 };
    static struct tls_client *crowd[CROWD];
    for (int i = 0; i < CROWD; i++)
        if ((crowd[i] = tls_connect_silent(transport_port())))
            tls_send(crowd[i], HELLO_STUMP, sizeof HELLO_STUMP - 1);
    int64_t worst = 0;
    for (int i = 0; i < 10; i++) {
        int64_t began = tls_now_ms();
        struct tls_answer a = transport_ask("in a crowd", "GET /slow?ms=1 HTTP/1.1\r\n" HOST "\r\n", 200);
        tls_answer_free(&a);
        if (tls_now_ms() - began > worst) worst = tls_now_ms() - began;
    }
    CHECK(worst < 500, "the slowest good request took %d ms", (int)worst);
    for (int i = 0; i < CROWD; i++)
        CHECK(crowd[i] && tls_wait_for_end(crowd[i], HEADER_S * 1000 + LATE_MS) >= 0, "%d is gone", i);
    for (int i = 0; i < CROWD; i++)
        tls_close(crowd[i]);
}

static int64_t processor_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The server is in this process. libmicrohttpd alone would ask these sockets without a pause. */
static void waiting_costs_nothing(void) {
    enum { MANY = 20, MS = 700 };
    struct tls_client *who[MANY];
    for (size_t i = 0; i < MANY; i++) {
        who[i] = tls_connect_silent(transport_port());
        if (who[i]) tls_send(who[i], HELLO_STUMP, strlen(HELLO_STUMP));
    }
    int64_t began = tls_now_ms(), spent = processor_ms();
    poll(NULL, 0, MS);
    spent = processor_ms() - spent;
    began = tls_now_ms() - began;
    CHECK(spent < began / 3, "%d ms of processor time in %d ms", (int)spent, (int)began);
    struct tls_answer a = transport_ask("meanwhile", "GET /hello HTTP/1.1\r\n" HOST "\r\n", 200);
    tls_answer_free(&a);
    for (size_t i = 0; i < MANY; i++)
        tls_close(who[i]);
}

void suite_transport_slow(void) {
    suite_add("transport_slow", begin, end);
    case_add("slow handshakes, headers, bodies and idlers are gone in time", attackers_are_gone_in_time);
    case_add("slow but honest clients are served", honest_ones_are_not);
    case_add("who does not read is gone too", slow_readers_are_gone);
    case_add("a crowd of slow clients harms no other", others_do_not_notice);
    case_add("a handshake that waits for its client costs nothing", waiting_costs_nothing);
}
