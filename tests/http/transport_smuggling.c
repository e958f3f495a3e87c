/* transport_smuggling: the rows of security.md, section 3, byte by byte over TLS. Each vector is followed, in the same write, by
 * a second request; what must never happen is that a refused shape lets it be answered, or that more answers come than
 * requests were meant. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/suite.h"
#include "tests/support/transport.h"

static int begin(void) {
    return transport_start(NULL) ? 0 : 1;
}

static int end(void) {
    transport_stop();
    return 0;
}

#define HOST "Host: localhost\r\n"
#define VICTIM "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Correlation-ID: victim\r\n\r\n"

struct vector {
    const char *label;
    str bytes;
    int status;      /* of the first answer; 0: none, the connection just ends */
    bool closes;     /* and nothing that follows is answered */
    bool by_library; /* the library answers before we are asked: a page of its own, its head perhaps twice */
};

static const struct vector VECTORS[] = {
    /* Host */
    {"no Host", STR("GET /hello HTTP/1.1\r\n\r\n"), 400, true, false},
    {"two Hosts", STR("GET /hello HTTP/1.1\r\n" HOST "Host: evil\r\n\r\n"), 400, true, false},
    {"empty Host", STR("GET /hello HTTP/1.1\r\nHost:\r\n\r\n"), 400, true, false},
    {"Host with bad characters", STR("GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n"), 400, true, false},
    /* where does the body end? */
    {"length and chunks",
     STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400, true, false},
    {"chunks and length",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
     400, true, false},
    {"gzip, chunked", STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
     400, true, false},
    {"xchunked", STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400,
     true, false},
    {"identity with a length",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"), 400,
     true, false},
    {"chunked and a blank",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n"), 400, true, false},
    {"chunked in quotes",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"), 400, true, false},
    {"two Transfer-Encodings",
     STR("POST /echo HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
     400, true, false},
    {"a blank before the colon",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}"), 400,
     true, false},
    {"a tab before the colon", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length\t: 2\r\n\r\n{}"), 400, true,
     false},
    {"a folded Transfer-Encoding",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n chunked\r\nContent-Length: 2\r\n\r\n{}"), 400,
     true, false},
    {"a folded length", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\n 0\r\n\r\n{}"), 400, true,
     false},
    {"two lengths", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 0\r\n\r\n"), 400,
     true, false},
    {"two equal lengths",
     STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"), 400, true,
     false},
    {"length with a plus", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: +2\r\n\r\n{}"), 400, true,
     true},
    {"negative length", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: -2\r\n\r\n{}"), 400, true, true},
    {"length in hex", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0x2\r\n\r\n{}"), 400, true, true},
    {"length and a blank", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2 \r\n\r\n{}"), 400, true,
     true},
    {"a list of lengths", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2,2\r\n\r\n{}"), 400, true,
     true},
    {"empty length", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n{}"), 400, true, true},
    {"length of 2^64-1", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551615\r\n\r\n{}"),
     413, true, false},
    {"length of 2^64", STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551616\r\n\r\n{}"),
     413, true, true},
    {"an underscore", STR("POST /echo HTTP/1.1\r\n" HOST "Content_Length: 2\r\n\r\n{}"), 400, true, false},
    {"HTTP/1.0 with chunks",
     STR("POST /echo HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, true, false},
    {"a chunk size that is none",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"), 400, true,
     true},
    {"a chunk size beyond 64 bits",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}"), 413,
     true, true},
    {"a chunk longer than it says",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n"), 400, true,
     true},
    /* lines and fields */
    {"a bare line feed after the request line", STR("GET /hello HTTP/1.1\n" HOST "\r\n"), 400, true, false},
    {"a bare line feed after a field", STR("GET /hello HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n"), 400,
     true, false},
    {"a folded field", STR("GET /hello HTTP/1.1\r\n" HOST "X-A: b\r\n c\r\n\r\n"), 400, true, false},
    {"a NUL in a value", STR("GET /hello HTTP/1.1\r\n" HOST "X-A: b\0c\r\nX-B: d\r\n\r\n"), 400, true, false},
    {"a NUL in a name", STR("GET /hello HTTP/1.1\r\n" HOST "X\0A: b\r\nX-B: d\r\n\r\n"), 400, true, true},
    {"a NUL in the target", STR("GET /hel\0lo HTTP/1.1\r\n" HOST "\r\n"), 400, true, false},
    {"a carriage return in a value", STR("GET /hello HTTP/1.1\r\n" HOST "X-A: b\rc\r\n\r\n"), 400, true,
     false},
    {"an empty name", STR("GET /hello HTTP/1.1\r\n" HOST ": b\r\nX-B: d\r\n\r\n"), 400, true, false},
    {"a lone colon", STR("POST /echo HTTP/1.1\r\n" HOST ":\r\nContent-Length: 2\r\n\r\n{}"), 400, true,
     false},
    {"a bare line feed at the end", STR("GET /hello HTTP/1.1\r\n" HOST "\n"), 400, true, false},
    {"a name in brackets", STR("GET /hello HTTP/1.1\r\n" HOST "X(Y): b\r\n\r\n"), 400, true, false},
    {"a line without a colon", STR("GET /hello HTTP/1.1\r\n" HOST "nonsense\r\n\r\n"), 400, true, true},
    {"two blanks after the method", STR("GET  /hello HTTP/1.1\r\n" HOST "\r\n"), 400, true, false},
    {"a blank in the target", STR("GET /hel lo HTTP/1.1\r\n" HOST "\r\n"), 400, false, false},
    {"no version", STR("GET /hello\r\n" HOST "\r\n"), 400, true, true},
    {"HTTP/1.2", STR("GET /hello HTTP/1.2\r\n" HOST "\r\n"), 505, true, false},
    {"HTTP/2.0", STR("GET /hello HTTP/2.0\r\n" HOST "\r\n"), 505, true, true},
    {"HTTP/0.9", STR("GET /hello HTTP/0.9\r\n" HOST "\r\n"), 505, true, true},
    {"http/1.1", STR("GET /hello http/1.1\r\n" HOST "\r\n"), 400, true, true},
    {"the preface of HTTP/2", STR("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505, true, true},
    /* what it means: refused, but the next request is understood */
    {"absolute form", STR("GET http://evil/hello HTTP/1.1\r\n" HOST "\r\n"), 400, false, false},
    {"escaped NUL", STR("GET /hello%00x HTTP/1.1\r\n" HOST "\r\n"), 400, false, false},
    {"escaped dots", STR("GET /a/%2e%2e/hello HTTP/1.1\r\n" HOST "\r\n"), 400, false, false},
    {"escaped slash", STR("GET /a%2fhello HTTP/1.1\r\n" HOST "\r\n"), 400, false, false},
    {"small letters", STR("get /hello HTTP/1.1\r\n" HOST "\r\n"), 501, false, false},
    {"G@T", STR("G@T /hello HTTP/1.1\r\n" HOST "\r\n"), 501, true, false},
    {"CONNECT", STR("CONNECT /hello HTTP/1.1\r\n" HOST "\r\n"), 501, false, false},
    {"Expect: banana", STR("POST /echo HTTP/1.1\r\n" HOST "Expect: banana\r\nContent-Length: 2\r\n\r\n{}"),
     417, false, false},
    {"two Authorizations", STR("GET /hello HTTP/1.1\r\n" HOST "Authorization: a\r\nAuthorization: b\r\n\r\n"),
     400, false, false},
    {"a body where none belongs", STR("GET /hello HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"), 400,
     false, false},
    /* fine */
    {"blanks around a value", STR("GET /hello HTTP/1.1\r\nHost:  localhost \t\r\n\r\n"), 200, false, false},
    {"an empty line before", STR("\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n"), 200, false, false},
    {"chunk extensions",
     STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n"), 200,
     false, false},
    {"trailers, which mean nothing",
     STR("POST /echo HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n"),
     200, false, false},
    {"an Upgrade is not taken",
     STR("GET /hello HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"), 200, false, false},
};

/* Answers until the connection ends or, after as many as are expected, rests; *out_first is the first one's status. */
static unsigned count_answers(struct tls_client *c, unsigned expected, int *out_first, bool *out_victim,
                              bool *out_problem) {
    unsigned n = 0;
    struct tls_answer a;
    *out_first = 0;
    *out_victim = false;
    for (; n < 10 && tls_receive(c, &a, n < expected ? PATIENCE_MS : 150); n++, tls_answer_free(&a)) {
        if (!n) {
            *out_first = a.status;
            *out_problem = str_is(tls_answer_header(&a, "Content-Type"), "application/problem+json");
        }
        if (str_is(tls_answer_header(&a, "X-Correlation-ID"), "victim")) *out_victim = true;
    }
    tls_answer_free(&a);
    return n;
}

static void try_vector(const struct vector *v) {
    struct buf bytes = BUF_EMPTY;
    buf_add_str(&bytes, v->bytes);
    buf_add_cstr(&bytes, VICTIM);
    struct tls_client *c = tls_connect(transport_port());
    CHECK(c && tls_send(c, bytes.p, bytes.n), "%s: sent", v->label);
    int first = 0;
    bool victim = false, problem = false;
    unsigned answers = count_answers(c, v->closes ? UINT_MAX : 2, &first, &victim, &problem);
    CHECK(first == v->status, "%s: %d", v->label, first);
    CHECK(victim == !v->closes, "%s: the request behind it %s", v->label,
          victim ? "was answered" : "was not answered");
    CHECK(answers == (v->closes ? 1 : 2), "%s: %u answers", v->label, answers);
    if (v->status >= 400) CHECK(problem == !v->by_library, "%s: a problem document", v->label);
    if (v->closes) CHECK(tls_wait_for_end(c, PATIENCE_MS) >= 0, "%s: the connection ends", v->label);
    tls_close(c);
    buf_free(&bytes);
}

static void vectors(void) {
    for (size_t i = 0; i < sizeof VECTORS / sizeof *VECTORS; i++)
        try_vector(&VECTORS[i]);
}

/* The classic attacks: a second request hidden in what one of two parsers takes for the body. */
static void hidden_requests(void) {
#define HIDDEN "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Correlation-ID: hidden\r\n\r\n"
    static const struct {
        const char *label, *head;
    } CASES[] = {
        {"CL.TE",
         "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 80\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"TE.CL",
         "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5c\r\n"},
        {"TE.TE by a blank", "POST /echo HTTP/1.1\r\n" HOST
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding : x\r\n\r\n0\r\n\r\n"},
        {"TE.TE by case", "POST /echo HTTP/1.1\r\n" HOST
                          "Transfer-Encoding: chunked\r\ntransfer-encoding: x\r\n\r\n0\r\n\r\n"},
        {"TE by a tab", "POST /echo HTTP/1.1\r\n" HOST
                        "Transfer-Encoding:\tchunked, identity\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
        {"TE by a vertical tab", "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: \x0b"
                                 "chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
        {"TE behind a line feed", "POST /echo HTTP/1.1\r\n" HOST
                                  "X: y\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
        {"CL.CL", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 80\r\nContent-Length: 0\r\n\r\n"},
        {"CL in a folded line", "POST /echo HTTP/1.1\r\n" HOST "X: y\r\n Content-Length: 80\r\n\r\n"},
        {"a GET with a body in which a request hides",
         "GET /hello HTTP/1.1\r\n" HOST "Content-Length: 72\r\n\r\n"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct tls_client *c = tls_connect(transport_port());
        CHECK(tls_send_text(c, CASES[i].head) && tls_send_text(c, HIDDEN), "%s: sent", CASES[i].label);
        struct tls_answer a;
        unsigned answers = 0;
        bool hidden = false;
        int first = 0;
        while (tls_receive(c, &a, answers ? 300 : PATIENCE_MS)) {
            if (!answers++) first = a.status;
            hidden |= str_is(tls_answer_header(&a, "X-Correlation-ID"), "hidden");
            tls_answer_free(&a);
        }
        tls_answer_free(&a);
        CHECK(first == 400 && answers == 1 && !hidden, "%s: %d, %u answers%s", CASES[i].label, first, answers,
              hidden ? ", the hidden one too" : "");
        tls_close(c);
    }
}

/* A header that arrives in single bytes is laid out in memory the same. */
static void byte_by_byte(void) {
    struct tls_client *c = tls_connect(transport_port());
    static const char REQUEST[] =
        "GET /hello?name=%41 HTTP/1.1\r\nHost: localhost\r\nX-A:   spaced  \r\nX-Empty:\r\nCookie: a=b; c=d\r\nX-Correlation-ID: slowly\r\n\r\n";
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof REQUEST - 1; i++)
            tls_send(c, REQUEST + i, 1);
        struct tls_answer a;
        CHECK(tls_receive(c, &a, PATIENCE_MS) && a.status == 200 &&
                  str_is(tls_answer_header(&a, "X-Correlation-ID"), "slowly"),
              "round %d: %d", round, a.status);
        tls_answer_free(&a);
    }
    tls_close(c);
}

/* No parser may crash, hang or answer twice over whatever comes: a fixed seed, so that a failure can be had again. */
static void noise(void) {
    uint64_t seed = 0x5eed;
    static const char *const PIECES[] = {"GET ",
                                         "POST ",
                                         "/echo",
                                         "/hello",
                                         " HTTP/1.1",
                                         "\r\n",
                                         "\n",
                                         "\r",
                                         "Host: a",
                                         "Content-Length: 3",
                                         "Transfer-Encoding: chunked",
                                         ": ",
                                         "\r\n\r\n",
                                         "0\r\n\r\n",
                                         "3\r\nabc\r\n",
                                         "%00",
                                         " ",
                                         "\t",
                                         "\x00",
                                         "\xff",
                                         "Expect: 100-continue",
                                         "X: y",
                                         "?a=b&",
                                         "//"};
    for (int round = 0; round < 60; round++) {
        struct buf bytes = BUF_EMPTY;
        for (int i = 0; i < 30; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t k = (seed >> 33) % (sizeof PIECES / sizeof *PIECES);
            buf_add(&bytes, PIECES[k], k == 18 ? 1 : strlen(PIECES[k]));
        }
        struct tls_client *c = tls_connect(transport_port());
        CHECK(c && tls_send(c, bytes.p, bytes.n), "round %d: the server is there", round);
        struct tls_answer a;
        while (tls_receive(c, &a, 5))
            tls_answer_free(&a);
        tls_answer_free(&a);
        tls_vanish(c);
        buf_free(&bytes);
    }
    struct tls_answer a = transport_ask("afterwards", "GET /hello HTTP/1.1\r\n" HOST "\r\n", 200);
    tls_answer_free(&a);
}

void suite_transport_smuggling(void) {
    suite_add("transport_smuggling", begin, end);
    case_add("every vector, with a request behind it", vectors);
    case_add("a hidden request is never answered", hidden_requests);
    case_add("a header in single bytes is read as one", byte_by_byte);
    case_add("noise does no harm", noise);
}
