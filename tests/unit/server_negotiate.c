/* server_negotiate: Accept, If-None-Match, Content-Type, correlation ids: what headers mean. */
#include "server/basic.h"
#include "server/correlation.h"
#include "server/etag.h"
#include "tests/support/suite.h"

static struct arena arena;

static int end(void) {
    arena_free(&arena);
    return 0;
}

static struct request with_headers(const struct pair *headers, size_t count) {
    return (struct request){.arena = &arena, .headers = headers, .header_count = count};
}

static void chooses(void) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    static const struct {
        const char *accept; /* NULL: no header */
        int choice;         /* -1: 406 */
    } CASES[] = {
        {NULL, 0},
        {"", 0},
        {"text/csv", 1},
        {"TEXT/CSV", 1},
        {"application/json", 0},
        {"*/*", 0},
        {"text/*", 1},
        {"text/csv, application/json", 0},
        {"text/csv, application/json;q=0.9", 1},
        {"text/csv;q=0.5, application/json;q=0.4", 1},
        {"text/csv;q=0.499,application/json;q=0.5", 0},
        {"text/*;q=0.8, */*;q=0.1", 1},
        {"*/*;q=1, application/json;q=0", 1},
        {"application/json;q=0", -1},
        {"text/html", -1},
        {"text/html, */*;q=0.1", 0},
        {"text/csv;header=present", 1},
        {"text/csv ; q=0.2 , application/json ; q=0.1", 1},
        {"nonsense", -1},
        {"text/csv;q=banana", 1},
        {"text/csv;q=0.0, application/json;q=0.000", -1},
        {",,text/csv,,", 1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pair header = {STR("accept"), str_of(CASES[i].accept)};
        struct request r = with_headers(&header, CASES[i].accept ? 1 : 0);
        size_t choice = 99;
        enum err e = request_negotiate(&r, OFFERS, 2, &choice);
        const char *label = CASES[i].accept ? CASES[i].accept : "no Accept";
        if (CASES[i].choice < 0)
            CHECK(e == ERR_NOT_ACCEPTABLE && strstr(r.fault.detail, "application/json, text/csv"), "%s: %s",
                  label, r.fault.detail);
        else CHECK(e == OK && choice == (size_t)CASES[i].choice, "%s: %zu", label, choice);
    }
    const struct pair two[] = {{STR("Accept"), STR("text/html")}, {STR("Accept"), STR("text/csv")}};
    struct request r = with_headers(two, 2);
    size_t choice = 99;
    CHECK(request_negotiate(&r, OFFERS, 2, &choice) == OK && choice == 1, "two Accept lines are one list");
}

