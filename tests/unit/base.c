/* base: text, dates, exact numbers, digests and the JSON writer. */
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/json_depth.h"
#include "base/num.h"
#include "tests/support/suite.h"

static void utf8_table(void) {
    static const struct {
        const char *label;
        str bytes;
        bool good;
    } CASES[] = {
        {"ascii", STR("plain"), true},
        {"pound sign", STR("\xc2\xa3"), true},
        {"emoji", STR("\xf0\x9f\x98\x80"), true},
        {"overlong slash", STR("\xc0\xaf"), false},
        {"overlong three", STR("\xe0\x80\xaf"), false},
        {"surrogate", STR("\xed\xa0\x80"), false},
        {"beyond U+10FFFF", STR("\xf4\x90\x80\x80"), false},
        {"cut short", STR("abc\xe2\x82"), false},
        {"lone continuation", STR("\x80"), false},
        {"Windows-1252 pound", STR("12345678\xa3"), false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK(str_is_utf8(CASES[i].bytes, NULL) == CASES[i].good, "%s", CASES[i].label);
}

static void trim_and_cut(void) {
    CHECK(str_is(str_trim(STR(" \t a b\xc2\xa0\r\n")), "a b"),
          "trims spaces, tabs, breaks and non-breaking spaces");
    CHECK(str_trim(STR("  ")).n == 0, "only spaces is empty");
    str rest = STR("a;b;;c");
    CHECK(str_is(str_cut(&rest, ';'), "a") && str_is(str_cut(&rest, ';'), "b"), "cuts in order");
    CHECK(str_cut(&rest, ';').n == 0 && str_is(str_cut(&rest, ';'), "c") && !rest.p,
          "an empty piece, the last, then none");
}

static void nearest_name(void) {
    const str names[] = {STR("asAt"), STR("knownAt"), STR("localAuthority")};
    CHECK(str_is(str_nearest(STR("asat"), names, 3), "asAt"), "case slip");
    CHECK(str_is(str_nearest(STR("localAuthorty"), names, 3), "localAuthority"), "missing letter");
    CHECK(!str_nearest(STR("zzzzzzzz"), names, 3).p, "nothing near");
}

static void dates_round_trip(void) {
    char text[DAY_TEXT];
    for (int32_t d = day_from_civil(1899, 12, 25); d < day_from_civil(2101, 1, 5); d++) {
        int32_t back = 0;
        if (!day_parse_iso(str_of(day_format(d, text)), &back) || back != d) {
            CHECK(false, "%s does not come back", text);
            return;
        }
    }
    CHECK(true, "every day of two centuries");
}

static void dates_refused(void) {
    static const char *const BAD[] = {
        "2025-02-29", "2025-13-01", "2025-00-10",  "2025-1-01", "2025-01-32", "20250101", "2025/01/01",
        "1799-12-31", "2300-01-01", "2025-01-01 ", ""};
    int32_t d;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!day_parse_iso(str_of(BAD[i]), &d), "'%s' is no ISO day", BAD[i]);
    CHECK(day_parse_british(STR("1/4/2025"), &d) && d == day_from_civil(2025, 4, 1),
          "1/4/2025 is the first of April");
    CHECK(!day_parse_british(STR("31/04/2025"), &d), "April has 30 days");
    CHECK(!day_parse_british(STR("1/4/25"), &d), "two-digit years are refused");
}

static void periods(void) {
    static const struct {
        const char *text;
        const char *first, *last;
    } CASES[] = {
        {"2025-26-Q1", "2025-04-01", "2025-06-30"},
        {"2025-26-Q3", "2025-10-01", "2025-12-31"},
        {"2025-26-Q4", "2026-01-01", "2026-03-31"},
        {"2023-24-Q4", "2024-01-01", "2024-03-31"},
        {"2099-00-Q1", NULL, NULL},
        {"2025-27-Q1", NULL, NULL},
        {"2025-26-Q5", NULL, NULL},
        {"2025-26-q1", NULL, NULL},
        {"2025-26", NULL, NULL},
    };
    char text[PERIOD_TEXT], day[DAY_TEXT];
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int16_t p;
        bool ok = period_parse(str_of(CASES[i].text), &p);
        CHECK(ok == (CASES[i].first != NULL), "%s", CASES[i].text);
        if (!ok || !CASES[i].first) continue;
        CHECK(strcmp(period_format(p, text), CASES[i].text) == 0, "%s comes back as %s", CASES[i].text, text);
        CHECK(strcmp(day_format(period_first_day(p), day), CASES[i].first) == 0, "%s begins %s",
              CASES[i].text, day);
        CHECK(strcmp(day_format(period_last_day(p), day), CASES[i].last) == 0, "%s ends %s", CASES[i].text,
              day);
        CHECK(period_of_day(period_first_day(p)) == p && period_of_day(period_last_day(p)) == p,
              "its days are in it");
    }
}

