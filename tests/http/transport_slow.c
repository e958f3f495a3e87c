/* transport_slow: clients that take their time. Each attacker must be gone when its own time is over, whatever it keeps sending, and not
 * before. One deadline is short at a time and all others are longer than a test waits: who goes, goes by that one, however slow the machine. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "tests/support/suite.h"
#include "tests/support/transport.h"

enum { STEP_MS = 50, NEVER_S = 10 * PATIENCE_MS / 1000 };

#define HOST "Host: localhost\r\n"
#define ROWS "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST "Authorization: Bearer key-homerton\r\n"

enum kind { PLAIN, TLS };

static const char HELLO_STUMP[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
static const char CHUNK_DRIP[] = "1\r\na\r\n";

struct attack {
    const char *label;
    enum kind kind;
    const char *first; /* sent at once */
    const char *drip;  /* sent again and again, as a circle */
    int drip_bytes;    /* per step */
};

enum { ATTACKS_MAX = 10 };

/* A deadline, and those whose it is. */
static const struct {
    int seconds;
    struct server_settings settings;
    struct attack attacks[ATTACKS_MAX + 1];
} DEADLINES[] = {
    {2,
     {.header_seconds = 2,
      .idle_seconds = NEVER_S,
      .body_grace_seconds = NEVER_S,
      .request_seconds = NEVER_S},
     {{"says nothing", PLAIN, "", "", 0},
      {"begins a handshake", PLAIN, HELLO_STUMP, "", 0},
      {"drips a handshake", PLAIN, HELLO_STUMP, "\x01", 1},
      {"shakes hands and says nothing", TLS, "", "", 0},
      {"half a request line", TLS, "GET /hel", "", 0},
      {"drips the request line", TLS, "GET /", "a", 1},
      {"half a header", TLS, "GET /hello HTTP/1.1\r\nHost: lo", "", 0},
      {"drips header fields", TLS, "GET /hello HTTP/1.1\r\n" HOST, "X-A: b\r\n", 4},
      {"drips empty lines", TLS, "", "\r\n", 2},
      {"drips the next header", TLS, "GET /hello HTTP/1.1\r\n" HOST "\r\nGET /hello HTTP/1.1\r\n",
       "X-A: b\r\n", 2}}},
    {1,
     {.header_seconds = NEVER_S,
      .idle_seconds = NEVER_S,
      .body_grace_seconds = 1,
      .body_min_rate = 2000,
      .request_seconds = NEVER_S},
     {{"no body", TLS, ROWS "Content-Length: 100000\r\n\r\n", "", 0},
      {"drips a body", TLS, ROWS "Content-Length: 100000\r\n\r\n", "a", 1},
      {"drips chunks", TLS, ROWS "Transfer-Encoding: chunked\r\n\r\n", CHUNK_DRIP, 6},
      {"drips a body that is refused", TLS,
       "POST /nothing HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n", "a", 1}}},
    {2,
     {.header_seconds = NEVER_S,
      .idle_seconds = NEVER_S,
      .body_grace_seconds = NEVER_S,
      .request_seconds = 2},
     {{"sends fast enough, but for too long", TLS, ROWS "Content-Length: 7000000\r\n\r\n", "abcdefghij",
       400}}},
    {1,
     {.header_seconds = NEVER_S,
      .idle_seconds = 1,
      .body_grace_seconds = NEVER_S,
      .request_seconds = NEVER_S},
     {{"rests after an answer", TLS, "GET /hello HTTP/1.1\r\n" HOST "\r\n", "", 0},
      {"drips the next request line", TLS, "GET /hello HTTP/1.1\r\n" HOST "\r\nGE", "T", 1}}},
};

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

/* Its time begins with the connection, at the earliest. */
static struct attacker begin_attack(const struct attack *a) {
    struct attacker who = {.began = tls_now_ms(), .ended_after = -1};
    who.client = a->kind == PLAIN ? tls_connect_silent(transport_port()) : tls_connect(transport_port());
    CHECK(who.client, "%s: is let in", a->label);
    if (who.client) tls_send(who.client, a->first, strlen(a->first));
    return who;
}

static void check_attacks(const struct attack *attacks, int seconds) {
    struct attacker who[ATTACKS_MAX];
    size_t count = 0, open = 0;
    for (; attacks[count].label; count++) {
        who[count] = begin_attack(&attacks[count]);
        open += who[count].client != NULL;
    }
    for (int64_t until = tls_now_ms() + PATIENCE_MS; open && tls_now_ms() < until;) {
        poll(NULL, 0, STEP_MS);
        for (size_t i = 0; i < count; i++) {
            if (!who[i].client || who[i].ended_after >= 0) continue;
            drip(&attacks[i], &who[i]);
            look(&who[i]);
            if (who[i].ended_after >= 0) open--;
        }
    }
    for (size_t i = 0; i < count; i++) {
        CHECK(who[i].ended_after >= seconds * 1000 - 100, "%s: gone after %d ms, expected %d s",
              attacks[i].label, who[i].ended_after, seconds);
        tls_close(who[i].client);
    }
}

