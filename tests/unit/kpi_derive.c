/* kpi_derive: contract section 5, every boundary a row: what is due, quit, lost and why, verified, known. */
#include <stdio.h>

#include "kpi/derive.h"
#include "kpi/items.h"
#include "tests/support/suite.h"

#define QUIT_DAY 20000
#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static const struct derive_settings DEFAULTS = {
    .windows = {{25, 81, 168, 351}, {42, 98, 210, 393}}, .co_below = 10, .still_quit = true};

static struct outcomes nothing_known(void) {
    struct outcomes o = {.co4_day = FACT_NO_DAY, .co4 = FACT_NO_CO, .co12 = FACT_NO_CO};
    for (int s = 0; s < STAGE_COUNT; s++)
        o.day[s] = FACT_NO_DAY;
    return o;
}

enum { UNDATED = -1 };

static int16_t day_after(int days) {
    return days == UNDATED ? FACT_NO_DAY : fact_day(QUIT_DAY + days);
}

/* Names joined by spaces, in the order of the enum. */
static const char *names_of(uint64_t bits, uint64_t only, char out[600]) {
    size_t n = 0;
    out[0] = '\0';
    for (unsigned d = 0; d < DERIVED_COUNT; d++) {
        if (!(bits & only & derived_bit((enum derived)d))) continue;
        n += (size_t)snprintf(out + n, 600 - n, "%s%s", n ? " " : "", derived_info((enum derived)d)->name);
    }
    return out;
}

static uint64_t bits_between(enum derived first, enum derived last) {
    uint64_t bits = 0;
    for (unsigned d = first; d <= last; d++)
        bits |= derived_bit((enum derived)d);
    return bits;
}

static void check_names(const char *label, uint64_t bits, uint64_t only, const char *expected) {
    char got[600];
    names_of(bits, only, got);
    CHECK(strcmp(got, expected) == 0, "%s: got '%s', not '%s'", label, got, expected);
}

static void due_dates(void) {
    static const struct {
        const char *label;
        int days; /* as-at date after the quit date */
        const char *expected;
    } CASES[] = {
        {"day 42: not due", 42, "notDue4 notDue12 notDue26 notDue52"},
        {"day 43: due at 4 weeks", 43, "due4 notDue12 notDue26 notDue52"},
        {"day 98: not due at 12", 98, "due4 notDue12 notDue26 notDue52"},
        {"day 99: due at 12", 99, "due4 due12 notDue26 notDue52"},
        {"day 210: not due at 26", 210, "due4 due12 notDue26 notDue52"},
        {"day 211: due at 26", 211, "due4 due12 due26 notDue52"},
        {"day 393: not due at 52", 393, "due4 due12 due26 notDue52"},
        {"day 394: due at 52", 394, "due4 due12 due26 due52"},
        {"before the quit date", -10, "notDue4 notDue12 notDue26 notDue52"},
    };
    const uint64_t ONLY = BIT(DUE4) | BIT(NOT_DUE4) | BIT(DUE12) | BIT(NOT_DUE12) | BIT(DUE26) |
                          BIT(NOT_DUE26) | BIT(DUE52) | BIT(NOT_DUE52);
    struct outcomes known = nothing_known();
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct derive_settings s = DEFAULTS;
        s.as_at = QUIT_DAY + CASES[i].days;
        check_names(CASES[i].label, derive(&s, QUIT_DAY, &known, 0), ONLY, CASES[i].expected);
    }
}

