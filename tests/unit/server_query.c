/* server_query: decoding, and what a query must not have. */
#include "server/query.h"
#include "tests/support/suite.h"

static struct arena arena;

static int end(void) {
    arena_free(&arena);
    return 0;
}

static const char KNOWN[] = "asAt knownAt localAuthority provider dryRun";

static void accepts(void) {
    static const struct {
        const char *label, *raw;
        size_t count;
        const char *name;
        str value; /* of the last */
    } CASES[] = {
        {"none", "", 0, NULL, {0}},
        {"only separators", "&&&", 0, NULL, {0}},
        {"one", "asAt=2026-02-20", 1, "asAt", STR("2026-02-20")},
        {"two", "asAt=1&provider=homerton", 2, "provider", STR("homerton")},
        {"a flag without =", "dryRun", 1, "dryRun", STR("")},
        {"a flag with =", "dryRun=", 1, "dryRun", STR("")},
        {"= in the value", "provider=a=b", 1, "provider", STR("a=b")},
        {"an escaped value", "knownAt=2026-02-20T09%3A30%3A00%2B01%3A00", 1, "knownAt",
         STR("2026-02-20T09:30:00+01:00")},
        {"plus is a space", "provider=a+b", 1, "provider", STR("a b")},
        {"UTF-8", "provider=caf%C3%A9", 1, "provider", STR("caf\xc3\xa9")},
        {"an escaped name", "as%41t=1", 1, "asAt", STR("1")},
        {"an escaped & is part of the value", "provider=a%26b", 1, "provider", STR("a&b")},
        {"empty pieces are passed over", "&asAt=1&", 1, "asAt", STR("1")},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pair out[QUERY_MAX];
        size_t n = 99;
        struct fault f = {0};
        enum err e = query_parse(&arena, str_of(CASES[i].raw), KNOWN, &f, out, &n);
        CHECK(e == OK && n == CASES[i].count, "%s: %s, %zu: %s", CASES[i].label, err_info(e)->code, n,
              f.detail);
        if (e || !n) continue;
        CHECK(str_is(out[n - 1].name, CASES[i].name), "%s: %.*s", CASES[i].label, STR_ARG(out[n - 1].name));
        CHECK(str_eq(out[n - 1].value, CASES[i].value) && out[n - 1].value.p, "%s: %.*s", CASES[i].label,
              STR_ARG(out[n - 1].value));
    }
}

static void refuses(void) {
    static const struct {
        const char *label, *raw;
        enum err err;
        const char *words; /* in the detail */
    } CASES[] = {
        {"unknown, with a near one", "asat=1", ERR_UNKNOWN_PARAMETER, "did you mean \"asAt\"?"},
        {"unknown, with a near one, longer", "localAuthorty=1", ERR_UNKNOWN_PARAMETER, "\"localAuthority\""},
        {"unknown, nothing near: all are named", "zzzzzzzz=1", ERR_UNKNOWN_PARAMETER,
         "asAt, knownAt, localAuthority, provider, dryRun"},
        {"a name of nothing", "=1", ERR_UNKNOWN_PARAMETER, "\"\""},
        {"twice", "asAt=1&asAt=2", ERR_BAD_PARAMETER, "twice"},
        {"twice, once escaped", "asAt=1&as%41t=2", ERR_BAD_PARAMETER, "twice"},
        {"NUL", "provider=a%00b", ERR_BAD_PARAMETER, "provider"},
        {"line feed", "provider=a%0ab", ERR_BAD_PARAMETER, "provider"},
        {"delete", "provider=%7f", ERR_BAD_PARAMETER, "provider"},
        {"not UTF-8", "provider=%e9", ERR_BAD_PARAMETER, "provider"},
        {"overlong UTF-8", "provider=%c0%af", ERR_BAD_PARAMETER, "provider"},
        {"half an escape", "provider=%4", ERR_BAD_PARAMETER, "provider"},
        {"an escape of no digits", "provider=%4x", ERR_BAD_PARAMETER, "provider"},
        {"a broken name", "%=1", ERR_BAD_PARAMETER, "name"},
        {"a very long name is cut in the words",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1",
         ERR_UNKNOWN_PARAMETER, "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pair out[QUERY_MAX];
        size_t n = 99;
        struct fault f = {0};
        enum err e = query_parse(&arena, str_of(CASES[i].raw), KNOWN, &f, out, &n);
        CHECK(e == CASES[i].err, "%s: %s", CASES[i].label, err_info(e)->code);
        CHECK(strstr(f.detail, CASES[i].words), "%s: %s", CASES[i].label, f.detail);
        CHECK(n == 99, "%s: output untouched", CASES[i].label);
    }
}

static void counts(void) {
    static const char NAMES[] = "a b c d e f g h i j k l m n o p q r";
    struct pair out[QUERY_MAX];
    size_t n = 0;
    CHECK(query_parse(&arena, STR("a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p"), NAMES, NULL, out, &n) == OK &&
              n == QUERY_MAX,
          "as many as fit: %zu", n);
    CHECK(query_parse(&arena, STR("a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q"), NAMES, NULL, out, &n) ==
              ERR_BAD_PARAMETER,
          "one more is refused");
    struct fault f = {0};
    CHECK(query_parse(&arena, STR("x=1"), "", &f, out, &n) == ERR_UNKNOWN_PARAMETER &&
              strstr(f.detail, "takes none"),
          "a route without parameters");
}

static void answers_flags(void) {
    static const struct {
        const char *value; /* NULL: absent */
        enum err err;
        bool flag;
    } CASES[] = {{NULL, OK, false},
                 {"", OK, true},
                 {"true", OK, true},
                 {"false", OK, false},
                 {"yes", ERR_BAD_PARAMETER, false},
                 {"TRUE", ERR_BAD_PARAMETER, false}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct request r = {.arena = &arena};
        if (CASES[i].value) r.query[r.query_count++] = (struct pair){STR("dryRun"), str_of(CASES[i].value)};
        bool flag = !CASES[i].flag;
        enum err e = request_flag(&r, "dryRun", &flag);
        CHECK(e == CASES[i].err, "%s: %s", CASES[i].value ? CASES[i].value : "absent", err_info(e)->code);
        if (!e) CHECK(flag == CASES[i].flag, "%s", CASES[i].value ? CASES[i].value : "absent");
    }
    struct request r = {.arena = &arena};
    CHECK(!request_query(&r, "dryRun").p, "an absent parameter is none, not empty");
}

void suite_server_query(void) {
    suite_add("server_query", NULL, end);
    case_add("decodes what is well written", accepts);
    case_add("refuses the rest and says why", refuses);
    case_add("at most sixteen, or none", counts);
    case_add("flags", answers_flags);
}
