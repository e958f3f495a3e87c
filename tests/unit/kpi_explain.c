/* kpi_explain: the rows and reasons behind a count. Two things must hold for every KPI, whatever the rows: the walk counts what the
 * tally counts (one definition, proved equal), and reasons add up to what is left out. */
#include <stdlib.h>
#include <string.h>

#include "kpi/explain_table.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* ---- random books ---- */

static uint64_t state;

static unsigned any(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static int32_t near_window(const struct follow_up_windows *w, int32_t quit, enum stage stage) {
    return quit + w->from[stage] - 2 + (int32_t)any((unsigned)(w->to[stage] - w->from[stage] + 5));
}

static void add_episode(struct shelf *s, unsigned number) {
    static const struct follow_up_windows W = DEFAULT_WINDOWS;
    static const char *const ETHNIC[] = {"A", "CT", "MA", "K", "Z", "CE", ""};
    char id[24];
    snprintf(id, sizeof id, "E%u", number);
    int32_t quit = day_iso("2024-04-01") + (int32_t)any(730);
    struct fact_episode *e = shelf_episode(s, id, id, quit);
    for (unsigned stage = STAGE_4W; stage < STAGE_COUNT; stage++) {
        e->outcome[stage] = (uint8_t)any(4);
        if (e->outcome[stage] && any(6))
            e->followed_up[stage] = fact_day(near_window(&W, quit, (enum stage)stage));
    }
    e->co4 = any(3) ? (uint8_t)any(13) : FACT_NO_CO;
    e->co12 = any(3) ? (uint8_t)any(13) : FACT_NO_CO;
    e->co4_day = any(3) ? FACT_NO_DAY : fact_day(near_window(&W, quit, STAGE_4W));
    e->method4 = (uint8_t)any(6);
    e->satisfaction = (uint8_t)any(6);
    e->authority = any(2) ? 9000012 : 9000001;
    e->imd_quintile = (uint8_t)any(6);
    e->ethnic_category = fact_code(str_of(ETHNIC[any(COUNT_OF(ETHNIC))]));
    e->nssec = fact_code(any(2) ? STR("08") : any(2) ? STR("96") : STR(""));
    e->gender = fact_code(any(2) ? STR("1") : any(2) ? STR("X") : STR(""));
    e->flags = (uint16_t)(any(3) << (2 * FLAG_PREGNANT) | any(3) << (2 * FLAG_SERIOUS_MENTAL_ILLNESS) |
                          any(3) << (2 * FLAG_FREE_PRESCRIPTION));
    e->aid = fact_code(any(2) ? STR("99") : STR("12"));
}

static void add_others(struct shelf *s, unsigned number) {
    static const char *const DAYS[] = {"2025-04-03", "2025-07-11", "2025-10-03", "2026-01-05"};
    static const char *const LATER[] = {"2025-04-04", "2025-07-17", "2025-10-07", ""};
    static const char *const OUTCOMES[] = {"CUT_DOWN_HALF_OR_MORE", "NO_CHANGE", "PARTIAL_SWITCH"};
    char id[24];
    snprintf(id, sizeof id, "E%u", any(number + 1));
    unsigned q = any(4);
    shelf_pathway(s, DAYS[q], OUTCOMES[any(3)], any(2) ? id : "");
    q = any(4);
    shelf_referral(s, DAYS[q], any(3) ? LATER[q] : "", any(3) ? LATER[q] : "");
    q = any(4);
    shelf_session(s, DAYS[q], (enum training_word)(1 + any(4)), 4 + any(4), 4, any(5));
}

static void fill(struct shelf *s, uint64_t seed) {
    state = seed;
    unsigned episodes = 40 + any(80);
    for (unsigned i = 0; i < episodes; i++)
        add_episode(s, i);
    for (unsigned i = 0; i < 20; i++)
        add_others(s, episodes);
    for (unsigned q = 0; q < 4; q++) {
        char month[16];
        snprintf(month, sizeof month, "2025-%02u-01", 4 + q * 2);
        unsigned calls = any(50);
        shelf_contact(s, month, calls, any(calls + 1));
    }
}

/* ---- equal, and adding up ---- */

struct asked {
    const struct framework *f;
    const struct kpi *k;
    int16_t from, to;
    int32_t as_at;
    uint32_t authority;
};

static int64_t tallied(const struct asked *a, const struct tally *t, int element) {
    int64_t n = 0;
    for (int16_t p = a->from; p <= a->to; p++)
        n += tally_get(t, p, element);
    return n;
}

static struct explanation explained(const struct asked *a, const struct book *book) {
    struct explanation x = {0};
    struct explain_question q = {
        .walk = {.framework = a->f, .book = book, .as_at = a->as_at, .authority = a->authority},
        .kpi = a->k,
        .from = a->from,
        .to = a->to,
    };
    explain_kpi(&q, &x, NULL, NULL);
    return x;
}

static int64_t sum_of(const int64_t counts[REASON_COUNT]) {
    int64_t n = 0;
    for (int i = 0; i < REASON_COUNT; i++)
        n += counts[i];
    return n;
}

/* What is kept of all quarters at once tells the same as a walk for this question. */
static void check_table(const struct asked *a, const struct book *book, const struct explanation *walked) {
    struct walk_question q = {.framework = a->f, .book = book, .as_at = a->as_at, .authority = a->authority};
    struct explain_table table;
    struct explanation kept = {0};
    explain_table_count(&q, a->k->part, &table);
    if (table.first <= table.last)
        explain_table_add(&table, (size_t)(a->k - a->f->kpis), a->from, a->to, &kept);
    CHECK(memcmp(&kept, walked, sizeof kept) == 0, "%s: kept %lld of %lld, walked %lld of %lld", a->k->ref,
          (long long)kept.numerator, (long long)kept.denominator, (long long)walked->numerator,
          (long long)walked->denominator);
    explain_table_free(&table);
}

static void check_kpi(const struct asked *a, const struct book *book, const struct tally *t) {
    struct explanation x = explained(a, book);
    check_table(a, book, &x);
    int64_t numerator = tallied(a, t, a->k->numerator);
    CHECK(x.numerator == numerator, "%s: walked %lld, tallied %lld", a->k->ref, (long long)x.numerator,
          (long long)numerator);
    /* A count has no denominator to be in: whom it leaves out lies outside. */
    bool rate = a->k->unit == KPI_PERCENT;
    int64_t left = sum_of(rate ? x.denominator_only : x.outside);
    CHECK(left == x.denominator - x.numerator, "%s: reasons %lld of %lld", a->k->ref, (long long)left,
          (long long)(x.denominator - x.numerator));
    if (!rate) {
        CHECK(sum_of(x.denominator_only) == 0, "%s: %lld in no denominator", a->k->ref,
              (long long)sum_of(x.denominator_only));
        return;
    }
    int64_t denominator = tallied(a, t, a->k->denominator);
    CHECK(x.denominator == denominator, "%s: denominator walked %lld, tallied %lld", a->k->ref,
          (long long)x.denominator, (long long)denominator);
}

static void equal_to_the_tally(void) {
    static const char *const DAYS[] = {"2025-05-13", "2025-10-01", "2026-02-20", "2027-06-01"};
    struct framework *f = framework_sample();
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct shelf shelf = {.count = 0};
        fill(&shelf, seed);
        struct book book = shelf_book(&shelf);
        int32_t as_at = day_iso(DAYS[seed % COUNT_OF(DAYS)]);
        uint32_t authority = seed % 3 ? 0 : 9000012;
        struct tally t;
        tally_count(f, &book, as_at, &(struct tally_filter){authority}, &t);
        for (size_t k = 0; k < f->kpi_count; k++)
            for (int16_t to = period_iso("2025-26-Q1"); to <= period_iso("2025-26-Q4"); to++) {
                struct asked year = {f, &f->kpis[k], period_of(2025, 1), to, as_at, authority};
                struct asked quarter = {f, &f->kpis[k], to, to, as_at, authority};
                check_kpi(&year, &book, &t);
                check_kpi(&quarter, &book, &t);
            }
        tally_free(&t);
        shelf_free(&shelf);
    }
    framework_free(f);
}

