/* kpi_open_follow_up: which follow-ups are still to be told, to the day, and which comes first. */
#include <stdio.h>

#include "kpi/open_follow_up.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

enum { NOT_OPEN = 9999 };

/* A quit date on day 0; what is known at each stage; the day asked. Windows: 25-42, 81-98, 168-210, 351-393. */
static void open_to_the_day(void) {
    static const struct {
        const char *label;
        uint8_t known[STAGE_COUNT];
        enum stage stage;
        int32_t day, days_left;
    } CASES[] = {
        {"the day before the window", {0}, STAGE_4W, 24, NOT_OPEN},
        {"its first day", {0}, STAGE_4W, 25, 17},
        {"its last day", {0}, STAGE_4W, 42, 0},
        {"the day after", {0}, STAGE_4W, 43, -1},
        {"years later", {0}, STAGE_4W, 1042, -1000},
        {"known as quit", {1}, STAGE_4W, 30, NOT_OPEN},
        {"known as not quit", {2}, STAGE_4W, 30, NOT_OPEN},
        {"known as lost", {3}, STAGE_4W, 30, NOT_OPEN},
        {"12 weeks, before the window", {1}, STAGE_12W, 80, NOT_OPEN},
        {"12 weeks of a quitter", {1}, STAGE_12W, 81, 17},
        {"12 weeks while nothing is known of 4", {0}, STAGE_12W, 81, 17},
        {"12 weeks of one who has not quit", {2}, STAGE_12W, 81, NOT_OPEN},
        {"12 weeks of one who is lost", {3}, STAGE_12W, 81, NOT_OPEN},
        {"12 weeks known", {1, 1}, STAGE_12W, 90, NOT_OPEN},
        {"26 weeks, 12 unknown", {1, 0}, STAGE_26W, 168, 42},
        {"52 weeks, on the last day", {1, 1, 1}, STAGE_52W, 393, 0},
        {"52 weeks, passed", {1, 1, 1}, STAGE_52W, 394, -1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct outcomes known = {.co4_day = FACT_NO_DAY};
        memcpy(known.outcome, CASES[i].known, sizeof known.outcome);
        int32_t left = NOT_OPEN, quit = day_iso("2025-07-14");
        bool open =
            follow_up_is_open(&DEFAULT_WINDOWS, &known, quit, CASES[i].stage, quit + CASES[i].day, &left);
        CHECK(open == (CASES[i].days_left != NOT_OPEN) && left == CASES[i].days_left, "%s: %d, %d left",
              CASES[i].label, open, left);
    }
}

static void order(void) {
    static const int32_t IN_ORDER[] = {0, 1, 17, 42, -1, -2, -1000};
    enum { N = sizeof IN_ORDER / sizeof *IN_ORDER };
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) {
            int found = follow_up_urgency(IN_ORDER[i], IN_ORDER[k]);
            CHECK((found < 0) == (i < k) && (found > 0) == (i > k), "%d and %d: %d", IN_ORDER[i], IN_ORDER[k],
                  found);
        }
}

void suite_kpi_open_follow_up(void);
void suite_kpi_open_follow_up(void) {
    suite_add("unit kpi open follow-up", NULL, NULL);
    case_add("open to the day", open_to_the_day);
    case_add("the most urgent first", order);
}