/* The published deadlines of 2017/18 to 2018/19 (domain.md 1.2). */
static void deadlines(void) {
    static const struct {
        const char *period, *follow_up_end, *national;
    } CASES[] = {
        {"2017-18-Q4", "2018-05-14", "2018-06-11"}, {"2018-19-Q1", "2018-08-13", "2018-09-10"},
        {"2018-19-Q2", "2018-11-12", "2018-12-10"}, {"2018-19-Q3", "2019-02-11", "2019-03-11"},
        {"2018-19-Q4", "2019-05-13", "2019-06-10"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int16_t p = 0;
        char day[DAY_TEXT];
        CHECK(period_parse(str_of(CASES[i].period), &p), "%s", CASES[i].period);
        CHECK(strcmp(day_format(period_follow_up_end(p), day), CASES[i].follow_up_end) == 0,
              "%s follow-up end %s", CASES[i].period, day);
        CHECK(strcmp(day_format(period_national_deadline(p), day), CASES[i].national) == 0, "%s national %s",
              CASES[i].period, day);
    }
}

static void london_clock(void) {
    static const struct {
        const char *utc, *london;
    } CASES[] = {
        {"2026-03-29T00:59:59Z", "2026-03-29"},      {"2026-03-28T23:59:59Z", "2026-03-28"},
        {"2026-03-29T23:00:00Z", "2026-03-30"},      {"2026-06-30T22:59:59Z", "2026-06-30"},
        {"2026-06-30T23:00:00Z", "2026-07-01"},      {"2026-10-24T23:30:00Z", "2026-10-25"},
        {"2026-10-25T23:30:00Z", "2026-10-25"},      {"2026-12-31T23:59:59Z", "2026-12-31"},
        {"2026-01-01T00:30:00+01:00", "2025-12-31"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int64_t t = 0;
        char day[DAY_TEXT];
        CHECK(instant_parse(str_of(CASES[i].utc), &t), "%s", CASES[i].utc);
        CHECK(strcmp(day_format(london_day(t), day), CASES[i].london) == 0, "%s is %s in London",
              CASES[i].utc, day);
    }
    char text[INSTANT_TEXT];
    int64_t t = 0, back = 1;
    CHECK(instant_parse(STR("2026-02-20T09:30:00.123456Z"), &t) &&
              instant_parse(str_of(instant_format(t, text)), &back) && t == back,
          "microseconds come back: %s", text);
}

static void ages(void) {
    int32_t leap = day_from_civil(2004, 2, 29);
    CHECK(age_in_years(leap, day_from_civil(2025, 2, 28)) == 20, "not yet on 28 February");
    CHECK(age_in_years(leap, day_from_civil(2025, 3, 1)) == 21, "on 1 March");
    CHECK(age_in_years(day_from_civil(1980, 6, 15), day_from_civil(2025, 6, 15)) == 45, "on the birthday");
}

static void percentages(void) {
    static const struct {
        int64_t num, den, hundredths;
    } CASES[] = {
        {212, 401, 5287}, {430, 820, 5244}, {1, 3, 3333}, {2, 3, 6667},  {1, 8, 1250},
        {1, 80000, 0},    {1, 20000, 1},    {0, 5, 0},    {5, 5, 10000},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK(percent_hundredths(CASES[i].num, CASES[i].den) == CASES[i].hundredths, "%lld of %lld",
              (long long)CASES[i].num, (long long)CASES[i].den);
}

static void decimals(void) {
    static const struct {
        const char *in, *out;
    } CASES[] = {
        {"50", "50"}, {"1.5", "1.5"}, {"1.50", "1.5"},     {"-0.25", "-0.25"}, {"33.333333", "33.333333"},
        {"0", "0"},   {"007", "7"},   {"1.", NULL},        {".5", NULL},       {"1e3", NULL},
        {"", NULL},   {"-", NULL},    {"1.2345678", NULL}, {"1 0", NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct decimal d;
        struct buf b = BUF_EMPTY;
        bool ok = decimal_parse(str_of(CASES[i].in), &d);
        CHECK(ok == (CASES[i].out != NULL), "'%s'", CASES[i].in);
        if (ok && CASES[i].out) {
            buf_add_decimal(&b, d);
            CHECK(str_is(buf_str(&b), CASES[i].out), "'%s' is %.*s", CASES[i].in, STR_ARG(buf_str(&b)));
        }
        buf_free(&b);
    }
}

static void fractions(void) {
    struct fraction half = fraction_of(50, 100), third = fraction_of(1, 3);
    CHECK(fraction_cmp(half, third) > 0 && fraction_cmp(third, half) < 0 &&
              fraction_cmp(half, fraction_of(1, 2)) == 0,
          "order");
    CHECK(fraction_floor(fraction_of(-1, 2)) == -1 && fraction_floor(fraction_of(3, 2)) == 1, "floor");
    CHECK(fraction_round(fraction_of(1, 2), 0) == 1 && fraction_round(fraction_of(-1, 2), 0) == -1,
          "half away from zero");
    CHECK(fraction_cmp(fraction_sub(fraction_add(third, half), half), third) == 0, "add and subtract");
    /* Numerators and denominators beyond 64 bits, with common divisors on either side of that. */
    struct fraction two_40 = fraction_of(INT64_C(1) << 40, 1), two_80 = fraction_mul(two_40, two_40);
    struct fraction two_70 = fraction_mul(two_40, fraction_of(1 << 30, 1)),
                    ratio = fraction_div(two_80, two_70);
    CHECK(two_80.num == (int128)1 << 80 && two_80.den == 1, "2 to the 80th");
    CHECK(ratio.num == 1024 && ratio.den == 1, "2 to the 80th by 2 to the 70th");
    ratio = fraction_div(two_70, fraction_mul(two_80, fraction_of(-3, 1)));
    CHECK(ratio.num == -1 && ratio.den == 3 * 1024, "a negative denominator");
    static const int64_t BIG = INT64_MAX / 8; /* 2^60 - 1 */
    ratio = fraction_mul(fraction_of(BIG, 2), fraction_of(BIG, 4));
    CHECK(ratio.num == (int128)BIG * BIG && ratio.den == 8, "nothing in common");
    ratio = fraction_mul(ratio, fraction_of(8, BIG));
    CHECK(ratio.num == BIG && ratio.den == 1, "and back");
    CHECK(fraction_round((struct fraction){INT64_MAX, 1000000}, 6) == INT64_MAX, "rounded beyond 64 bits");
    CHECK(fraction_of(0, 7).den == 1 && fraction_of(-6, 4).num == -3 && fraction_of(7, 0).den == 0,
          "small ones");
}

static void digests(void) {
    uint8_t d[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256_of(STR("abc"), d);
    CHECK(strcmp(hex_format(d, sizeof d, hex),
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0,
          "FIPS 180-4: abc");
    CHECK(crc32_of(STR("123456789")) == 0xcbf43926u, "CRC-32 check value");
    struct hash128 x = hash128_of(STR("E1")), y = hash128_of(STR("E2"));
    CHECK(hash128_eq(x, hash128_of(STR("E1"))) && !hash128_eq(x, y), "same text same hash");
    /* Stored in packs: these values may never change. */
    CHECK(x.a == 0x7ed2944734cecb45u && x.b == 0x9347370e3b57182bu,
          "the stored hash has changed: every pack would be unreadable");
}

/* By an implementation of SipHash in another language, which gives the reference's own test vector. Lengths around whole words. */
static void hash_of_each_length(void) {
    static const struct {
        size_t n;
        struct hash128 hash;
    } KNOWN[] = {
        {0, {0x18df150e1b6de369u, 0x801dac7ddbc6041fu}},  {1, {0x742d3ef83fb9c287u, 0x67fba6ee2375092fu}},
        {7, {0xdcdcd81abd900e38u, 0x277de3e4eab487aeu}},  {8, {0x8893ac4957f3e0b0u, 0xdd9324c1447c0efbu}},
        {9, {0x7247ddf339cb21a7u, 0x72d016e898712dddu}},  {10, {0x2873d5158a88b51eu, 0x24d2de59f233cf5du}},
        {15, {0x0a6708193373affdu, 0xf72a493e43f1bf4eu}}, {16, {0x315a0d04f3559cfbu, 0xbed433f2915c71ddu}},
        {17, {0x51f907ccef0afafeu, 0x22eefbeb55e262aau}}, {20, {0x9a62a63f73d089e4u, 0xfb51cc4c6760f965u}},
    };
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        CHECK(hash128_eq(hash128_of(str_sub(STR("E-0000001.C-00000007"), 0, KNOWN[i].n)), KNOWN[i].hash),
              "the stored hash of %zu bytes has changed", KNOWN[i].n);
}

static void json_depths(void) {
    static const struct {
        const char *text;
        int repeat; /* of the first byte */
        bool deep;
    } CASES[] = {
        {"", 1, false},
        {"[", 32, false},
        {"[", 33, true},
        {"{", 33, true},
        {"[]", 0, false},
        {"\"[[\"", 0, false},
        {"]", 100, false},
        {"]\"[", 100, false},
        {"[\"\\\"[\"[", 31, false},
        {"[\"\\\"[\"[", 32, true},
        {"[\"\\\\\"[", 32, true},
        {"\"\\", 0, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf b = BUF_EMPTY;
        for (int k = 1; k < CASES[i].repeat; k++)
            buf_add_char(&b, CASES[i].text[0] ? CASES[i].text[0] : ' ');
        buf_add_cstr(&b, CASES[i].text);
        CHECK(json_is_too_deep(buf_str(&b)) == CASES[i].deep, "%s, the first %d times", CASES[i].text,
              CASES[i].repeat);
        buf_free(&b);
    }
}

static void json_writing(void) {
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    json_field_cstr(&j, "a", "quote \" slash \\ break \n nul-free \x01 pound \xc2\xa3 bad \xff");
    json_key(&j, "list");
    json_array_begin(&j);
    json_int(&j, -5);
    json_put_null(&j);
    json_bool(&j, true);
    json_object_begin(&j);
    json_end(&j);
    json_end(&j);
    json_end(&j);
    CHECK(
        str_is(buf_str(&b),
               "{\"a\":\"quote \\\" slash \\\\ break \\n nul-free \\u0001 pound \xc2\xa3 bad \xef\xbf\xbd\","
               "\"list\":[-5,null,true,{}]}"),
        "%.*s", STR_ARG(buf_str(&b)));
    buf_free(&b);
}

/* Each byte at each place of texts of each length: what has to be escaped is found wherever it stands. */
static void json_bytes(void) {
    static const char BESIDE[] = {'a', ' ', '~', '!', '#', '[', ']', '\x40'};
    for (int c = 0; c < 256; c++)
        for (size_t n = 1; n < 26; n++)
            for (size_t at = 0; at < n; at++) {
                char text[32], want[16];
                struct buf b = BUF_EMPTY;
                memset(text, BESIDE[n % sizeof BESIDE], n);
                text[at] = (char)c;
                const char *named = c ? strchr("\"\\\nn\rr\tt", c) : NULL;
                bool letter = c == 'n' || c == 'r' || c == 't';
                if (c >= 0x80) snprintf(want, sizeof want, "\xef\xbf\xbd");
                else if (named && !letter) snprintf(want, sizeof want, "\\%c", c < 0x20 ? named[1] : c);
                else if (c < 0x20 || c == 0x7f) snprintf(want, sizeof want, "\\u00%02x", (unsigned)c);
                else snprintf(want, sizeof want, "%c", c);
                json_quote(&b, (str){text, n});
                size_t width = strlen(want);
                bool ok = b.n == n + 1 + width && b.p[0] == '"' && b.p[b.n - 1] == '"' &&
                          memcmp(b.p + 1, text, at) == 0 && memcmp(b.p + 1 + at, want, width) == 0 &&
                          memcmp(b.p + 1 + at + width, text + at + 1, n - at - 1) == 0;
                if (!ok) CHECK(ok, "byte %d at %zu of %zu: %.*s", c, at, n, STR_ARG(buf_str(&b)));
                buf_free(&b);
            }
}

static void long_details(void) {
    struct fault f;
    fail(&f, ERR_INVALID, "'%.5s' and '%.4s'", "caf\xc3\xa9s", "caf\xc3\xa9s");
    CHECK(strcmp(f.detail, "'caf\xc3\xa9' and 'caf'") == 0, "%s", f.detail);
    char text[2000];
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 4);
    fail(&f, ERR_INVALID, "%s", text);
    CHECK(strlen(f.detail) == (sizeof f.detail - 1) / 3 * 3 && str_is_utf8(str_of(f.detail), NULL),
          "%zu bytes", strlen(f.detail));
}

void suite_base(void) {
    suite_add("base", NULL, NULL);
    case_add("UTF-8 is told from what only looks like it", utf8_table);
    case_add("text is trimmed and cut", trim_and_cut);
    case_add("a mistyped name finds the nearest", nearest_name);
    case_add("days go to text and back", dates_round_trip);
    case_add("what is no day is refused", dates_refused);
    case_add("periods begin and end where the financial year says", periods);
    case_add("deadlines are the published ones", deadlines);
    case_add("today is London's, also in summer", london_clock);
    case_add("ages are completed years", ages);
    case_add("percentages have two decimals, half away from zero", percentages);
    case_add("decimals are exact", decimals);
    case_add("fractions compare exactly", fractions);
    case_add("digests are the standard ones", digests);
    case_add("the stored hash of each length", hash_of_each_length);
    case_add("JSON is escaped and in order", json_writing);
    case_add("JSON escapes what must be, wherever it stands", json_bytes);
    case_add("JSON that is nested too deep is seen before it is parsed", json_depths);
    case_add("a detail is cut between characters", long_details);
}
