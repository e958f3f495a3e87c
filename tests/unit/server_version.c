/* server_version: a clock that is behind the program's own making is found out. */
#include "server/version.h"

#include <string.h>

#include "tests/support/suite.h"

static void clocks(void) {
    static const struct {
        const char *now;
        bool good;
    } CASES[] = {{"1970-01-01T00:00:00Z", false},
                 {"2025-12-30T11:59:59Z", false},
                 {"2025-12-30T12:00:01Z", true},
                 {"2026-01-01T00:00:00Z", true},
                 {"2036-01-01T00:00:00Z", true}};
    int64_t made_at, now;
    CHECK(instant_parse(STR("2025-12-31T12:00:00Z"), &made_at), "an instant");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct fault fault = {.err = OK};
        CHECK(instant_parse(str_of(CASES[i].now), &now), "%s", CASES[i].now);
        enum err e = version_check_clock(now, made_at, &fault);
        CHECK((e == OK) == CASES[i].good, "%s: %s", CASES[i].now, fault.detail);
        CHECK(e == OK || strstr(fault.detail, "2025-12-31T12:00:00"), "it says when: %s", fault.detail);
        CHECK(version_check_clock(now, INSTANT_NONE, &fault) == OK,
              "a build that does not know finds nothing");
    }
    CHECK(quarterday_made_at() == INSTANT_NONE || quarterday_made_at() > INT64_C(1700000000000000),
          "of this build: %lld", (long long)quarterday_made_at());
}

void suite_server_version(void) {
    suite_add("server_version", NULL, NULL);
    case_add("a clock before the commit, by more than a day, is found out", clocks);
}