static void at_4_weeks(void) {
    static const struct {
        const char *label;
        int outcome, days;
        const char *expected;
    } CASES[] = {
        {"day 24 is too early", 1, 24, "lost4 outOfWindow"},
        {"day 25 counts", 1, 25, "quit4"},
        {"day 42 counts", 1, 42, "quit4"},
        {"day 43 is too late", 1, 43, "lost4 outOfWindow"},
        {"not quit, day 24", 2, 24, "lost4 outOfWindow"},
        {"not quit, day 25", 2, 25, "notQuit4"},
        {"not quit, day 42", 2, 42, "notQuit4"},
        {"not quit, day 43", 2, 43, "lost4 outOfWindow"},
        {"quit without a date", 1, UNDATED, "lost4 dateMissing"},
        {"not quit without a date", 2, UNDATED, "lost4 dateMissing"},
        {"recorded as lost in the window", 3, 28, "lost4 recordedLost"},
        {"recorded as lost outside it", 3, 60, "lost4 recordedLost"},
        {"recorded as lost without a date", 3, UNDATED, "lost4 recordedLost"},
        {"no outcome", 0, UNDATED, "lost4 notReported"},
        {"a date without an outcome", 0, 28, "lost4 notReported"},
        {"a follow-up before the quit date", 1, -3, "lost4 outOfWindow"},
    };
    const uint64_t ONLY = bits_between(DERIVED_QUIT4, DERIVED_DATE_MISSING4);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct derive_settings s = DEFAULTS;
        struct outcomes known = nothing_known();
        known.outcome[STAGE_4W] = (uint8_t)CASES[i].outcome;
        known.day[STAGE_4W] = day_after(CASES[i].days);
        s.as_at = QUIT_DAY + 43;
        check_names(CASES[i].label, derive(&s, QUIT_DAY, &known, 0), ONLY, CASES[i].expected);
        s.as_at = QUIT_DAY + 42;
        check_names("the same before it is due", derive(&s, QUIT_DAY, &known, 0), ONLY, "");
    }
}

static void carbon_monoxide(void) {
    enum { F2F = METHOD_WORD_FACE_TO_FACE, PHONE = METHOD_WORD_TELEPHONE, VIDEO = METHOD_WORD_VIDEO };
    static const struct {
        const char *label;
        int co, co_day, followed_up, method;
        const char *expected;
    } CASES[] = {
        {"9 ppm face to face", 9, UNDATED, 28, F2F, "coVerified4"},
        {"10 ppm is not below 10", 10, UNDATED, 28, F2F, "coHigh4"},
        {"0 ppm", 0, UNDATED, 28, F2F, "coVerified4"},
        {"no reading", FACT_NO_CO, UNDATED, 28, F2F, "coBlank4"},
        {"a date without a reading", FACT_NO_CO, 28, 28, F2F, "coBlank4"},
        {"method blank is assumed", 5, UNDATED, 28, METHOD_WORD_NONE, "coVerified4 methodAssumed"},
        {"by telephone", 5, UNDATED, 28, PHONE, "coNotFaceToFace"},
        {"by video", 5, UNDATED, 28, VIDEO, "coNotFaceToFace"},
        {"by text", 5, UNDATED, 28, METHOD_WORD_TEXT, "coNotFaceToFace"},
        {"by post", 5, UNDATED, 28, METHOD_WORD_POST, "coNotFaceToFace"},
        {"by telephone, read on its own day", 5, 30, 28, PHONE, "coVerified4"},
        {"own day, method blank: nothing assumed", 5, 30, 28, METHOD_WORD_NONE, "coVerified4"},
        {"read on day 24", 5, 24, 28, F2F, "coOutOfWindow4"},
        {"read on day 25", 5, 25, 28, F2F, "coVerified4"},
        {"read on day 42", 5, 42, 28, F2F, "coVerified4"},
        {"read on day 43", 5, 43, 28, F2F, "coOutOfWindow4"},
        {"high and out of the window: high", 12, 43, 28, F2F, "coHigh4"},
        {"followed up too late: no quitter", 5, 30, 43, F2F, ""},
    };
    const uint64_t ONLY = bits_between(DERIVED_CO_VERIFIED4, DERIVED_CO_NOT_FACE_TO_FACE);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct derive_settings s = DEFAULTS;
        struct outcomes known = nothing_known();
        s.as_at = QUIT_DAY + 43;
        known.outcome[STAGE_4W] = 1;
        known.day[STAGE_4W] = day_after(CASES[i].followed_up);
        known.co4 = (uint8_t)CASES[i].co;
        known.co4_day = day_after(CASES[i].co_day);
        known.method4 = (uint8_t)CASES[i].method;
        check_names(CASES[i].label, derive(&s, QUIT_DAY, &known, 0), ONLY, CASES[i].expected);
    }
}

