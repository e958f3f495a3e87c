/* transport_framing: the tables of tests/support/framing.c, each row over TLS on a connection of its own, with another request behind it.
 * What must never be: an answer to what hides inside, more answers than requests, a connection that outlives its deadline, a server that
 * does not answer the next client. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/framing.h"
#include "tests/support/suite.h"
#include "tests/support/transport.h"

enum { DEADLINE_S = 2 };

static int begin(void) {
    const struct server_settings s = {
        .header_seconds = DEADLINE_S, .body_grace_seconds = DEADLINE_S, .idle_seconds = DEADLINE_S};
    return transport_start(&s) ? 0 : 1;
}

static int end(void) {
    transport_stop();
    return 0;
}

/* The bytes as one line that can be read. */
static const char *shown(str bytes) {
    static char line[200];
    size_t n = 0;
    for (size_t i = 0; i < bytes.n && n + 8 < sizeof line; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        if (c == '\r') n += (size_t)snprintf(line + n, 8, "\\r");
        else if (c == '\n') n += (size_t)snprintf(line + n, 8, "\\n");
        else if (c < 0x20 || c > 0x7e) n += (size_t)snprintf(line + n, 8, "\\x%02x", c);
        else line[n++] = (char)c;
    }
    line[n] = '\0';
    return line;
}

struct outcome {
    unsigned answers;
    int first;
    bool smuggled, victim, ended;
};

static struct outcome send_with_victim(str bytes) {
    struct outcome o = {0};
    struct buf all = BUF_EMPTY;
    struct tls_answer a;
    buf_add_str(&all, bytes);
    buf_add_cstr(&all, FRAMING_VICTIM);
    struct tls_client *c = tls_connect(transport_port());
    if (c) tls_send(c, all.p, all.n); /* it may be cut off before it is all taken */
    for (; c && tls_receive(c, &a, PATIENCE_MS); tls_answer_free(&a)) {
        if (!o.answers++) o.first = a.status;
        str id = tls_answer_header(&a, "X-Correlation-ID");
        o.smuggled |= str_is(id, "smuggled");
        o.victim |= str_is(id, "victim");
    }
    tls_answer_free(&a);
    o.ended = c && tls_wait_for_end(c, PATIENCE_MS) >= 0;
    tls_close(c);
    buf_free(&all);
    return o;
}

static void check(const char *table, str row, str bytes, const struct framing *f) {
    struct outcome o = send_with_victim(bytes);
    const char *line = shown(row);
    CHECK(!o.smuggled, "%s: %s: what hides inside is not answered", table, line);
    CHECK(o.ended, "%s: %s: the connection ends", table, line);
    if (f->end == GOES_ON) {
        CHECK(o.answers == 2 && o.victim, "%s: %s: %u answers, %s the next one's", table, line, o.answers,
              o.victim ? "with" : "without");
    } else {
        CHECK(!o.victim && o.answers <= 1, "%s: %s: %u answers, %s the next one's", table, line, o.answers,
              o.victim ? "with" : "without");
        CHECK(!o.answers || o.first >= 400, "%s: %s: %d", table, line, o.first);
        CHECK(f->end == WAITS || o.answers == (f->end == CLOSES), "%s: %s: is refused %s", table, line,
              f->end == CLOSES ? "in words" : "without a word");
    }
    CHECK(!f->status || o.first == f->status, "%s: %s: %d", table, line, o.first);
}

static void check_next_client(void) {
    struct tls_answer a =
        transport_ask("the next client", "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 200);
    tls_answer_free(&a);
}

static void check_table(const struct framing_table *t) {
    struct buf bytes = BUF_EMPTY;
    for (size_t i = 0; i < t->count; i++) {
        buf_clear(&bytes);
        buf_add_cstr(&bytes, t->before);
        buf_add_str(&bytes, t->rows[i].bytes);
        buf_add_cstr(&bytes, t->after);
        struct framing row = t->rows[i];
        if (strstr(t->name, "refused") && row.end == GOES_ON) row.status = 405;
        check(t->name, row.bytes, buf_str(&bytes), &row);
    }
    buf_free(&bytes);
    check_next_client();
}

static void lengths(void) {
    check_table(&framing_tables[0]);
}
static void request_lines(void) {
    check_table(&framing_tables[1]);
}
static void fields(void) {
    check_table(&framing_tables[2]);
}
static void hosts(void) {
    check_table(&framing_tables[3]);
}
static void chunks(void) {
    check_table(&framing_tables[4]);
}
static void chunks_of_refused(void) {
    check_table(&framing_tables[5]);
}

static void codings(void) {
    static const struct framing REFUSED = {.end = CLOSES};
    static const char *const WAYS[FRAMING_WAYS] = {"coding after a long length",
                                                   "coding after a short length", "coding before a length",
                                                   "coding alone"};
    struct buf bytes = BUF_EMPTY;
    for (size_t i = 0; i < framing_coding_count; i++)
        for (int way = 0; way < FRAMING_WAYS; way++)
            if (framing_write(&framing_codings[i], way, &bytes))
                check(WAYS[way], framing_codings[i].lines, buf_str(&bytes), &REFUSED);
    buf_free(&bytes);
    check_next_client();
}

/* Longer than the memory of a connection. */
static void endless_lines(void) {
    static const struct {
        const char *label, *before, *each;
        int times;
        const char *after;
    } CASES[] = {
        {"a target", "GET /hello?", "a=b&", 20000, " HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {"a method", "", "METHOD", 10000, " /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {"fields", "GET /hello HTTP/1.1\r\nHost: localhost\r\n", "X: y\r\n", 20000, "\r\n"},
        {"cookies", "GET /hello HTTP/1.1\r\nHost: localhost\r\nCookie: ", "a=b; ", 3000, "\r\n\r\n"},
        {"a value", "GET /hello HTTP/1.1\r\nHost: localhost\r\nX: ", "yyyyyyyy", 10000, "\r\n\r\n"},
        {"a chunk's size", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
         "00000000", 10000, "2\r\n{}\r\n0\r\n\r\n"},
        {"a chunk's extension",
         "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2;", "xxxxxxxx", 10000,
         "\r\n{}\r\n0\r\n\r\n"},
        {"trailers", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
         "X: y\r\n", 20000, "\r\n"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf bytes = BUF_EMPTY;
        buf_add_cstr(&bytes, CASES[i].before);
        for (int k = 0; k < CASES[i].times; k++)
            buf_add_cstr(&bytes, CASES[i].each);
        buf_add_cstr(&bytes, CASES[i].after);
        struct outcome o = send_with_victim(buf_str(&bytes));
        CHECK(o.ended && !o.victim && o.answers <= 1, "%s: %u answers%s", CASES[i].label, o.answers,
              o.ended ? "" : ", and it goes on");
        CHECK(!o.answers || o.first >= 400, "%s: %d", CASES[i].label, o.first);
        buf_free(&bytes);
    }
    check_next_client();
}

void suite_transport_framing(void) {
    suite_add("transport_framing", begin, end);
    case_add("Transfer-Encoding in all its disguises, beside a length and alone", codings);
    case_add("Content-Length in all its disguises", lengths);
    case_add("request lines", request_lines);
    case_add("header fields", fields);
    case_add("Host", hosts);
    case_add("chunks", chunks);
    case_add("chunks of a request that is refused", chunks_of_refused);
    case_add("lines without an end", endless_lines);
}
