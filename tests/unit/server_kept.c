/* What is kept of finished replies: for which state it is given back, what goes first, and that a holder keeps his bytes; stamps; gzip. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/stamp.h"
#include "server/compress.h"
#include "server/kept.h"
#include "tests/support/suite.h"

static int dropped;
static void drop(void *prepared) {
    (void)prepared;
    dropped++;
}

static struct reply_state state(uint64_t generation, int32_t day) {
    return (struct reply_state){generation, day};
}

static struct kept *put(struct kept_replies *all, const char *key, struct reply_state made_in,
                        const char *body, size_t times) {
    struct arena a = ARENA_EMPTY;
    struct request r = {.arena = &a};
    struct reply p = {.content_type = "application/json", .etag = "\"x\"", .stamp = "a:1"};
    for (size_t i = 0; i < times; i++)
        buf_add_cstr(&p.body, body);
    reply_header(&r, &p, "Vary", arena_str(&a, STR("Accept")));
    struct kept *k = kept_put(all, str_of(key), made_in, &p);
    CHECK(p.body.p == NULL && p.lasting.n == times * strlen(body), "the reply is sent from the kept one");
    arena_free(&a);
    return k;
}

static bool is_there(struct kept_replies *all, const char *key, struct reply_state now) {
    struct kept *k = kept_find(all, str_of(key), now);
    if (k) kept_drop(all, k);
    return k != NULL;
}

static void of_one_state(void) {
    struct kept_replies *all = kept_new(1 << 20, drop);
    kept_drop(all, put(all, "q", state(7, 100), "body", 1));
    struct kept *k = kept_find(all, STR("q"), state(7, 100));
    struct reply p = {.status = 0};
    CHECK(k != NULL, "the same question in the same state");
    if (k) kept_fill(k, &p);
    CHECK(str_is(p.lasting, "body") && strcmp(p.etag, "\"x\"") == 0 && strcmp(p.stamp, "a:1") == 0 &&
              p.header_count == 1 && str_is(p.headers[0].value, "Accept"),
          "everything of it: %.*s", STR_ARG(p.lasting));
    CHECK(!is_there(all, "other", state(7, 100)), "another question");
    CHECK(!is_there(all, "q", state(7, 101)), "another day");
    CHECK(!is_there(all, "q", state(7, 100)), "and what is out of date has gone");
    CHECK(str_is(p.lasting, "body"), "but for whoever holds it");
    kept_drop(all, k);
    kept_drop(all, put(all, "q", state(8, 100), "new", 1));
    CHECK(!is_there(all, "q", state(9, 100)) && !is_there(all, "q", state(8, 100)), "another generation");
    kept_free(all);
}

static void what_goes_first(void) {
    enum { MOST = 80 * 1024, EACH = 6000 };
    struct kept_replies *all = kept_new(MOST, drop);
    char key[8] = "k0";
    for (; key[1] < '6'; key[1]++)
        kept_drop(all, put(all, key, state(1, 1), "0123456789", EACH / 10));
    CHECK(is_there(all, "k0", state(1, 1)) && is_there(all, "k5", state(1, 1)), "there is room for six");
    for (; key[1] <= '9'; key[1]++)
        kept_drop(all, put(all, key, state(1, 1), "0123456789", EACH / 10));
    CHECK(is_there(all, "k0", state(1, 1)) && is_there(all, "k5", state(1, 1)),
          "what was asked for lately stays");
    CHECK(!is_there(all, "k1", state(1, 1)) && !is_there(all, "k2", state(1, 1)), "what was not goes");
    kept_drop(all, put(all, "big", state(1, 1), "0123456789", MOST / 10));
    CHECK(!is_there(all, "big", state(1, 1)) && is_there(all, "k0", state(1, 1)),
          "one that would push all others out is not kept");
    kept_free(all);
    CHECK(kept_new(0, drop) == NULL, "no room at all");
}

static void made_once_and_again(void) {
    struct kept_replies *all = kept_new(1 << 20, drop);
    struct kept *k = put(all, "q", state(1, 1), "body", 1);
    int things[6];
    dropped = 0;
    CHECK(kept_prepared_take(all, k) == NULL, "none yet");
    kept_prepared_give(all, k, &things[0]);
    CHECK(kept_prepared_take(all, k) == &things[0] && kept_prepared_take(all, k) == NULL, "given back once");
    for (int i = 0; i < 6; i++)
        kept_prepared_give(all, k, &things[i]);
    CHECK(dropped == 2, "there is room for four: %d were dropped", dropped);
    kept_drop(all, k);
    kept_free(all);
    CHECK(dropped == 6, "all are dropped with it: %d", dropped);
}

static void stamps(void) {
    static const struct {
        const char *text;
        bool good;
        const char *service;
        int64_t number;
    } CASES[] = {
        {"city-and-hackney:4711", true, "city-and-hackney", 4711},
        {"a:9223372036854775807", true, "a", INT64_MAX},
        {"a:9223372036854775808", false, "", 0},
        {"a:0", false, "", 0},
        {"a:-1", false, "", 0},
        {"a:", false, "", 0},
        {":1", false, "", 0},
        {"a", false, "", 0},
        {"", false, "", 0},
        {"a:1:2", false, "", 0},
        {"a: 1", false, "", 0},
        {"0123456789012345678901234567890123456789012345678901234567890123456789:1", false, "", 0},
    };
    char text[STAMP_TEXT];
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct stamp s = {.number = 0};
        bool good = stamp_parse(str_of(CASES[i].text), &s);
        CHECK(good == CASES[i].good, "%s", CASES[i].text);
        if (!good) continue;
        CHECK(str_is(s.service, CASES[i].service) && s.number == CASES[i].number, "%s", CASES[i].text);
        CHECK(strcmp(stamp_format(s, text), CASES[i].text) == 0, "%s written: %s", CASES[i].text, text);
    }
    struct stamp here = {STR("a"), 5};
    CHECK(stamp_covers(here, here) && stamp_covers(here, (struct stamp){STR("a"), 4}),
          "as far, and less far");
    CHECK(!stamp_covers(here, (struct stamp){STR("a"), 6}), "farther");
    CHECK(!stamp_covers(here, (struct stamp){STR("b"), 1}), "another service");
    CHECK(strcmp(stamp_format((struct stamp){STR("a"), 0}, text), "") == 0, "none");
}

static struct reply compressed(struct arena *a, const char *accepts, size_t times, const char *vary,
                               const char *coding) {
    struct pair header = {STR("Accept-Encoding"), str_of(accepts)};
    struct request r = {.arena = a, .headers = &header, .header_count = 1};
    struct reply p = {.etag = "\"x\""};
    for (size_t i = 0; i < times; i++)
        buf_add_cstr(&p.body, "0123456789");
    if (vary) reply_header(&r, &p, "Vary", str_of(vary));
    if (coding) reply_header(&r, &p, "Content-Encoding", str_of(coding));
    compress_reply(&r, &p);
    return p;
}

static str header_of(const struct reply *p, const char *name) {
    for (size_t i = 0; i < p->header_count; i++)
        if (str_is(p->headers[i].name, name)) return p->headers[i].value;
    return STR("");
}

static void compressing(void) {
    static const struct {
        const char *label, *accepts;
        size_t times;
        const char *vary, *coding, *want_vary, *want_coding, *want_etag;
    } CASES[] = {
        {"asked for", "gzip", 1000, NULL, NULL, "Accept-Encoding", "gzip", "\"x-gzip\""},
        {"beside another Vary", "br, gzip", 1000, "Accept", NULL, "Accept, Accept-Encoding", "gzip",
         "\"x-gzip\""},
        {"not asked for", "identity", 1000, NULL, NULL, "Accept-Encoding", "", "\"x\""},
        {"refused", "gzip;q=0", 1000, NULL, NULL, "Accept-Encoding", "", "\"x\""},
        {"too small", "gzip", 10, NULL, NULL, "Accept-Encoding", "", "\"x\""},
        {"compressed already", "gzip", 1000, "Accept-Encoding", "gzip", "Accept-Encoding", "gzip", "\"x\""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct arena a = ARENA_EMPTY;
        struct reply p = compressed(&a, CASES[i].accepts, CASES[i].times, CASES[i].vary, CASES[i].coding);
        bool smaller = p.body.n < CASES[i].times * 10;
        CHECK(smaller == (strcmp(CASES[i].want_etag, "\"x-gzip\"") == 0), "%s: %zu bytes", CASES[i].label,
              p.body.n);
        CHECK(str_is(header_of(&p, "Vary"), CASES[i].want_vary), "%s: Vary", CASES[i].label);
        CHECK(str_is(header_of(&p, "Content-Encoding"), CASES[i].want_coding), "%s: Content-Encoding",
              CASES[i].label);
        CHECK(strcmp(p.etag, CASES[i].want_etag) == 0, "%s: %s", CASES[i].label, p.etag);
        buf_free(&p.body);
        arena_free(&a);
    }
}

void suite_server_kept(void) {
    suite_add("server_kept", NULL, NULL);
    case_add("a reply is for the state in which it was made", of_one_state);
    case_add("what was asked for longest ago goes first", what_goes_first);
    case_add("what is made for the library is used again", made_once_and_again);
    case_add("stamps are read, written and compared", stamps);
    case_add("a reply is compressed where it is wanted", compressing);
}
