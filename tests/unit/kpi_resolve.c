/* kpi_resolve: what is known of a stage (contract section 4): later date, blank never erases, undated
 * first, later received wins. */
#include <stdio.h>

#include "kpi/resolve.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

enum { NONE = -1, UNDATED = -2 };

/* One episode, quit on 2025-05-01, in 2025-26-Q1; follow-ups in Q1 and Q2. Days are after the quit date. */
struct bundle {
    int outcome, day;
};

static int32_t quit_day(void) {
    return day_iso("2025-05-01");
}

static int32_t day_of(int days) {
    return days < 0 ? DAY_NONE : quit_day() + days;
}

static struct outcomes resolve_one(struct shelf *s, const char *id) {
    struct book book = shelf_book(s);
    struct resolver r;
    struct outcomes out = {0};
    resolver_build(&book, &r);
    for (size_t i = 0; i < book.count; i++) {
        const struct fact_episode *rows = book.held[i].facts;
        if (book.held[i].part != PART_EPISODES) continue;
        for (uint32_t n = 0; n < book.held[i].rows; n++) {
            if (hash128_eq(rows[n].id, hash128_of(str_of(id))))
                resolve_episode(&r, &rows[n], book.held[i].seq, &out);
        }
    }
    resolver_free(&r);
    return out;
}

static void order_of_bundles(void) {
    static const struct {
        const char *label;
        struct bundle own, first, second; /* second was received after first */
        bool own_last;                    /* episodes were received after both */
        int outcome, day;
    } CASES[] = {
        {"only its own", {1, 28}, {NONE, 0}, {NONE, 0}, false, 1, 28},
        {"a later follow-up replaces", {2, 28}, {1, 30}, {NONE, 0}, false, 1, 30},
        {"an earlier one does not", {2, 30}, {1, 28}, {NONE, 0}, false, 2, 30},
        {"an earlier one does not, though received later", {2, 30}, {NONE, 0}, {1, 28}, false, 2, 30},
        {"equal dates: follow-ups came later", {2, 28}, {1, 28}, {NONE, 0}, false, 1, 28},
        {"equal dates: episodes came later", {2, 28}, {1, 28}, {NONE, 0}, true, 2, 28},
        {"equal dates in two follow-ups: the later version", {NONE, 0}, {1, 28}, {2, 28}, false, 2, 28},
        {"two follow-ups: the later date", {NONE, 0}, {1, 35}, {2, 28}, false, 1, 35},
        {"blank own outcome", {0, 40}, {2, 28}, {NONE, 0}, false, 2, 28},
        {"blank own outcome received last does not erase", {0, 40}, {2, 28}, {NONE, 0}, true, 2, 28},
        {"an undated outcome comes before a dated one", {1, UNDATED}, {2, 25}, {NONE, 0}, true, 2, 25},
        {"an undated follow-up does not replace", {1, 25}, {2, UNDATED}, {NONE, 0}, false, 1, 25},
        {"two undated: received later", {1, UNDATED}, {2, UNDATED}, {NONE, 0}, false, 2, UNDATED},
        {"two undated: episodes last", {1, UNDATED}, {2, UNDATED}, {NONE, 0}, true, 1, UNDATED},
        {"lost is an outcome like the others", {1, 28}, {3, 40}, {NONE, 0}, false, 3, 40},
        {"outside the window it still replaces", {1, 28}, {2, 90}, {NONE, 0}, false, 2, 90},
        {"nothing known", {0, UNDATED}, {NONE, 0}, {NONE, 0}, false, 0, UNDATED},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct shelf s = {.count = 0};
        struct fact_episode *e = shelf_episode(&s, "e1", "c1", quit_day());
        if (CASES[i].own.outcome != NONE) {
            e->outcome[STAGE_4W] = (uint8_t)CASES[i].own.outcome;
            e->followed_up[STAGE_4W] = fact_day(day_of(CASES[i].own.day));
        }
        shelf_follow_up(&s, period_iso("2025-26-Q1"), "other", STAGE_4W, 1, quit_day() + 41);
        if (CASES[i].first.outcome != NONE)
            shelf_follow_up(&s, period_iso("2025-26-Q1"), "e1", STAGE_4W, CASES[i].first.outcome,
                            day_of(CASES[i].first.day));
        if (CASES[i].second.outcome != NONE)
            shelf_follow_up(&s, period_iso("2025-26-Q2"), "e1", STAGE_4W, CASES[i].second.outcome,
                            day_of(CASES[i].second.day));
        if (CASES[i].own_last) shelf_part(&s, PART_EPISODES, period_iso("2025-26-Q1"))->seq = ++s.next_seq;
        struct outcomes got = resolve_one(&s, "e1");
        CHECK(got.outcome[STAGE_4W] == CASES[i].outcome, "%s: outcome %d", CASES[i].label,
              got.outcome[STAGE_4W]);
        CHECK(got.day[STAGE_4W] == fact_day(day_of(CASES[i].day)), "%s: day %d", CASES[i].label,
              got.day[STAGE_4W]);
        shelf_free(&s);
    }
}