/* ---- the same for elements that nobody has thought of ---- */

static const char *const COHORTS[] = {"QUIT_DATE", "CLOSES_12W", "CLOSES_26W", "CLOSES_52W"};

static void add_code(struct buf *b, const struct fact_column *c) {
    static const char *const CODES[] = {"08", "1", "96", "99", "X", "12", ""};
    static const char *const ETHNIC[] = {"A", "CT", "M", "MA", "K", "Z", ""};
    static const char *const FLAGS[] = {"Y", "N", ""};
    static const char *const AUTHORITIES[] = {"E09000012", "E09000001", ""};
    const char *const *words = fact_words(c);
    unsigned n = 0;
    while (words && words[n])
        n++;
    const char *code = "";
    switch (c->kind) {
    case FACT_ETHNIC: code = ETHNIC[any(COUNT_OF(ETHNIC))]; break;
    case FACT_FLAG: code = FLAGS[any(COUNT_OF(FLAGS))]; break;
    case FACT_AUTHORITY: code = AUTHORITIES[any(COUNT_OF(AUTHORITIES))]; break;
    case FACT_WORD:
    case FACT_WORDS: code = n ? words[any(n)] : ""; break;
    default: code = CODES[any(COUNT_OF(CODES))];
    }
    buf_printf(b, "\"%s\"", code);
}