static void not_quit_has_no_co(void) {
    struct derive_settings s = DEFAULTS;
    struct outcomes known = nothing_known();
    s.as_at = QUIT_DAY + 43;
    known.outcome[STAGE_4W] = 2;
    known.day[STAGE_4W] = day_after(28);
    known.co4 = 3;
    known.method4 = METHOD_WORD_FACE_TO_FACE;
    check_names("a smoker with a low reading", derive(&s, QUIT_DAY, &known, 5), ~BIT(DUE4),
                "notQuit4 notDue12 notDue26 notDue52");
    s.co_below = 4;
    known.outcome[STAGE_4W] = 1;
    check_names("the limit is a setting: 3 below 4", derive(&s, QUIT_DAY, &known, 0), BIT(CO_VERIFIED4),
                "coVerified4");
    known.co4 = 4;
    check_names("the limit is a setting: 4", derive(&s, QUIT_DAY, &known, 0), BIT(CO_HIGH4), "coHigh4");
}

static void at_12_weeks(void) {
    static const struct {
        const char *label;
        int outcome4, outcome, days, co;
        bool still_quit;
        const char *expected;
    } CASES[] = {
        {"day 80", 1, 1, 80, 3, true, "lost12 outOfWindow12"},
        {"day 81", 1, 1, 81, 3, true, "quit12 coVerified12"},
        {"day 98", 1, 1, 98, 3, true, "quit12 coVerified12"},
        {"day 99", 1, 1, 99, 3, true, "lost12 outOfWindow12"},
        {"CO 9", 1, 1, 84, 9, true, "quit12 coVerified12"},
        {"CO 10", 1, 1, 84, 10, true, "quit12 coHigh12"},
        {"no CO", 1, 1, 84, FACT_NO_CO, true, "quit12 coBlank12"},
        {"smoking again", 1, 2, 84, 3, true, "notQuit12"},
        {"recorded as lost", 1, 3, 84, 3, true, "lost12 recordedLost12"},
        {"nothing reported", 1, 0, UNDATED, 3, true, "lost12 notReported12"},
        {"no date", 1, 1, UNDATED, 3, true, "lost12 dateMissing12"},
        {"had not quit at 4 weeks", 2, 1, 84, 3, true, "notQuitBefore12"},
        {"was lost at 4 weeks", 3, 1, 84, 3, true, "notQuitBefore12"},
        {"stillQuit false: quit at 12 alone counts", 2, 1, 84, 3, false, "quit12 coVerified12"},
        {"stillQuit false: a quitter still counts", 1, 1, 84, 3, false, "quit12 coVerified12"},
        {"stillQuit false: lost12 is of quitters only", 2, 0, UNDATED, 3, false, "notReported12"},
        {"stillQuit false: a lost quitter", 1, 0, UNDATED, 3, false, "lost12 notReported12"},
    };
    const uint64_t ONLY = bits_between(DERIVED_QUIT12, DERIVED_CO_HIGH12);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct derive_settings s = DEFAULTS;
        struct outcomes known = nothing_known();
        s.as_at = QUIT_DAY + 99;
        s.still_quit = CASES[i].still_quit;
        known.outcome[STAGE_4W] = (uint8_t)CASES[i].outcome4;
        known.day[STAGE_4W] = day_after(28);
        known.outcome[STAGE_12W] = (uint8_t)CASES[i].outcome;
        known.day[STAGE_12W] = day_after(CASES[i].days);
        known.co12 = (uint8_t)CASES[i].co;
        check_names(CASES[i].label, derive(&s, QUIT_DAY, &known, 0), ONLY, CASES[i].expected);
        s.as_at = QUIT_DAY + 98;
        check_names("the same before it is due", derive(&s, QUIT_DAY, &known, 0), ONLY, "");
    }
}

