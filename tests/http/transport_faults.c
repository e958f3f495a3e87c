/* transport_faults: handlers that fail, what the log says, clients that stop or leave half-way. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tests/support/transport.h"

#define HOST "Host: localhost\r\n"
#define HOMERTON "Authorization: Bearer key-homerton\r\n"
#define END "\r\n"

static char spool_dir[] = "/tmp/quarterday-spool-XXXXXX";

static int begin(void) {
    if (!mkdtemp(spool_dir)) return 1;
    return transport_start(&(struct server_settings){.spool_dir = spool_dir}) ? 0 : 1;
}

static int end(void) {
    transport_stop();
    rmdir(spool_dir);
    return 0;
}

static bool says(const struct tls_answer *a, const char *name, const char *value) {
    return str_is(tls_answer_header(a, name), value);
}

/* ---- handlers that fail ---- */

static void hides_what_failed(void) {
    static const struct {
        const char *label, *request;
        int status;
        const char *shows, *hides;
    } CASES[] = {
        {"an internal error", "GET /fail?code=internal HTTP/1.1\r\n" HOST "X-Correlation-ID: find-me\r\n" END,
         500, "quote the correlation id", "libpq"},
        {"an unavailable part", "GET /fail?code=unavailable HTTP/1.1\r\n" HOST END, 503,
         "send the same again", "pool"},
        {"neither body nor status", "GET /fail?code=nothing HTTP/1.1\r\n" HOST END, 500, "INTERNAL",
         "handler"},
        {"a status that is none", "GET /fail?code=status HTTP/1.1\r\n" HOST "X-Correlation-ID: mine\r\n" END,
         500, "INTERNAL", "42"}, /* a random id may have a 42 in it */
        {"an error without words", "GET /fail?code=bare HTTP/1.1\r\n" HOST END, 409, "does not allow",
         "null"},
        {"half a body before the error", "GET /fail?code=half HTTP/1.1\r\n" HOST END, 422, "wrong in row 3",
         "half"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct tls_answer a = transport_ask(CASES[i].label, CASES[i].request, CASES[i].status);
        CHECK(transport_body_has(&a, CASES[i].shows) && !transport_body_has(&a, CASES[i].hides), "%s: %.*s",
              CASES[i].label, STR_ARG(buf_str(&a.body)));
        CHECK(!tls_answer_header(&a, "ETag").p, "%s: no ETag", CASES[i].label);
        if (CASES[i].status == 503)
            CHECK(says(&a, "Retry-After", "2"), "%s: when to try again", CASES[i].label);
        tls_answer_free(&a);
    }
    struct tls_answer a =
        transport_ask("a header with a line break", "GET /fail?code=header HTTP/1.1\r\n" HOST END, 200);
    CHECK(!tls_answer_header(&a, "Injected").p && !tls_answer_header(&a, "X-Odd").p, "is left out");
    tls_answer_free(&a);
    str log = transport_log();
    char *text = must_alloc(log.n + 1);
    memcpy(text, log.p, log.n);
    text[log.n] = '\0';
    CHECK(strstr(text, "the secret words of libpq") && strstr(text, "\"correlationId\":\"find-me\""),
          "the log has the words and the id");
    free(text);
}

static void writes_one_line_each(void) {
    struct tls_answer a =
        transport_ask("logged",
                      "PUT /rows/city-and-hackney/homerton?dryRun HTTP/1.1\r\n" HOST HOMERTON
                      "X-Correlation-ID: line-one\r\nContent-Length: 5\r\n" END "a,b,c",
                      201);
    tls_answer_free(&a);
    transport_wait_for_lines("line-one", 1);
    CHECK(transport_log_lines("line-one") == 1, "one line: %u", transport_log_lines("line-one"));
    CHECK(transport_log_lines(
              "\"event\":\"request\",\"route\":\"rows\",\"method\":\"PUT\",\"status\":201,\"ms\":") > 0,
          "with route, method and status");
    CHECK(transport_log_lines("\"bytesIn\":5,\"bytesOut\":") > 0 &&
              transport_log_lines(
                  "\"keyId\":\"kid-homerton\",\"end\":\"complete\",\"correlationId\":\"line-one\"") == 1,
          "with bytes, key and end");
    CHECK(transport_log_lines("key-homerton\"") == 0 && transport_log_lines("a,b,c") == 0,
          "but no key and no body");
}

/* ---- clients that go ---- */

static void stands_half_requests(void) {
    static const struct {
        const char *label, *request;
    } CASES[] = {
        {"half a request line", "GET /hel"},
        {"half a header", "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\nHost: local"},
        {"half a body", "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
                        "X-Correlation-ID: half-body\r\nContent-Length: 100\r\n" END "a,b"},
        {"half a chunk", "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
                         "Transfer-Encoding: chunked\r\n" END "ff\r\na,b"},
        {"no last chunk", "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
                          "Transfer-Encoding: chunked\r\n" END "3\r\na,b\r\n"},
        {"half a chunk size", "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
                              "Transfer-Encoding: chunked\r\n" END "3\r\na,b\r\n1"},
    };
    unsigned before = transport_handled();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (int rude = 0; rude < 2; rude++) {
            struct tls_client *c = tls_connect(transport_port());
            CHECK(c && tls_send_text(c, CASES[i].request), "%s", CASES[i].label);
            if (rude) tls_vanish(c);
            else tls_close(c);
        }
    struct tls_answer a = transport_ask("afterwards", "GET /hello HTTP/1.1\r\n" HOST END, 200);
    tls_answer_free(&a);
    transport_wait_for_lines("half-body", 1);
    CHECK(transport_handled() == before, "nothing reached a handler: %u", transport_handled() - before);
    /* Of those that vanished with a reset the server may not have read a byte. */
    CHECK(transport_log_lines("half-body") >= 1 &&
              transport_log_lines("\"end\":\"complete\",\"correlationId\":\"half-body\"") == 0,
          "but the log knows: %u", transport_log_lines("half-body"));
}

static void finishes_for_those_who_left(void) {
    unsigned before = transport_handled();
    struct tls_client *c = tls_connect(transport_port());
    CHECK(c && tls_send_text(c, "GET /held HTTP/1.1\r\n" HOST END), "sent");
    CHECK(transport_wait_for_running(1), "the handler has it");
    tls_vanish(c);
    transport_release();
    for (int64_t end = tls_now_ms() + PATIENCE_MS; transport_handled() == before && tls_now_ms() < end;)
        poll(NULL, 0, 10);
    CHECK(transport_handled() == before + 1, "the handler ran to its end");
    struct tls_answer a = transport_ask("afterwards", "GET /slow?ms=1 HTTP/1.1\r\n" HOST END, 200);
    tls_answer_free(&a);
}

/* ---- a disk that fails ---- */

/* More than is waited for of a refused client: this one may send it, and hears what became of it. */
static void tells_of_its_disk(void) {
    static char piece[1 << 16];
    memset(piece, 'a', sizeof piece);
    CHECK(rmdir(spool_dir) == 0, "no body is left in it, and then it is gone");
    struct tls_client *c = tls_connect(transport_port());
    bool sent = tls_send_text(c, "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
                                 "Content-Length: 4194304\r\n" END);
    for (int i = 0; sent && i < 64; i++)
        sent = tls_send(c, piece, sizeof piece);
    struct tls_answer a;
    CHECK(sent && tls_receive(c, &a, PATIENCE_MS) && a.status == 503, "%d behind the body", a.status);
    CHECK(says(&a, "Retry-After", "2") && !transport_body_has(&a, spool_dir), "without our folder: %.*s",
          STR_ARG(buf_str(&a.body)));
    tls_answer_free(&a);
    tls_close(c);
}

void suite_transport_faults(void) {
    suite_add("transport_faults", begin, end);
    case_add("what failed is for the log, not for the client", hides_what_failed);
    case_add("one log line a request", writes_one_line_each);
    case_add("a client that stops half-way reaches no handler", stands_half_requests);
    case_add("a handler finishes for a client that left", finishes_for_those_who_left);
    case_add("a disk that fails is told behind the body, however long that is", tells_of_its_disk);
}