static void bundles_travel_whole(void) {
    struct shelf s = {.count = 0};
    struct fact_episode *e = shelf_episode(&s, "e1", "c1", quit_day());
    episode_set_outcome(e, STAGE_4W, 1, 28);
    e->co4 = 3;
    e->co4_day = e->followed_up[STAGE_4W];
    e->method4 = METHOD_WORD_FACE_TO_FACE;
    episode_set_outcome(e, STAGE_12W, 1, 84);
    e->co12 = 4;
    episode_set_outcome(e, STAGE_52W, 2, 360);
    shelf_follow_up(&s, period_iso("2025-26-Q1"), "e1", STAGE_4W, 1, quit_day() + 30);
    struct fact_follow_up *f =
        shelf_follow_up(&s, period_iso("2025-26-Q2"), "e1", STAGE_12W, 2, quit_day() + 90);
    f->co = 17;
    f->method = METHOD_WORD_TEXT;
    struct outcomes got = resolve_one(&s, "e1");
    CHECK(got.co4 == FACT_NO_CO && got.co4_day == FACT_NO_DAY && got.method4 == METHOD_WORD_NONE,
          "a later bundle without CO takes the CO away: %d", got.co4);
    CHECK(got.outcome[STAGE_12W] == 2 && got.co12 == 17, "12 weeks with its own CO: %d", got.co12);
    CHECK(got.outcome[STAGE_52W] == 2 && got.outcome[STAGE_26W] == 0, "other stages stay as they are");
    f = shelf_follow_up(&s, period_iso("2025-26-Q2"), "e1", STAGE_26W, 1, quit_day() + 180);
    f->co = 99;
    got = resolve_one(&s, "e1");
    CHECK(got.outcome[STAGE_26W] == 1 && got.co4 == FACT_NO_CO && got.co12 == 17,
          "26 weeks has no CO of its own");
    shelf_free(&s);
}

static void blank_and_foreign_rows(void) {
    struct shelf s = {.count = 0};
    struct fact_episode *e = shelf_episode(&s, "e1", "c1", quit_day());
    episode_set_outcome(e, STAGE_4W, 1, 28);
    shelf_follow_up(&s, period_iso("2025-26-Q2"), "e1", STAGE_4W, 0, quit_day() + 40);
    shelf_follow_up(&s, period_iso("2025-26-Q2"), "gone", STAGE_4W, 2, quit_day() + 40);
    struct outcomes got = resolve_one(&s, "e1");
    CHECK(got.outcome[STAGE_4W] == 1 && got.day[STAGE_4W] == fact_day(quit_day() + 28),
          "a blank row never erases");
    shelf_free(&s);
    struct book empty = {NULL, 0};
    struct resolver r;
    resolver_build(&empty, &r);
    CHECK(r.count == 0 && r.slots == NULL, "a book without follow-ups costs nothing");
    resolver_free(&r);
}

static void many_rows(void) {
    struct shelf s = {.count = 0};
    char id[32];
    for (int i = 0; i < 3000; i++) {
        snprintf(id, sizeof id, "e%d", i);
        shelf_episode(&s, id, "c", quit_day());
        if (i % 3)
            shelf_follow_up(&s, period_iso("2025-26-Q2"), id, STAGE_4W, 1 + i % 2, quit_day() + 25 + i % 18);
    }
    int wrong = 0;
    for (int i = 0; i < 3000; i += 97) {
        snprintf(id, sizeof id, "e%d", i);
        struct outcomes got = resolve_one(&s, id);
        int outcome = i % 3 ? 1 + i % 2 : 0;
        wrong += got.outcome[STAGE_4W] != outcome;
        wrong += outcome && got.day[STAGE_4W] != fact_day(quit_day() + 25 + i % 18);
    }
    CHECK(wrong == 0, "%d wrong of 3,000", wrong);
    shelf_free(&s);
}

void suite_kpi_resolve(void);
void suite_kpi_resolve(void) {
    suite_add("unit kpi resolve", NULL, NULL);
    case_add("which bundle wins", order_of_bundles);
    case_add("a bundle wins or loses as a whole", bundles_travel_whole);
    case_add("blank rows and rows of other episodes", blank_and_foreign_rows);
    case_add("thousands of rows", many_rows);
}