/* A condition on some column of the part. */
static void add_where(struct buf *b, enum part_id part) {
    str names[64] = {{0}};
    unsigned count = (unsigned)fact_column_names(part, names, COUNT_OF(names));
    const struct fact_column *c;
    do
        c = fact_column_find(part, names[any(count)]);
    while (c->kind == FACT_DAY);
    buf_printf(b, "{\"column\":\"%s\",", c->name);
    if (fact_kind_is_number(c->kind)) {
        unsigned from = any(6);
        buf_printf(b, "\"from\":%u,\"to\":%u}", from, from + any(60));
        return;
    }
    buf_printf(b, "\"%s\":[", any(3) ? "in" : "notIn");
    add_code(b, c);
    if (any(2)) {
        buf_add_char(b, ',');
        add_code(b, c);
    }
    buf_add_cstr(b, "]}");
}

/* Two elements of one part and cohort: d<number>, and n<number>, which asks for all of that and more. */
static void add_pair(struct buf *b, unsigned number) {
    static const enum part_id PARTS[] = {PART_EPISODES,  PART_EPISODES,       PART_EPISODES,
                                         PART_REFERRALS, PART_HARM_REDUCTION, PART_TRAINING_SESSIONS};
    enum part_id part = PARTS[any(COUNT_OF(PARTS))];
    struct buf where = BUF_EMPTY, more = BUF_EMPTY;
    unsigned wanted = any(DERIVED_COUNT), also = any(DERIVED_COUNT), conditions = any(3), limit = 1 + any(6);
    const char *cohort = COHORTS[any(4)], *no = any(3) ? "is" : "isNot";
    for (unsigned i = 0; i < conditions; i++) {
        if (i) buf_add_char(&where, ',');
        add_where(&where, part);
    }
    add_where(&more, part);
    for (int numerator = 0; numerator < 2; numerator++) {
        buf_printf(b, "%s\"%c%u\":{\"part\":\"%s\"", b->p[b->n - 1] == '{' ? "" : ",", numerator ? 'n' : 'd',
                   number, part_name(part));
        if (part == PART_EPISODES) {
            buf_printf(b, ",\"cohort\":\"%s\",\"%s\":[\"%s\"]", cohort, no,
                       derived_info((enum derived)wanted)->name);
            if (numerator && also != wanted)
                buf_printf(b, ",\"%s\":[\"%s\"]", strcmp(no, "is") == 0 ? "isNot" : "is",
                           derived_info((enum derived)also)->name);
        }
        if (part == PART_REFERRALS)
            buf_printf(b, ",\"workingDays\":{\"limit\":%u,\"state\":\"%s\"}", limit,
                       numerator ? "IN_TIME\",\"column\":\"contactedDate" : "PASSED");
        buf_printf(b, ",\"where\":[%.*s%s%.*s]}", STR_ARG(buf_str(&where)), numerator && where.n ? "," : "",
                   numerator ? (int)more.n : 0, numerator ? more.p : "");
    }
    buf_free(&where);
    buf_free(&more);
}

