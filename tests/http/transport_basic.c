/* transport_basic: what a well-meaning client sees over real TLS: answers, headers, bodies, keep-alive, refusals. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/suite.h"
#include "tests/support/transport.h"

#define HOST "Host: localhost\r\n"
#define HOMERTON "Authorization: Bearer key-homerton\r\n"
#define END "\r\n"

static int begin(void) {
    return transport_start(NULL) ? 0 : 1;
}

static int end(void) {
    transport_stop();
    return 0;
}

static bool says(const struct tls_answer *a, const char *name, const char *value) {
    return str_is(tls_answer_header(a, name), value);
}

/* ---- statuses ---- */

static void gives_statuses(void) {
    static const struct {
        const char *label, *request;
        int status;
        const char *words; /* in the body; NULL: any */
    } CASES[] = {
        {"a GET", "GET /hello HTTP/1.1\r\n" HOST END, 200, "{\"hello\":\"GET\"}"},
        {"with parameters", "GET /hello?name=a&asAt=2026-02-20 HTTP/1.1\r\n" HOST END, 200, NULL},
        {"an unknown parameter names the nearest", "GET /hello?asat=1 HTTP/1.1\r\n" HOST END, 400,
         "did you mean \\\"asAt\\\"?"},
        {"unknown path", "GET /nothing HTTP/1.1\r\n" HOST END, 404, "\"code\":\"NOT_FOUND\""},
        {"the path is the instance", "GET /nothing?x=1 HTTP/1.1\r\n" HOST END, 404,
         "\"instance\":\"/nothing\""},
        {"other method", "PUT /hello HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END, 405,
         "METHOD_NOT_ALLOWED"},
        {"OPTIONS", "OPTIONS /hello HTTP/1.1\r\n" HOST END, 405, NULL},
        {"unknown method", "BREW /hello HTTP/1.1\r\n" HOST END, 501, "NOT_IMPLEMENTED"},
        {"no key", "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END, 401,
         "UNAUTHENTICATED"},
        {"own return",
         "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON "Content-Length: 3\r\n" END "a,b",
         201, "\"key\":\"kid-homerton\""},
        {"another's return",
         "PUT /rows/city-and-hackney/pharmacies HTTP/1.1\r\n" HOST HOMERTON "Content-Length: 3\r\n" END "a,b",
         404, "NOT_FOUND"},
        {"another service",
         "PUT /rows/elsewhere/homerton HTTP/1.1\r\n" HOST HOMERTON "Content-Length: 0\r\n" END, 404, NULL},
        {"missing right", "GET /objects/city-and-hackney HTTP/1.1\r\n" HOST HOMERTON END, 403, "FORBIDDEN"},
        {"the right key",
         "GET /objects/city-and-hackney HTTP/1.1\r\n" HOST "authorization: bearer key-commissioner\r\n" END,
         200, "city-and-hackney"},
        {"a useless key does not matter where none is needed",
         "GET /hello HTTP/1.1\r\n" HOST "Authorization: Bearer rubbish\r\n" END, 200, NULL},
        {"a worker's answer", "GET /slow?ms=1 HTTP/1.1\r\n" HOST END, 200, "slept"},
        {"a handler's refusal", "GET /slow?ms=x HTTP/1.1\r\n" HOST END, 400, "ms is a number"},
        {"JSON comes back",
         "POST /echo HTTP/1.1\r\n" HOST "Content-Type: application/json\r\nContent-Length: 2\r\n" END "{}",
         200, "{}"},
        {"JSON with a charset",
         "POST /echo HTTP/1.1\r\n" HOST
         "Content-Type: Application/JSON; charset=utf-8\r\nContent-Length: 2\r\n" END "{}",
         200, "{}"},
        {"no type", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\n" END "{}", 200, "{}"},
        {"no body at all reaches the handler", "POST /echo HTTP/1.1\r\n" HOST END, 200, NULL},
        {"CSV where JSON is wanted",
         "POST /echo HTTP/1.1\r\n" HOST "Content-Type: text/csv\r\nContent-Length: 2\r\n" END "{}", 415,
         "application/json"},
        {"CSV with parameters",
         "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
         "Content-Type: text/csv; charset=utf-8; header=present\r\nContent-Length: 3\r\n" END "a,b",
         201, NULL},
        {"a form where rows are wanted",
         "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
         "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n" END "a=b",
         415, "text/csv"},
        {"gzip",
         "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
         "Content-Encoding: gzip\r\nContent-Length: 3\r\n" END "a,b",
         415, "Content-Encoding"},
        {"identity",
         "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
         "Content-Encoding: identity\r\nContent-Length: 3\r\n" END "a,b",
         201, NULL},
        {"a body where none belongs", "GET /hello HTTP/1.1\r\n" HOST "Content-Length: 3\r\n" END "abc", 400,
         "takes no body"},
        {"chunks where none belong",
         "GET /hello HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n" END "3\r\nabc\r\n0\r\n\r\n", 400,
         "takes no body"},
        {"chunks",
         "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON "Transfer-Encoding: chunked\r\n" END
         "3\r\na,b\r\n2\r\n,c\r\n0\r\n\r\n",
         201, "\"bytes\":5"},
        {"the key is asked for before the parameters",
         "PUT /rows/city-and-hackney/homerton?bad=1 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END, 401,
         NULL},
        {"the parameters before the type",
         "PUT /rows/city-and-hackney/homerton?bad=1 HTTP/1.1\r\n" HOST HOMERTON
         "Content-Type: image/png\r\nContent-Length: 1\r\n" END "x",
         400, "UNKNOWN_PARAMETER"},
        {"Expect: banana", "POST /echo HTTP/1.1\r\n" HOST "Expect: banana\r\nContent-Length: 2\r\n" END "{}",
         417, NULL},
        {"HTTP/1.0 for health", "GET /health/live HTTP/1.0\r\n\r\n", 200, NULL},
        {"HTTP/1.0 for the rest", "GET /hello HTTP/1.0\r\n" HOST END, 505, NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct tls_answer a = transport_ask(CASES[i].label, CASES[i].request, CASES[i].status);
        if (CASES[i].words)
            CHECK(transport_body_has(&a, CASES[i].words), "%s: %.*s", CASES[i].label,
                  STR_ARG(buf_str(&a.body)));
        if (CASES[i].status >= 400)
            CHECK(says(&a, "Content-Type", "application/problem+json"), "%s: a problem document",
                  CASES[i].label);
        tls_answer_free(&a);
    }
}

/* ---- headers of every answer ---- */

static void gives_headers(void) {
    static const struct {
        const char *label, *request;
        int status;
        const char *cache;
    } CASES[] = {
        {"a read", "GET /hello HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\n" END, 200,
         "private, no-cache"},
        {"a write",
         "POST /echo HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\nContent-Length: 2\r\n" END "{}", 200,
         "no-store"},
        {"404", "GET /nothing HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\n" END, 404, "no-store"},
        {"405", "DELETE /hello HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\n" END, 405, "no-store"},
        {"401", "GET /objects/a HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\n" END, 401, "no-store"},
        {"500", "GET /fail?code=internal HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\n" END, 500,
         "no-store"},
        {"framing", "GET /hello HTTP/1.1\r\nX-Correlation-ID: my-own.1\r\n" END, 400, "no-store"},
        {"501", "BREW /hello HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\n" END, 501, "no-store"},
        {"from another origin",
         "GET /hello HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\nOrigin: https://evil.example\r\n" END,
         200, "private, no-cache"},
        {"before another origin asks",
         "OPTIONS /hello HTTP/1.1\r\n" HOST
         "X-Correlation-ID: my-own.1\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\n" END,
         405, "no-store"},
        {"unchanged",
         "GET /tagged HTTP/1.1\r\n" HOST "X-Correlation-ID: my-own.1\r\nIf-None-Match: \"v1\"\r\n" END, 304,
         "private, no-cache"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *label = CASES[i].label;
        struct tls_answer a = transport_ask(label, CASES[i].request, CASES[i].status);
        CHECK(says(&a, "Strict-Transport-Security", "max-age=63072000; includeSubDomains"), "%s", label);
        CHECK(says(&a, "X-Content-Type-Options", "nosniff"), "%s", label);
        CHECK(says(&a, "Referrer-Policy", "no-referrer"), "%s", label);
        CHECK(str_starts_with(tls_answer_header(&a, "Content-Security-Policy"), STR("default-src 'none'")),
              "%s", label);
        CHECK(says(&a, "Cross-Origin-Opener-Policy", "same-origin") &&
                  says(&a, "Cross-Origin-Resource-Policy", "same-origin"),
              "%s", label);
        CHECK(says(&a, "Permissions-Policy", "camera=(), geolocation=(), microphone=()"), "%s", label);
        CHECK(!tls_answer_header(&a, "Access-Control-Allow-Origin").p, "%s: no other origin may read it",
              label);
        CHECK(says(&a, "Cache-Control", CASES[i].cache), "%s: %.*s", label,
              STR_ARG(tls_answer_header(&a, "Cache-Control")));
        CHECK(says(&a, "X-Correlation-ID", "my-own.1"), "%s: the caller's own id comes back", label);
        CHECK(!tls_answer_header(&a, "Server").p, "%s: no version of ours", label);
        if (CASES[i].status >= 400)
            CHECK(transport_body_has(&a, "\"correlationId\":\"my-own.1\""), "%s: in the document too", label);
        tls_answer_free(&a);
    }
    struct tls_answer one = transport_ask("no id", "GET /nothing HTTP/1.1\r\n" HOST END, 404);
    struct tls_answer two =
        transport_ask("a bad id", "GET /hello HTTP/1.1\r\n" HOST "X-Correlation-ID: a b\r\n" END, 200);
    str a = tls_answer_header(&one, "X-Correlation-ID"), b = tls_answer_header(&two, "X-Correlation-ID");
    CHECK(a.n == 36 && b.n == 36 && !str_eq(a, b), "fresh ids: %.*s %.*s", STR_ARG(a), STR_ARG(b));
    tls_answer_free(&one);
    tls_answer_free(&two);
    struct tls_answer methods =
        transport_ask("405", "POST /hello HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END, 405);
    CHECK(says(&methods, "Allow", "GET, HEAD"), "Allow: %.*s", STR_ARG(tls_answer_header(&methods, "Allow")));
    tls_answer_free(&methods);
}

static void gives_one_text_for_every_401(void) {
    static const char *const HEADERS[] = {"",
                                          "Authorization: Bearer rubbish\r\n",
                                          "Authorization: Bearer\r\n",
                                          "Authorization: Bearer  \r\n",
                                          "Authorization: Basic a2V5\r\n",
                                          "Authorization: key-commissioner\r\n",
                                          "Authorization: Bearer key-commissione\r\n"};
    struct buf first = BUF_EMPTY;
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
        struct buf request = BUF_EMPTY;
        buf_printf(&request, "GET /objects/a HTTP/1.1\r\n" HOST "X-Correlation-ID: x\r\n%s\r\n%c", HEADERS[i],
                   0);
        struct tls_answer a = transport_ask(HEADERS[i], request.p, 401);
        if (!i) buf_add_str(&first, buf_str(&a.body));
        CHECK(str_eq(buf_str(&first), buf_str(&a.body)), "\"%s\": the same text: %.*s", HEADERS[i],
              STR_ARG(buf_str(&a.body)));
        CHECK(says(&a, "WWW-Authenticate", "Bearer"), "\"%s\"", HEADERS[i]);
        tls_answer_free(&a);
        buf_free(&request);
    }
    buf_free(&first);
}

/* ---- keep-alive ---- */

static void keeps_connections(void) {
    static const struct {
        const char *request;
        int status;
    } STEPS[] = {
        {"GET /hello HTTP/1.1\r\n" HOST END, 200},
        {"GET /nothing HTTP/1.1\r\n" HOST END, 404},
        {"GET /objects/a HTTP/1.1\r\n" HOST END, 401},
        {"PATCH /hello HTTP/1.1\r\n" HOST "Content-Length: 3\r\n" END "abc", 405},
        {"GET /slow?ms=1 HTTP/1.1\r\n" HOST END, 200},
        {"PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST "Content-Length: 10\r\n" END "0123456789",
         401},
        {"POST /echo HTTP/1.1\r\n" HOST "Content-Type: text/csv\r\nContent-Length: 3\r\n" END "abc", 415},
        {"GET /fail?code=internal HTTP/1.1\r\n" HOST END, 500},
        {"GET /hello?x=1 HTTP/1.1\r\n" HOST END, 400},
        {"GET /v1/%00 HTTP/1.1\r\n" HOST END, 400},
        {"GET /hello HTTP/1.1\r\n" HOST END, 200},
    };
    struct tls_client *c = tls_connect(transport_port());
    for (size_t i = 0; c && i < sizeof STEPS / sizeof *STEPS; i++) {
        struct tls_answer a;
        bool answered = tls_send_text(c, STEPS[i].request) && tls_receive(c, &a, PATIENCE_MS);
        CHECK(answered && a.status == STEPS[i].status, "step %zu: %d", i, a.status);
        CHECK(!tls_answer_header(&a, "Connection").p, "step %zu stays open", i);
        tls_answer_free(&a);
    }
    tls_close(c);
}

static void answers_a_pipeline_in_order(void) {
    struct tls_client *c = tls_connect(transport_port());
    CHECK(c && tls_send_text(c, "GET /slow?ms=50 HTTP/1.1\r\n" HOST "X-Correlation-ID: one\r\n" END
                                "GET /nothing HTTP/1.1\r\n" HOST "X-Correlation-ID: two\r\n" END
                                "POST /echo HTTP/1.1\r\n" HOST
                                "X-Correlation-ID: three\r\nContent-Length: 2\r\n" END
                                "{}GET /hello HTTP/1.1\r\n" HOST "X-Correlation-ID: four\r\n" END),
          "four at once");
    static const char *const IDS[] = {"one", "two", "three", "four"};
    static const int STATUSES[] = {200, 404, 200, 200};
    for (size_t i = 0; i < 4; i++) {
        struct tls_answer a;
        CHECK(tls_receive(c, &a, PATIENCE_MS) && a.status == STATUSES[i] &&
                  says(&a, "X-Correlation-ID", IDS[i]),
              "%s: %d", IDS[i], a.status);
        tls_answer_free(&a);
    }
    tls_close(c);
}

static void answers_head(void) {
    struct tls_client *c = tls_connect(transport_port());
    struct tls_answer a;
    CHECK(tls_send_text(c, "HEAD /hello HTTP/1.1\r\n" HOST END) &&
              tls_receive_head_only(c, &a, PATIENCE_MS) && a.status == 200,
          "HEAD: %d", a.status);
    CHECK(says(&a, "Content-Length", "16"), "the length of the body that is not sent: %.*s",
          STR_ARG(tls_answer_header(&a, "Content-Length")));
    tls_answer_free(&a);
    CHECK(tls_send_text(c, "HEAD /nothing HTTP/1.1\r\n" HOST END) &&
              tls_receive_head_only(c, &a, PATIENCE_MS) && a.status == 404,
          "HEAD 404: %d", a.status);
    tls_answer_free(&a);
    CHECK(tls_send_text(c, "GET /hello HTTP/1.1\r\n" HOST END) && tls_receive(c, &a, PATIENCE_MS) &&
              a.status == 200,
          "and nothing was in between: %d", a.status);
    tls_answer_free(&a);
    tls_close(c);
}

/* The problem document that belongs to the header does not follow it, and nobody waits for it. */
static void refuses_head(void) {
    static const struct {
        const char *label, *request;
        int status;
    } CASES[] = {
        {"a target with an empty segment", "HEAD //x HTTP/1.1\r\n" HOST END, 400},
        {"a target with dots", "HEAD /a/../b HTTP/1.1\r\n" HOST END, 400},
        {"a Host that is none", "HEAD /hello HTTP/1.1\r\nHost: a b\r\n" END, 400},
        {"no Host", "HEAD /hello HTTP/1.1\r\n" END, 400},
        {"a method that the library may take for it", "head /hello HTTP/1.1\r\n" HOST END, 501},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct tls_client *c = tls_connect(transport_port());
        struct tls_answer a;
        int64_t asked = tls_now_ms();
        CHECK(c && tls_send_text(c, CASES[i].request) && tls_receive_head_only(c, &a, PATIENCE_MS) &&
                  a.status == CASES[i].status,
              "%s: %d after %lld ms", CASES[i].label, a.status, (long long)(tls_now_ms() - asked));
        tls_answer_free(&a);
        tls_close(c);
    }
}

static void knows_what_you_have(void) {
    static const struct {
        const char *header;
        int status;
    } CASES[] = {{"", 200},
                 {"If-None-Match: \"v1\"\r\n", 304},
                 {"If-None-Match: W/\"v1\", \"v0\"\r\n", 304},
                 {"If-None-Match: *\r\n", 304},
                 {"If-None-Match: \"v0\"\r\n", 200}};
    struct tls_client *c = tls_connect(transport_port());
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf request = BUF_EMPTY;
        buf_printf(&request, "GET /tagged HTTP/1.1\r\n" HOST "%s\r\n", CASES[i].header);
        struct tls_answer a;
        CHECK(tls_send(c, request.p, request.n) && tls_receive(c, &a, PATIENCE_MS) &&
                  a.status == CASES[i].status,
              "%s: %d", CASES[i].header, a.status);
        CHECK(says(&a, "ETag", "\"v1\"") && says(&a, "Cache-Control", "private, no-cache"),
              "%s: ETag and Cache-Control", CASES[i].header);
        tls_answer_free(&a);
        buf_free(&request);
    }
    tls_close(c);
}

/* ---- bodies ---- */

static struct buf upload(size_t bytes, const char *extra) {
    struct buf request = BUF_EMPTY;
    buf_printf(&request,
               "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
               "Content-Type: text/csv\r\n%sContent-Length: %zu\r\n\r\n",
               extra, bytes);
    buf_reserve(&request, bytes);
    for (size_t i = 0; i < bytes; i++)
        request.p[request.n++] = (char)(i % 251);
    return request;
}

static unsigned long long sum_of(size_t bytes) {
    unsigned long long sum = 0;
    for (size_t i = 0; i < bytes; i++)
        sum += i % 251;
    return sum;
}

static void takes_bodies(void) {
    static const size_t SIZES[] = {0, 1, 65536, 65537, 1 << 20, 8u << 20};
    struct tls_client *c = tls_connect(transport_port());
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct buf request = upload(SIZES[i], "");
        char expected[80];
        snprintf(expected, sizeof expected, "{\"bytes\":%zu,\"sum\":%llu,", SIZES[i], sum_of(SIZES[i]));
        struct tls_answer a;
        CHECK(tls_send(c, request.p, request.n) && tls_receive(c, &a, PATIENCE_MS) && a.status == 201,
              "%zu bytes: %d", SIZES[i], a.status);
        CHECK(str_starts_with(buf_str(&a.body), str_of(expected)), "%zu bytes: %.*s", SIZES[i],
              STR_ARG(buf_str(&a.body)));
        tls_answer_free(&a);
        buf_free(&request);
    }
    tls_close(c);
}

static void takes_chunks(void) {
    struct tls_client *c = tls_connect(transport_port());
    struct buf request = BUF_EMPTY;
    buf_printf(&request, "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
                         "Transfer-Encoding: chunked\r\n\r\n");
    size_t total = 0;
    for (size_t size = 1; size < 60000; size = size * 3 + 1) {
        buf_printf(&request, "%zx\r\n", size);
        for (size_t i = 0; i < size; i++)
            buf_add_char(&request, (char)(total++ % 251));
        buf_add(&request, "\r\n", 2);
    }
    buf_add_cstr(&request, "0\r\n\r\nGET /hello HTTP/1.1\r\n" HOST END);
    char expected[80];
    snprintf(expected, sizeof expected, "{\"bytes\":%zu,\"sum\":%llu,", total, sum_of(total));
    struct tls_answer a;
    CHECK(tls_send(c, request.p, request.n) && tls_receive(c, &a, PATIENCE_MS) && a.status == 201,
          "chunks of all sizes: %d", a.status);
    CHECK(str_starts_with(buf_str(&a.body), str_of(expected)), "all bytes in order: %.*s",
          STR_ARG(buf_str(&a.body)));
    tls_answer_free(&a);
    CHECK(tls_receive(c, &a, PATIENCE_MS) && a.status == 200, "and the next request is understood: %d",
          a.status);
    tls_answer_free(&a);
    buf_free(&request);
    tls_close(c);
}

/* Reads while it writes, as curl does; a naive client may see a reset instead of the 413. */
static void refuses_too_much(void) {
    struct tls_client *c = tls_connect(transport_port());
    struct tls_answer a;
    CHECK(tls_send_text(c, "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
                           "Content-Length: 8388609\r\n" END) &&
              tls_receive(c, &a, PATIENCE_MS) && a.status == 413,
          "a byte over the cap, refused before it is sent: %d", a.status);
    CHECK(says(&a, "Connection", "close") && transport_body_has(&a, "8388608"), "closes, and says the cap");
    tls_answer_free(&a);
    CHECK(tls_wait_for_end(c, PATIENCE_MS) >= 0, "the connection ends");
    tls_close(c);
    c = tls_connect(transport_port());
    CHECK(tls_send_text(c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551615\r\n" END) &&
              tls_receive(c, &a, PATIENCE_MS) && a.status == 413,
          "a length of 2^64-1: %d", a.status);
    tls_answer_free(&a);
    tls_close(c);
    c = tls_connect(transport_port());
    CHECK(tls_send_text(c, "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST
                           "Content-Length: 4000000\r\n" END) &&
              tls_receive(c, &a, PATIENCE_MS) && a.status == 401,
          "without a key nobody sends four megabytes: %d", a.status);
    tls_answer_free(&a);
    tls_close(c);
}

static void waits_for_continue(void) {
    struct tls_client *c = tls_connect(transport_port());
    struct tls_answer a;
    CHECK(tls_send_text(c, "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST HOMERTON
                           "Expect: 100-continue\r\nContent-Length: 3\r\n" END) &&
              tls_receive(c, &a, PATIENCE_MS) && a.status == 100,
          "first the 100: %d", a.status);
    tls_answer_free(&a);
    CHECK(tls_send_text(c, "a,b") && tls_receive(c, &a, PATIENCE_MS) && a.status == 201,
          "then the answer: %d", a.status);
    tls_answer_free(&a);
    CHECK(tls_send_text(c, "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST
                           "Expect: 100-continue\r\nContent-Length: 3\r\n" END) &&
              tls_receive(c, &a, PATIENCE_MS) && a.status == 401,
          "a refusal comes instead of the 100: %d", a.status);
    CHECK(says(&a, "Connection", "close"), "and closes, since the client may or may not send");
    tls_answer_free(&a);
    tls_close(c);
}

static void sends_big_replies(void) {
    static const size_t SIZES[] = {1, 16384, 100000, 5000000};
    struct tls_client *c = tls_connect(transport_port());
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct buf request = BUF_EMPTY;
        buf_printf(&request, "GET /big?bytes=%zu HTTP/1.1\r\n" HOST END, SIZES[i]);
        struct tls_answer a;
        CHECK(tls_send(c, request.p, request.n) && tls_receive(c, &a, PATIENCE_MS) && a.status == 200 &&
                  a.body.n == SIZES[i],
              "%zu: %d, %zu", SIZES[i], a.status, a.body.n);
        tls_answer_free(&a);
        buf_free(&request);
    }
    tls_close(c);
}

/* A header block near the cap leaves the library enough room for ours. */
static void stands_many_headers(void) {
    struct buf request = BUF_EMPTY;
    buf_add_cstr(&request, "GET /hello HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 15; i++) {
        buf_printf(&request, "X-Long-%02d: ", i);
        for (int k = 0; k < 1000; k++)
            buf_add_char(&request, 'v');
        buf_add(&request, "\r\n", 2);
    }
    size_t before = request.n;
    buf_add_cstr(&request, END);
    buf_add_char(&request, '\0');
    struct tls_answer a = transport_ask("15 kB of headers", request.p, 200);
    tls_answer_free(&a);
    request.n = before;
    for (int i = 0; i < 2000; i++)
        buf_add_cstr(&request, i ? "w" : "X-More: ");
    buf_add_cstr(&request, "\r\n" END);
    buf_add_char(&request, '\0');
    a = transport_ask("17 kB of headers", request.p, 431);
    CHECK(transport_body_has(&a, "HEADERS_TOO_LARGE"), "a problem document, not the library's page");
    tls_answer_free(&a);
    buf_clear(&request);
    buf_add_cstr(&request, "GET /");
    for (int i = 0; i < 8200; i++)
        buf_add_char(&request, 'a');
    buf_add_cstr(&request, " HTTP/1.1\r\n" HOST END);
    buf_add_char(&request, '\0');
    a = transport_ask("a long target", request.p, 414);
    CHECK(transport_body_has(&a, "URI_TOO_LONG"), "a problem document, not the library's page");
    tls_answer_free(&a);
    buf_free(&request);
}

/* Each parameter would cost the library a record of the connection's memory; 4,000 of them are more than it has. */
static void stands_many_parameters(void) {
    struct buf request = BUF_EMPTY;
    for (int count = 15; count < 5000; count = count * 3 + 1) {
        buf_clear(&request);
        buf_add_cstr(&request, "GET /hello?");
        for (int i = 0; i < count; i++)
            buf_add_cstr(&request, i ? "&b" : "name=a");
        buf_add_cstr(&request, " HTTP/1.1\r\n" HOST END);
        buf_add_char(&request, '\0');
        struct tls_answer a = transport_ask("many parameters", request.p, 400);
        CHECK(transport_body_has(&a, "UNKNOWN_PARAMETER"), "%d: a problem document: %.*s", count,
              STR_ARG(buf_str(&a.body)));
        tls_answer_free(&a);
    }
    buf_free(&request);
}

/* Everything at its cap together: the answer still finds room. */
static void stands_all_caps_at_once(void) {
    enum { TARGET = 8192, FIELDS = 100, BYTES = 16 * 1024 };
    struct buf request = BUF_EMPTY;
    buf_add_cstr(&request, "GET /");
    while (request.n < 4 + TARGET)
        buf_add_char(&request, 'a');
    buf_add_cstr(&request, " HTTP/1.1\r\n" HOST);
    int left = BYTES - 13;
    for (int i = 1; i < FIELDS; i++) {
        int each = left / (FIELDS - i);
        buf_printf(&request, "X-%04d:", i);
        for (int k = 6; k < each; k++)
            buf_add_char(&request, 'v');
        buf_add(&request, "\r\n", 2);
        left -= each;
    }
    buf_add_cstr(&request, END);
    buf_add_char(&request, '\0');
    struct tls_answer a = transport_ask("the longest target, the most and longest fields", request.p, 404);
    tls_answer_free(&a);
    buf_free(&request);
}

static void bounds_the_depth(void) {
    for (int depth = 31; depth <= 35; depth += 2) {
        struct buf request = BUF_EMPTY, body = BUF_EMPTY;
        buf_add_cstr(&body, "{\"a\":\"[[[\\\"[[[\",\"b\":");
        for (int i = 1; i < depth; i++)
            buf_add_char(&body, '[');
        for (int i = 1; i < depth; i++)
            buf_add_char(&body, ']');
        buf_add_char(&body, '}');
        buf_printf(&request, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n", body.n);
        buf_add_str(&request, buf_str(&body));
        buf_add_char(&request, '\0');
        struct tls_answer a = transport_ask("nested", request.p, depth <= 32 ? 200 : 400);
        if (depth > 32) CHECK(transport_body_has(&a, "\"MALFORMED\""), "%d: a problem document", depth);
        tls_answer_free(&a);
        buf_free(&request);
        buf_free(&body);
    }
}

void suite_transport_basic(void) {
    suite_add("transport_basic", begin, end);
    case_add("each request gets its status, in the order of the checks", gives_statuses);
    case_add("the headers of every answer, refusals too", gives_headers);
    case_add("every 401 is the same", gives_one_text_for_every_401);
    case_add("connections stay open, after refusals too", keeps_connections);
    case_add("a pipeline is answered in order", answers_a_pipeline_in_order);
    case_add("HEAD", answers_head);
    case_add("HEAD that is refused", refuses_head);
    case_add("ETag and 304", knows_what_you_have);
    case_add("bodies of all sizes arrive whole", takes_bodies);
    case_add("chunks too", takes_chunks);
    case_add("a body over the cap is refused before it is sent", refuses_too_much);
    case_add("Expect: 100-continue", waits_for_continue);
    case_add("big replies", sends_big_replies);
    case_add("headers and targets up to the cap, and beyond", stands_many_headers);
    case_add("any number of parameters", stands_many_parameters);
    case_add("JSON is nested at most 32 deep", bounds_the_depth);
    case_add("all caps at once", stands_all_caps_at_once);
}