static void knows_etags(void) {
    static const struct {
        const char *header;
        bool known;
    } CASES[] = {
        {"\"v3\"", true},
        {"W/\"v3\"", true},
        {"\"v2\", \"v3\"", true},
        {"\"v2\",\"v4\"", false},
        {"*", true},
        {"v3", false},
        {"\"v3", false},
        {"", false},
        {"\"a,b\", \"v3\"", true},
        {"W/", false},
        {" , , \"v3\"", true},
        {"\"V3\"", false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pair header = {STR("if-none-match"), str_of(CASES[i].header)};
        struct request r = with_headers(&header, 1);
        CHECK(etag_is_known(&r, STR("\"v3\"")) == CASES[i].known, "%s", CASES[i].header);
    }
    struct request none = with_headers(NULL, 0);
    CHECK(!etag_is_known(&none, STR("\"v3\"")), "no header");
}

static void takes_gzip(void) {
    static const struct {
        const char *header;
        bool gzip;
    } CASES[] = {{"gzip", true},
                 {"GZIP", true},
                 {"deflate, gzip;q=0.5", true},
                 {"x-gzip", true},
                 {"*", true},
                 {"gzip;q=0", false},
                 {"gzip;q=0, *", false},
                 {"*;q=0", false},
                 {"identity", false},
                 {"", false},
                 {"br, zstd", false},
                 {"gzip;q=0.000", false},
                 {"gzip;q=0.001", true},
                 {"gzippy", false}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pair header = {STR("accept-encoding"), str_of(CASES[i].header)};
        struct request r = with_headers(&header, 1);
        CHECK(request_accepts_gzip(&r) == CASES[i].gzip, "\"%s\"", CASES[i].header);
    }
    struct request none = with_headers(NULL, 0);
    CHECK(!request_accepts_gzip(&none), "no header: as it is");
}

/* base64 by hand: x:secret, :secret, x:a:b, x: and what is none. */
static void reads_basic(void) {
    static const struct {
        const char *credential, *password; /* NULL: none */
    } CASES[] = {{"eDpzZWNyZXQ=", "secret"},
                 {"OnNlY3JldA==", "secret"},
                 {"eDphOmI=", "a:b"},
                 {"eDo=", ""},
                 {"c2VjcmV0", NULL}, /* no colon */
                 {"", NULL},
                 {"!!!!", NULL},
                 {"eDpzAGU=", NULL}, /* a NUL inside */
                 {"eDpzZWNyZXQ", NULL} /* cut short */};
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        str got = basic_password(&a, str_of(CASES[i].credential));
        bool good = CASES[i].password ? got.p && str_is(got, CASES[i].password) : !got.p;
        CHECK(good, "\"%s\" gives \"%.*s\"", CASES[i].credential, STR_ARG(got));
    }
    char longer[2000];
    memset(longer, 'A', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    CHECK(!basic_password(&a, str_of(longer)).p, "longer than any key");
    arena_free(&a);
}

static void reads_types(void) {
    static const struct {
        const char *header, *type;
    } CASES[] = {{"text/csv", "text/csv"},
                 {"Text/CSV; charset=UTF-8; header=present", "text/csv"},
                 {" application/json ", "application/json"},
                 {"", ""}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pair header = {STR("CONTENT-TYPE"), str_of(CASES[i].header)};
        struct request r = with_headers(&header, 1);
        CHECK(str_is(request_content_type(&r), CASES[i].type), "%s", CASES[i].header);
    }
    struct request none = with_headers(NULL, 0);
    CHECK(!request_content_type(&none).p, "no header is none, not empty");
}

static void takes_correlation_ids(void) {
    static const struct {
        const char *given;
        bool taken;
    } CASES[] = {
        {"abc", true},
        {"A.b-c_9", true},
        {" abc ", true},
        {"0123456789012345678901234567890123456789012345678901234567890123", true},
        {"01234567890123456789012345678901234567890123456789012345678901234", false},
        {"", false},
        {"a b", false},
        {"a\"b", false},
        {"a\nb", false},
        {"\xc3\xa9", false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pair header = {STR("x-correlation-id"), str_of(CASES[i].given)};
        char id[65];
        correlation_choose(&header, 1, id);
        bool taken = str_eq(str_of(id), str_trim(str_of(CASES[i].given)));
        CHECK(taken == CASES[i].taken, "\"%s\": %s", CASES[i].given, id);
        if (!taken)
            CHECK(strlen(id) == 36 && id[14] == '4' && strchr("89ab", id[19]), "a UUID of version 4: %s", id);
    }
    const struct pair twice[] = {{STR("X-Correlation-ID"), STR("a")}, {STR("X-Correlation-ID"), STR("b")}};
    char one[65], other[65];
    correlation_choose(twice, 2, one);
    correlation_choose(NULL, 0, other);
    CHECK(strlen(one) == 36 && strlen(other) == 36 && strcmp(one, other) != 0,
          "two of them, or none: fresh ones that differ");
}

void suite_server_negotiate(void) {
    suite_add("server_negotiate", NULL, end);
    case_add("Accept chooses, with q and wildcards", chooses);
    case_add("If-None-Match: lists, weak ones, *", knows_etags);
    case_add("Accept-Encoding: gzip, with q and *", takes_gzip);
    case_add("the password of Basic", reads_basic);
    case_add("Content-Type without parameters", reads_types);
    case_add("correlation ids: the caller's when it is plain, else a UUID", takes_correlation_ids);
}