static void attackers_are_gone_in_time(void) {
    for (size_t i = 0; i < sizeof DEADLINES / sizeof *DEADLINES; i++) {
        if (!transport_start(&DEADLINES[i].settings)) return CHECK(false, "no server");
        check_attacks(DEADLINES[i].attacks, DEADLINES[i].seconds);
        transport_stop();
    }
}

/* Above the minimum rate for longer than the grace. */
static void slow_lines_are_served(void) {
    const struct server_settings s = {.body_grace_seconds = 1, .body_min_rate = 500};
    if (!transport_start(&s)) return CHECK(false, "no server");
    enum { PIECE = 2000, PIECES = 20 };
    struct tls_client *c = tls_connect(transport_port());
    char piece[PIECE], head[200];
    memset(piece, 'a', sizeof piece);
    snprintf(head, sizeof head, ROWS "Content-Length: %d\r\n\r\n", PIECE * PIECES);
    tls_send_text(c, head);
    for (int i = 0; i < PIECES; i++) {
        tls_send(c, piece, PIECE);
        poll(NULL, 0, 100);
    }
    struct tls_answer a;
    CHECK(tls_receive(c, &a, PATIENCE_MS) && a.status == 201, "a slow line is served: %d", a.status);
    tls_answer_free(&a);
    tls_close(c);
    /* A handshake and a header in two halves. */
    c = tls_connect(transport_port());
    tls_send_text(c, "GET /hello HTTP/1.1\r\n");
    poll(NULL, 0, 500);
    CHECK(tls_send_text(c, HOST "\r\n") && tls_receive(c, &a, PATIENCE_MS) && a.status == 200,
          "half a second in between: %d", a.status);
    tls_answer_free(&a);
    tls_close(c);
    transport_stop();
}

/* The time in a worker's hands is nobody's fault. */
static void slow_handlers_are_waited_for(void) {
    const struct server_settings s = {
        .header_seconds = 2, .idle_seconds = 1, .body_grace_seconds = 1, .request_seconds = 2};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct tls_answer a = transport_ask("a slow handler", "GET /slow?ms=3000 HTTP/1.1\r\n" HOST "\r\n", 200);
    tls_answer_free(&a);
    transport_stop();
}

/* Asks for much and reads nothing: the answer has its time too. */
static void slow_readers_are_gone(void) {
    const struct server_settings s = {.body_grace_seconds = 1, .body_min_rate = 2000, .request_seconds = 4};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct tls_client *c = tls_connect(transport_port());
    int small = 4096;
    setsockopt(tls_fd(c), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    CHECK(tls_send_text(c, "GET /big?bytes=60000000 HTTP/1.1\r\n" HOST
                           "X-Correlation-ID: reads-nothing\r\n\r\n"),
          "asked");
    CHECK(transport_wait_for_lines("\"end\":\"late\",\"correlationId\":\"reads-nothing\"", 1),
          "closed, and the log says why");
    tls_vanish(c);
    transport_stop();
}

/* The crowd stays for longer than the test: were it in the way, nobody else would be answered. */
static void others_do_not_notice(void) {
    enum { CROWD = 150 };
    const struct server_settings s = {.header_seconds = NEVER_S, .read_workers = 4};
    static struct tls_client *crowd[CROWD];
    if (!transport_start(&s)) return CHECK(false, "no server");
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
    printf("\n    the slowest good request took %d ms ", (int)worst);
    for (int i = 0; i < CROWD; i++) {
        CHECK(crowd[i] && tls_wait_for_end(crowd[i], 1) < 0, "%d is still there", i);
        tls_close(crowd[i]);
    }
    transport_stop();
}

static int64_t processor_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The server is in this process. libmicrohttpd alone would ask these sockets without a pause. */
static void waiting_costs_nothing(void) {
    enum { MANY = 20, MS = 700 };
    if (!transport_start(NULL)) return CHECK(false, "no server");
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
    transport_stop();
}

/* ---- revoked meanwhile ---- */

static void a_key_ends_before_its_body(void) {
    if (!transport_start(NULL)) return CHECK(false, "no server");
    struct tls_client *c = tls_connect(transport_port());
    struct tls_answer a;
    bool sent = tls_send_text(c, ROWS "Content-Length: 3\r\n\r\na,");
    transport_revoke();
    CHECK(sent && tls_send_text(c, "b") && tls_receive(c, &a, PATIENCE_MS) && a.status == 401,
          "admitted before, finished after: %d", a.status);
    CHECK(str_is(tls_answer_header(&a, "WWW-Authenticate"), "Bearer"), "in the words of every 401");
    tls_answer_free(&a);
    tls_close(c);
    transport_stop();
}

void suite_transport_slow(void) {
    suite_add("transport_slow", NULL, NULL);
    case_add("slow handshakes, headers, bodies and idlers are gone in time", attackers_are_gone_in_time);
    case_add("slow but honest clients are served", slow_lines_are_served);
    case_add("a slow handler is waited for", slow_handlers_are_waited_for);
    case_add("who does not read is gone too", slow_readers_are_gone);
    case_add("a crowd of slow clients harms no other", others_do_not_notice);
    case_add("a handshake that waits for its client costs nothing", waiting_costs_nothing);
    case_add("a key that is revoked while its body arrives changes nothing", a_key_ends_before_its_body);
}