static void at_26_and_52_weeks(void) {
    static const struct {
        const char *label;
        enum stage stage;
        int outcome, days;
        const char *expected;
    } CASES[] = {
        {"26 weeks, day 167", STAGE_26W, 1, 167, "outOfWindow26 notReported52"},
        {"26 weeks, day 168", STAGE_26W, 1, 168, "known26 notReported52"},
        {"26 weeks, day 210", STAGE_26W, 2, 210, "known26 notReported52"},
        {"26 weeks, day 211", STAGE_26W, 2, 211, "outOfWindow26 notReported52"},
        {"26 weeks, recorded as lost", STAGE_26W, 3, 180, "recordedLost26 notReported52"},
        {"26 weeks, no date", STAGE_26W, 1, UNDATED, "dateMissing26 notReported52"},
        {"52 weeks, day 350", STAGE_52W, 1, 350, "notReported26 outOfWindow52"},
        {"52 weeks, day 351", STAGE_52W, 1, 351, "notReported26 known52"},
        {"52 weeks, day 393", STAGE_52W, 2, 393, "notReported26 known52"},
        {"52 weeks, day 394", STAGE_52W, 2, 394, "notReported26 outOfWindow52"},
        {"52 weeks, recorded as lost", STAGE_52W, 3, 365, "notReported26 recordedLost52"},
        {"52 weeks, no date", STAGE_52W, 2, UNDATED, "notReported26 dateMissing52"},
    };
    const uint64_t ONLY =
        bits_between(DERIVED_KNOWN26, DERIVED_DATE_MISSING52) & ~(BIT(DUE52) | BIT(NOT_DUE52));
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct derive_settings s = DEFAULTS;
        struct outcomes known = nothing_known();
        s.as_at = QUIT_DAY + 394;
        known.outcome[CASES[i].stage] = (uint8_t)CASES[i].outcome;
        known.day[CASES[i].stage] = day_after(CASES[i].days);
        check_names(CASES[i].label, derive(&s, QUIT_DAY, &known, 0), ONLY, CASES[i].expected);
    }
}

static void satisfaction(void) {
    static const struct {
        const char *label;
        int answer;
        bool respondents;
        const char *expected;
    } CASES[] = {
        {"5", 5, false, "satisfactionBase satisfied"},
        {"4", 4, false, "satisfactionBase satisfied"},
        {"3", 3, false, "satisfactionBase notSatisfied"},
        {"1", 1, false, "satisfactionBase notSatisfied"},
        {"blank stays in the base", 0, false, "satisfactionBase satisfactionBlank"},
        {"respondents: blank leaves it", 0, true, "satisfactionBlank"},
        {"respondents: 4", 4, true, "satisfactionBase satisfied"},
        {"respondents: 2", 2, true, "satisfactionBase notSatisfied"},
    };
    const uint64_t ONLY = bits_between(DERIVED_SATISFACTION_BASE, DERIVED_SATISFACTION_BLANK);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct derive_settings s = DEFAULTS;
        struct outcomes known = nothing_known();
        s.as_at = QUIT_DAY + 43;
        s.satisfaction_respondents = CASES[i].respondents;
        known.outcome[STAGE_4W] = 1;
        known.day[STAGE_4W] = day_after(28);
        uint64_t bits = derive(&s, QUIT_DAY, &known, (uint8_t)CASES[i].answer);
        check_names(CASES[i].label, bits, ONLY, CASES[i].expected);
        known.outcome[STAGE_4W] = 2;
        bits = derive(&s, QUIT_DAY, &known, (uint8_t)CASES[i].answer);
        check_names("who has not quit is not asked", bits, ONLY, "");
    }
}

/* The table's "includes" is used to prove that numerators lie within denominators, so it must be true of
 * every episode. */
static void includes_hold(void) {
    uint64_t seen = 0;
    uint64_t r = 88172645463325252u;
    for (unsigned n = 0; n < 200000; n++) {
        r ^= r << 13;
        r ^= r >> 7;
        r ^= r << 17;
        struct derive_settings s = DEFAULTS;
        struct outcomes known = nothing_known();
        for (int stage = 0; stage < STAGE_COUNT; stage++) {
            known.outcome[stage] = (uint8_t)(r >> (2 * stage) & 3);
            int at = s.windows.from[stage] - 1 + (int)(r >> (8 + 4 * stage) & 15);
            known.day[stage] = day_after((r >> (24 + stage) & 1) && at % 3 == 0 ? UNDATED : at);
        }
        known.co4 = (uint8_t)(r >> 28 & 1 ? FACT_NO_CO : r >> 5 & 15);
        known.co12 = known.co4;
        known.method4 = (uint8_t)(r >> 13 & 3);
        known.co4_day = r >> 17 & 1 ? FACT_NO_DAY : day_after(20 + (int)(r >> 7 & 31));
        s.as_at = QUIT_DAY + (int)(n % 500);
        s.still_quit = r >> 30 & 1;
        s.satisfaction_respondents = r >> 31;
        uint64_t bits = derive(&s, QUIT_DAY, &known, (uint8_t)(n % 6));
        seen |= bits;
        for (unsigned d = 0; d < DERIVED_COUNT; d++) {
            if (!(bits & derived_bit((enum derived)d))) continue;
            uint64_t missing = derived_info((enum derived)d)->includes & ~bits;
            if (missing)
                CHECK(false, "%s is there without all it includes", derived_info((enum derived)d)->name);
        }
    }
    CHECK(seen == bits_between(0, DERIVED_COUNT - 1), "every condition was met: %llx",
          (unsigned long long)seen);
}