enum { PAIRS = 14 };

static struct framework *random_framework(void) {
    struct buf b = BUF_EMPTY;
    struct fault fault = {0};
    struct framework *f = NULL;
    buf_printf(
        &b,
        "{\"id\":\"r\",\"service\":\"r\",\"name\":\"R\",\"years\":[\"2025-26\"],\"settings\":{\"coVerifiedBelow\":%u,"
        "\"stillQuit\":%s,\"satisfactionBase\":\"%s\",\"windows\":{\"4W\":{\"from\":%u,\"to\":%u}}},\"providers\":[],"
        "\"elements\":{",
        3 + any(9), any(2) ? "true" : "false", any(2) ? "RESPONDENTS" : "ALL_QUITTERS", 20 + any(10),
        35 + any(20));
    for (unsigned i = 0; i < PAIRS; i++)
        add_pair(&b, i);
    buf_add_cstr(&b, "},\"kpis\":[");
    for (unsigned i = 0; i < PAIRS; i++)
        buf_printf(
            &b,
            "%s{\"ref\":\"K%u\",\"section\":\"s\",\"title\":\"t\",\"unit\":\"PERCENT\",\"direction\":\"HIGHER\","
            "\"numerator\":\"n%u\",\"denominator\":\"d%u\",\"due\":\"d%u\"}",
            i ? "," : "", i, i, i, i);
    buf_add_cstr(&b, "]}");
    enum err e = framework_parse(buf_str(&b), 1, &fault, &f);
    CHECK(e == OK, "%s in %.*s", fault.detail, STR_ARG(buf_str(&b)));
    buf_free(&b);
    return f;
}

/* Hundreds of random elements: what is counted while a file is taken in, and row by row when it is explained, is the same. */
static void equal_whatever_the_elements(void) {
    int64_t counted_rows = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct shelf shelf = {.count = 0};
        fill(&shelf, seed * 977);
        struct framework *f = random_framework();
        if (!f) return;
        struct book book = shelf_book(&shelf);
        int32_t as_at = day_iso("2025-05-13") + (int32_t)any(700);
        struct tally t;
        tally_count(f, &book, as_at, NULL, &t);
        for (size_t k = 0; k < f->kpi_count; k++) {
            struct asked year = {f, &f->kpis[k], period_of(2025, 1), period_of(2025, 4), as_at, 0};
            check_kpi(&year, &book, &t);
            counted_rows += tallied(&year, &t, f->kpis[k].numerator);
        }
        tally_free(&t);
        framework_free(f);
        shelf_free(&shelf);
    }
    CHECK(counted_rows > 1000, "the elements are not all empty: %lld rows", (long long)counted_rows);
}

/* ---- reasons, by hand ---- */

static int64_t counted(const struct explanation *x, bool outside, const char *name) {
    int64_t n = 0;
    for (int r = 0; r < REASON_COUNT; r++)
        if (strcmp(reason_name(r), name) == 0) n += outside ? x->outside[r] : x->denominator_only[r];
    return n;
}

static struct explanation ask(const struct shelf *s, const char *ref, const char *as_at) {
    struct framework *f = framework_sample();
    struct book book = shelf_book(s);
    struct asked a = {
        f, framework_kpi(f, str_of(ref)), period_iso("2025-26-Q1"), period_iso("2025-26-Q1"), day_iso(as_at),
        0};
    struct explanation x = explained(&a, &book);
    framework_free(f);
    return x;
}

