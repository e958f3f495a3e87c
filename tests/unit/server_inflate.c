/* server: gzip bodies are inflated within their caps, or refused with the reason. */
#include <stdlib.h>
#include <zlib.h>

#include "server/inflate.h"
#include "tests/support/gzip.h"
#include "tests/support/suite.h"

enum { CAP = 4 << 20 };

static enum err inflated(str body, uint64_t ratio, struct buf *out) {
    struct spool spool;
    struct fault fault = {.err = OK};
    str view = STR_NONE;
    spool_begin(&spool, "/tmp", CAP);
    enum err e = inflate_body(body, ratio, &spool, &fault);
    if (e == OK) e = spool_view(&spool, &fault, &view);
    buf_clear(out);
    if (e == OK) buf_add_str(out, view);
    CHECK(e == OK || fault.detail[0], "a refusal has words");
    spool_free(&spool);
    return e;
}

static void members(void) {
    struct buf zipped = BUF_EMPTY, out = BUF_EMPTY;
    gzip_add(&zipped, STR("siteId,name\n"));
    CHECK(inflated(buf_str(&zipped), 10, &out) == OK && str_is(buf_str(&out), "siteId,name\n"), "one member");
    gzip_add(&zipped, STR(""));
    gzip_add(&zipped, STR("S1,x\n"));
    CHECK(inflated(buf_str(&zipped), 10, &out) == OK && str_is(buf_str(&out), "siteId,name\nS1,x\n"),
          "several, one of them empty");
    for (size_t n = 0; n < zipped.n; n++) {
        bool between = n && inflated(str_sub(buf_str(&zipped), 0, n), 10, &out) == OK;
        CHECK(!between || (out.n == 12 || out.n == 17), "cut at %zu: %zu bytes", n, out.n);
    }
    buf_add_cstr(&zipped, "x");
    CHECK(inflated(buf_str(&zipped), 10, &out) == ERR_MALFORMED, "something behind the last");
    CHECK(inflated(STR(""), 10, &out) == ERR_MALFORMED, "nothing at all");
    CHECK(inflated(STR("siteId,name\n"), 10, &out) == ERR_MALFORMED, "no gzip");
    zipped.n = 0;
    gzip_add(&zipped, STR("siteId,name\n"));
    zipped.p[zipped.n - 5] ^= 1;
    CHECK(inflated(buf_str(&zipped), 10, &out) == ERR_MALFORMED, "a wrong checksum");
    buf_free(&zipped);
    buf_free(&out);
}

static void caps(void) {
    struct buf zipped = BUF_EMPTY, out = BUF_EMPTY;
    char *zeros = calloc(1, CAP + 1);
    gzip_add(&zipped, (str){zeros, INFLATE_FREE});
    CHECK(inflated(buf_str(&zipped), 1, &out) == OK && out.n == INFLATE_FREE,
          "what is small is free of the ratio");
    zipped.n = 0;
    gzip_add(&zipped, (str){zeros, INFLATE_FREE + 1});
    CHECK(inflated(buf_str(&zipped), 100, &out) == ERR_BODY_TOO_LARGE, "a bomb, by its ratio");
    CHECK(inflated(buf_str(&zipped), 2000, &out) == OK, "the same where the ratio may be so");
    zipped.n = 0;
    gzip_add(&zipped, (str){zeros, CAP});
    CHECK(inflated(buf_str(&zipped), 100000, &out) == OK && out.n == CAP, "to the cap");
    zipped.n = 0;
    gzip_add(&zipped, (str){zeros, CAP + 1});
    CHECK(inflated(buf_str(&zipped), 100000, &out) == ERR_BODY_TOO_LARGE, "one byte beyond the cap");
    free(zeros);
    buf_free(&zipped);
    buf_free(&out);
}

void suite_server_inflate(void) {
    suite_add("unit server inflate", NULL, NULL);
    case_add("members, ends, damage", members);
    case_add("the ratio and the cap", caps);
}