static void names_are_unique(void) {
    for (unsigned d = 0; d < DERIVED_COUNT; d++) {
        enum derived back;
        const char *name = derived_info((enum derived)d)->name;
        CHECK(derived_parse(str_of(name), &back) && back == d, "%s", name);
    }
    enum derived none;
    CHECK(!derived_parse(STR("quit"), &none), "quit alone is no condition");
}

/* ---- items of the national collection ---- */

#define CODE(text) ((uint16_t)((text)[0] << 8 | ((text)[0] ? (text)[1] : 0)))

static struct fact_episode complete_episode(void) {
    struct fact_episode e = {.gender = CODE("2"),
                             .sexual_orientation = CODE("1"),
                             .ethnic_category = CODE("A"),
                             .nssec = CODE("08")};
    e.intervention_type = CODE("08");
    e.setting = CODE("13");
    e.aid = CODE("10");
    e.flags = FLAG_NO << (2 * FLAG_FREE_PRESCRIPTION) | FLAG_NO << (2 * FLAG_PREGNANT);
    return e;
}

static void check_items(const char *label, const struct fact_episode *e, int outcome, bool due4,
                        const char *period, bool declined_is_unknown, int complete, int required) {
    struct outcomes known = nothing_known();
    known.outcome[STAGE_4W] = (uint8_t)outcome;
    int16_t p = 0;
    period_parse(str_of(period), &p);
    struct item_settings settings = ITEM_SETTINGS_DEFAULT;
    settings.declined_is_unknown = declined_is_unknown;
    struct items got = items_of(e, &known, due4, p, &settings);
    int c = __builtin_popcount(got.complete), r = __builtin_popcount(got.required);
    CHECK(c == complete && r == required, "%s: %d of %d, not %d of %d", label, c, r, complete, required);
    CHECK((got.complete & ~got.required) == 0, "%s: what is complete was required", label);
}

static void items_required(void) {
    struct fact_episode e = complete_episode();
    check_items("a woman, due, from 2024-25", &e, 1, true, "2024-25-Q1", false, 10, 10);
    check_items("before 2024-25 without sexual orientation", &e, 1, true, "2023-24-Q4", false, 9, 9);
    check_items("not due: no outcome asked", &e, 0, false, "2025-26-Q1", false, 9, 9);
    check_items("due without an outcome", &e, 0, true, "2025-26-Q1", false, 9, 10);
    check_items("lost is an outcome", &e, 3, true, "2025-26-Q1", false, 10, 10);
    e.gender = CODE("1");
    check_items("pregnant is not asked of men", &e, 1, true, "2025-26-Q1", false, 9, 9);
    e.flags = FLAG_YES << (2 * FLAG_FREE_PRESCRIPTION);
    check_items("nor missed", &e, 1, true, "2025-26-Q1", false, 9, 9);
    e.gender = 0;
    check_items("gender blank: pregnant is asked, both missing", &e, 1, true, "2025-26-Q1", false, 8, 10);
    struct fact_episode blank = {.gender = 0};
    check_items("all blank", &blank, 0, true, "2025-26-Q1", false, 0, 10);
}