static void episodes_by_hand(void) {
    struct shelf s = {.count = 0};
    int32_t quit = day_iso("2025-05-01");
    episode_set_outcome(shelf_episode(&s, "quit", "a", quit), STAGE_4W, 1, 28);
    episode_set_outcome(shelf_episode(&s, "not-quit", "b", quit), STAGE_4W, 2, 28);
    episode_set_outcome(shelf_episode(&s, "lost", "c", quit), STAGE_4W, 3, 28);
    episode_set_outcome(shelf_episode(&s, "day-24", "d", quit), STAGE_4W, 1, 24);
    episode_set_outcome(shelf_episode(&s, "day-43", "e", quit), STAGE_4W, 1, 43);
    shelf_episode(&s, "silent", "f", quit);
    shelf_episode(&s, "undated", "g", quit)->outcome[STAGE_4W] = 1;
    shelf_episode(&s, "not-due", "h", day_iso("2025-06-20"));
    struct explanation x = ask(&s, "1.4", "2025-07-01");
    CHECK(x.numerator == 1 && x.denominator == 7, "1 of 7: %lld of %lld", (long long)x.numerator,
          (long long)x.denominator);
    CHECK(counted(&x, true, "notDue4") == 1, "one is not due");
    CHECK(counted(&x, false, "notQuit4") == 1 && counted(&x, false, "recordedLost") == 1, "not quit, lost");
    CHECK(counted(&x, false, "outOfWindow") == 2, "days 24 and 43 are outside");
    CHECK(counted(&x, false, "notReported") == 1 && counted(&x, false, "dateMissing") == 1,
          "silent, undated");
    x = ask(&s, "1.9", "2025-07-01");
    CHECK(x.numerator == 5 && counted(&x, false, "quit4") == 1 && counted(&x, false, "notQuit4") == 1,
          "of 7, 5 are lost; the others quit or did not");
    x = ask(&s, "1.6", "2025-07-01");
    CHECK(x.denominator == 1 && counted(&x, false, "coBlank4") == 1, "the quitter has no reading");
    shelf_free(&s);
}

static void others_by_hand(void) {
    struct shelf s = {.count = 0};
    shelf_referral(&s, "2025-05-12", "2025-05-14", "");
    shelf_referral(&s, "2025-05-12", "2025-05-15", "");
    shelf_referral(&s, "2025-05-12", "", "");
    shelf_referral(&s, "2025-05-15", "2025-05-15", "");
    struct explanation x =
        ask(&s, "2.2", "2025-05-17"); /* the 2nd working day after the 15th is Monday the 19th */
    CHECK(x.numerator == 1 && x.denominator == 3, "1 of 3 due: %lld of %lld", (long long)x.numerator,
          (long long)x.denominator);
    CHECK(counted(&x, false, "tooLate") == 1 && counted(&x, false, "notDone") == 1, "late, never");
    CHECK(counted(&x, true, "notDueYet") == 1, "one may still be in time");
    shelf_session(&s, "2025-05-20", TRAINING_WORD_VBA, 6, 10, 7);
    shelf_session(&s, "2025-05-21", TRAINING_WORD_VBA, 5, 0, 0);
    x = ask(&s, "3.1", "2025-07-01");
    CHECK(x.numerator == 1 && counted(&x, true, "other") == 1, "five attendees are too few");
    x = ask(&s, "3.4", "2025-07-01");
    CHECK(x.numerator == 7 && x.denominator == 10 && counted(&x, false, "notCounted") == 3,
          "3 of 10 ratings");
    shelf_free(&s);
}

void suite_kpi_explain(void) {
    suite_add("unit kpi explain", NULL, NULL);
    case_add("the walk counts what the tally counts, reasons add up, and kept ones are the same",
             equal_to_the_tally);
    case_add("the same for random elements, windows and settings", equal_whatever_the_elements);
    case_add("episodes, reason by reason", episodes_by_hand);
    case_add("referrals and sessions, reason by reason", others_by_hand);
}
