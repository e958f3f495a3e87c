/* returns: the same rows by every route are stored byte for byte alike. */
#include "tests/support/judged.h"
#include "tests/support/routes.h"
#include "tests/support/suite.h"

struct stored {
    struct judged j;
    struct buf copy;
};

static void judge_route(const struct data_route *r, struct stored *out) {
    struct buf bytes = BUF_EMPTY;
    data_route_bytes(r, &bytes);
    *out = (struct stored){.copy = BUF_EMPTY};
    judged_text(&out->j, r->part, r->json ? FORMAT_JSON : FORMAT_CSV, buf_str(&bytes));
    CHECK(out->j.err == OK && out->j.judgement.findings.errors == 0, "%s of %s: %s", r->how, r->part,
          out->j.err == OK ? judged_found(&out->j) : out->j.fault.detail);
    if (out->j.err == OK) judged_copy(&out->j, &out->copy);
    buf_free(&bytes);
}

static void stored_free(struct stored *s) {
    judged_free(&s->j);
    buf_free(&s->copy);
}

static void every_route(void) {
    struct stored first = {.copy = BUF_EMPTY};
    for (size_t i = 0; i < data_route_count; i++) {
        const struct data_route *r = &data_routes[i];
        struct stored s;
        judge_route(r, &s);
        bool is_first = i == 0 || strcmp(r->part, data_routes[i - 1].part) != 0;
        if (is_first) {
            if (i) stored_free(&first);
            first = s;
            CHECK(s.j.judgement.rows == DATA_ROUTE_ROWS && s.copy.n > 100, "%s: rows are there", r->part);
            continue;
        }
        const struct judgement *a = &first.j.judgement, *b = &s.j.judgement;
        CHECK(str_eq(buf_str(&s.copy), buf_str(&first.copy)), "%s of %s: the same bytes for COPY", r->how,
              r->part);
        CHECK(str_eq(b->facts, a->facts), "%s of %s: the same facts", r->how, r->part);
        CHECK(str_eq(b->digests, a->digests), "%s of %s: the same digests", r->how, r->part);
        stored_free(&s);
    }
    stored_free(&first);
}

void suite_returns_routes(void) {
    suite_add("unit returns routes", NULL, NULL);
    case_add("the same rows by every route give the same bytes", every_route);
}