static void items_unknown_codes(void) {
    static const struct {
        const char *label;
        size_t offset;
        const char *code;
        int complete, complete_strict; /* declinedCountsAs COMPLETE, UNKNOWN */
    } CASES[] = {
        {"gender X", offsetof(struct fact_episode, gender), "X", 9, 9},
        {"gender Z declined", offsetof(struct fact_episode, gender), "Z", 10, 9},
        {"orientation U", offsetof(struct fact_episode, sexual_orientation), "U", 10, 9},
        {"orientation Z", offsetof(struct fact_episode, sexual_orientation), "Z", 10, 9},
        {"ethnic Z", offsetof(struct fact_episode, ethnic_category), "Z", 10, 9},
        {"ethnic with a local second", offsetof(struct fact_episode, ethnic_category), "CT", 10, 10},
        {"nssec 96", offsetof(struct fact_episode, nssec), "96", 9, 9},
        {"nssec 09", offsetof(struct fact_episode, nssec), "09", 10, 10},
        {"aid 99", offsetof(struct fact_episode, aid), "99", 9, 9},
        {"aid LK", offsetof(struct fact_episode, aid), "LK", 9, 9},
        {"aid LA", offsetof(struct fact_episode, aid), "LA", 10, 10},
        {"setting 98 other is an answer", offsetof(struct fact_episode, setting), "98", 10, 10},
        {"intervention 97 other is an answer", offsetof(struct fact_episode, intervention_type), "97", 10,
         10},
        {"setting blank", offsetof(struct fact_episode, setting), "", 9, 9},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct fact_episode e = complete_episode();
        uint16_t code = fact_code(str_of(CASES[i].code));
        memcpy((char *)&e + CASES[i].offset, &code, sizeof code);
        check_items(CASES[i].label, &e, 1, true, "2025-26-Q1", false, CASES[i].complete, 10);
        check_items(CASES[i].label, &e, 1, true, "2025-26-Q1", true, CASES[i].complete_strict, 10);
    }
}

/* A framework may name other codes that say nothing. */
static void items_other_unknown_codes(void) {
    struct item_settings s = ITEM_SETTINGS_DEFAULT;
    struct outcomes known = nothing_known();
    struct fact_episode e = complete_episode();
    known.outcome[STAGE_4W] = 1;
    s.unknown[ITEM_SETTING] = (struct unknown_codes){{fact_code(STR("98"))}, 1};
    s.unknown[ITEM_ETHNIC_CATEGORY] = (struct unknown_codes){{fact_code(STR("Z")), fact_code(STR("CT"))}, 2};
    s.unknown[ITEM_AID].count = 0;
    static const struct {
        const char *setting, *ethnic, *aid;
        int complete;
    } CASES[] = {{"13", "A", "10", 10}, {"98", "A", "10", 9},   {"13", "Z", "10", 9},  {"13", "ZQ", "10", 9},
                 {"13", "CT", "10", 9}, {"13", "CK", "10", 10}, {"13", "C", "10", 10}, {"13", "A", "99", 10}};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        e.setting = fact_code(str_of(CASES[i].setting));
        e.ethnic_category = fact_code(str_of(CASES[i].ethnic));
        e.aid = fact_code(str_of(CASES[i].aid));
        struct items got = items_of(&e, &known, true, period_of(2025, 1), &s);
        CHECK(__builtin_popcount(got.complete) == CASES[i].complete, "%s %s %s: %d", CASES[i].setting,
              CASES[i].ethnic, CASES[i].aid, __builtin_popcount(got.complete));
    }
}

void suite_kpi_derive(void);
void suite_kpi_derive(void) {
    suite_add("unit kpi derive", NULL, NULL);
    case_add("when each window has passed", due_dates);
    case_add("4 weeks: days 24, 25, 42, 43 and the reasons of lost", at_4_weeks);
    case_add("4 weeks: carbon monoxide 9 and 10, its day, its method", carbon_monoxide);
    case_add("only quitters are verified, below the framework's limit", not_quit_has_no_co);
    case_add("12 weeks: days 80, 81, 98, 99, still quit, CO", at_12_weeks);
    case_add("26 and 52 weeks: the edges of their windows", at_26_and_52_weeks);
    case_add("satisfaction of all quitters or of those who answered", satisfaction);
    case_add("what a condition includes always holds", includes_hold);
    case_add("conditions have one name each", names_are_unique);
    case_add("items: which are asked", items_required);
    case_add("items: unknown and declined codes", items_unknown_codes);
    case_add("items: unknown codes of the framework's own", items_other_unknown_codes);
}
