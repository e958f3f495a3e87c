/* The same rows by every route: what is read back, as CSV and as JSON, is byte for byte the same. gzip is switched on here. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "tests/support/gzip.h"
#include "tests/support/routes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;

static int begin(void) {
    s = service_start(&(struct service_options){.extra_flags = {"--gzip-ratio", "50"}});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static const char *path_of(const char *part) {
    static char path[128];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/homerton/2025-26-Q2/%s", part);
    return path;
}

static struct answer put(const char *part, const char *type, const char *header, str body) {
    return service_ask(s, &(struct ask){.method = "PUT",
                                        .path = path_of(part),
                                        .key = s->homerton,
                                        .type = type,
                                        .body = body,
                                        .headers = {header}});
}

/* The rows as CSV, then as JSON from its rows on: what stands before them tells the version and the instant. */
static void read_back(const char *part, struct buf *out) {
    buf_clear(out);
    struct answer a = service_ask(
        s, &(struct ask){.path = path_of(part), .key = s->homerton, .headers = {"Accept: text/csv"}});
    buf_add_str(out, buf_str(&a.body));
    answer_free(&a);
    a = service_get(s, s->homerton, path_of(part));
    const char *rows = a.json ? memmem(a.body.p, a.body.n, "\"rows\"", 6) : NULL;
    CHECK(rows != NULL, "%s is read back", part);
    if (rows) buf_add(out, rows, (size_t)(a.body.p + a.body.n - rows));
    answer_free(&a);
}

static void every_route(void) {
    struct buf bytes = BUF_EMPTY, first = BUF_EMPTY, back = BUF_EMPTY;
    for (size_t i = 0; i < 2 * data_route_count; i++) {
        const struct data_route *r = &data_routes[i / 2];
        bool zipped = i % 2, is_first = i == 0 || (!zipped && strcmp(r->part, r[-1].part) != 0);
        struct buf sent = BUF_EMPTY;
        buf_clear(&bytes);
        data_route_bytes(r, &bytes);
        if (zipped) gzip_add(&sent, buf_str(&bytes));
        struct answer a = put(r->part, r->json ? "application/json" : "text/csv",
                              zipped ? "Content-Encoding: gzip" : NULL, buf_str(zipped ? &sent : &bytes));
        CHECK(a.status == (is_first ? 201 : 200), "%s of %s%s: %ld %.*s", r->how, r->part,
              zipped ? ", gzip" : "", a.status, STR_ARG(buf_str(&a.body)));
        CHECK(is_first || strcmp(answer_text(&a, "unchanged"), "2") == 0, "%s of %s: unchanged %s", r->how,
              r->part, answer_text(&a, "unchanged"));
        answer_free(&a);
        read_back(r->part, is_first ? &first : &back);
        CHECK(is_first || str_eq(buf_str(&back), buf_str(&first)), "%s of %s%s: read back it is the same",
              r->how, r->part, zipped ? ", gzip" : "");
        buf_free(&sent);
    }
    CHECK(strcmp(service_sql(s, "select count(distinct (to_jsonb(t) - 'version')::text) from site t"), "2") ==
              0,
          "the same stored sites");
    CHECK(strcmp(service_sql(s, "select count(distinct (to_jsonb(t) - 'version')::text) from episode t"),
                 "2") == 0,
          "the same stored episodes");
    buf_free(&bytes);
    buf_free(&first);
    buf_free(&back);
}

/* sha256 and bytes are of what was received: the same text plain and as gzip are two uploads. */
static void gzip_receipts(void) {
    struct buf zipped = BUF_EMPTY;
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX], bytes[24];
    gzip_add(&zipped, STR("adviserId,organisation\nA1,x\n"));
    sha256_of(buf_str(&zipped), digest);
    snprintf(bytes, sizeof bytes, "%zu", zipped.n);
    struct answer a = put("advisers", "text/csv", "Content-Encoding: gzip", buf_str(&zipped));
    CHECK(a.status == 201 && strcmp(answer_text(&a, "sha256"), hex_format(digest, SHA256_BYTES, hex)) == 0,
          "%ld: the digest of what was received", a.status);
    CHECK(strcmp(answer_text(&a, "bytes"), bytes) == 0, "%s bytes, not %s", answer_text(&a, "bytes"), bytes);
    answer_free(&a);
    a = put("advisers", "text/csv", "Content-Encoding: GZIP", buf_str(&zipped));
    CHECK(a.status == 200 && strcmp(answer_text(&a, "stored"), "false") == 0,
          "the same bytes again: %ld, stored %s", a.status, answer_text(&a, "stored"));
    answer_free(&a);
    buf_free(&zipped);
}

static void gzip_refusals(void) {
    struct buf zipped = BUF_EMPTY, many = BUF_EMPTY;
    for (int i = 0; i < 3 << 20; i++)
        buf_add_char(&many, '\n');
    gzip_add(&zipped, buf_str(&many));
    struct answer a = put("advisers", "text/csv", "Content-Encoding: gzip", buf_str(&zipped));
    CHECK(a.status == 413 && strcmp(answer_text(&a, "code"), "BODY_TOO_LARGE") == 0, "a bomb: %ld", a.status);
    answer_free(&a);
    zipped.n /= 2;
    a = put("advisers", "text/csv", "Content-Encoding: gzip", (str){zipped.p, 20});
    CHECK(a.status == 400 && strcmp(answer_text(&a, "code"), "MALFORMED") == 0, "cut short: %ld", a.status);
    answer_free(&a);
    a = put("advisers", "text/csv", "Content-Encoding: gzip", STR("adviserId,organisation\n"));
    CHECK(a.status == 400 && strcmp(answer_text(&a, "code"), "MALFORMED") == 0, "no gzip: %ld", a.status);
    answer_free(&a);
    a = put("advisers", "text/csv", "Content-Encoding: br", STR("adviserId,organisation\n"));
    CHECK(a.status == 415, "another coding: %ld", a.status);
    answer_free(&a);
    buf_free(&zipped);
    buf_free(&many);
}

void suite_http_routes(void) {
    suite_add("http_routes", begin, end);
    case_add("the same rows by every route, plain and gzip, are stored and read back alike", every_route);
    case_add("a receipt is of the bytes received", gzip_receipts);
    case_add("gzip is refused beyond its ratio, damaged, or of another kind", gzip_refusals);
}
