/* kpi_breakdown_national: which breakdowns a national return is in, with which cells, and why it is left out of the others. The return is
 * that of tests/support/national.h; the expectations are worked out by hand from it. */
#include "kpi/breakdown_national.h"
#include "tests/support/national.h"
#include "tests/support/suite.h"

static struct framework *f;

static int begin(void) {
    f = framework_sample();
    return 0;
}
static int end(void) {
    framework_free(f);
    return 0;
}

/* The table of homerton, alone in the service. */
static struct breakdown table_of(const struct shelf *s, enum measure m, const char *by, const char *from,
                                 const char *to, uint32_t authority, struct arena *a) {
    struct breakdown b = {.framework = f,
                          .measure = m,
                          .from = period_iso(from),
                          .to = period_iso(to),
                          .as_at =
                              day_iso("2025-07-01"), /* nobody of Q2 is due; a national return is final */
                          .authority = authority};
    enum dimension of[2];
    str rest = str_of(by);
    while (rest.n)
        CHECK(dimension_parse(str_cut(&rest, ','), &of[b.by_count++]), "%s is known", by);
    breakdown_begin(&b, of, a);
    for (size_t i = 0; i < b.by_count; i++)
        if (of[i] == DIMENSION_PROVIDER) dimension_name(&b.by[i], STR("homerton"), STR("Homerton"), a);
    CHECK(breakdown_open(&b, a), "%s fits", by);
    struct book book = shelf_book(s);
    breakdown_add(&b, 0, &book);
    return b;
}

static size_t member(const struct dimension_members *m, str key) {
    for (size_t i = 0; i < m->count; i++)
        if (str_eq(m->list[i].key, key)) return i;
    CHECK(false, "%s has a member %.*s", dimension_info(m->which)->name, STR_ARG(key));
    return 0;
}

struct expected {
    enum measure measure;
    const char *by, *key;
    int64_t numerator, denominator;
};

static void check_cell(const struct breakdown *b, const struct expected *x) {
    str rest = str_of(x->key);
    size_t first = member(&b->by[0], str_cut(&rest, ',')),
           second = b->by_count > 1 ? member(&b->by[1], rest) : 0;
    struct breakdown_cell c = breakdown_at(b, first, second);
    CHECK(c.numerator == x->numerator && c.denominator == x->denominator,
          "%s %s=%s is %lld of %lld, not %lld of %lld", measure_info(x->measure)->name, x->by, x->key,
          (long long)c.numerator, (long long)c.denominator, (long long)x->numerator,
          (long long)x->denominator);
}

/* 100 people, 50 quit, 44 of them confirmed, 14 lost: what the KPIs make of the return. */
static struct breakdown_cell whole(enum measure m) {
    switch (m) {
    case MEASURE_SET_QUIT_DATE: return (struct breakdown_cell){100, 100};
    case MEASURE_QUIT4: return (struct breakdown_cell){50, 100};
    case MEASURE_CO_VERIFIED4: return (struct breakdown_cell){44, 50};
    default: return (struct breakdown_cell){14, 100};
    }
}

static const struct expected EXPECTED[] = {
    {MEASURE_SET_QUIT_DATE, "gender", "1", 10, 10},
    {MEASURE_SET_QUIT_DATE, "gender", "2", 90, 90},
    {MEASURE_QUIT4, "gender", "2", 45, 90},
    {MEASURE_QUIT4, "gender", "X", 0, 0},
    {MEASURE_QUIT4, "gender", "UNKNOWN", 0, 0},
    {MEASURE_CO_VERIFIED4, "gender", "1", 4, 5},
    {MEASURE_LOST4, "gender", "2", 12, 90},
    {MEASURE_LOST4, "ageBand", "02", 12, 90},
    {MEASURE_LOST4, "ageBand", "03", 2, 10},
    {MEASURE_LOST4, "ageBand", "05", 0, 0},
    {MEASURE_QUIT4, "ageBand,gender", "03,1", 5, 10},
    {MEASURE_QUIT4, "ageBand,gender", "03,2", 0, 0},
    {MEASURE_CO_VERIFIED4, "gender,ageBand", "2,02", 40, 45},
    {MEASURE_SET_QUIT_DATE, "ethnicGroup", "M", 20, 20},
    {MEASURE_QUIT4, "ethnicGroup", "K", 3, 5},
    {MEASURE_QUIT4, "ethnicGroup", "Z", 2, 5}, /* blank in the form is Z */
    {MEASURE_QUIT4, "ethnicGroup", "UNKNOWN", 0, 0},
    {MEASURE_QUIT4, "ethnicGroup,gender", "N,1", 5, 10},
    {MEASURE_QUIT4, "gender,ethnicGroup", "1,A", 0, 0},
    {MEASURE_SET_QUIT_DATE, "pregnant", "Y", 4, 4}, /* 2 + 1 + 1 */
    {MEASURE_SET_QUIT_DATE, "pregnant", "N", 96, 96},
    {MEASURE_SET_QUIT_DATE, "pregnant", "UNKNOWN", 0, 0},
    {MEASURE_QUIT4, "pregnant", "Y", 2, 4},
    {MEASURE_QUIT4, "pregnant", "N", 48, 96},
    {MEASURE_CO_VERIFIED4, "pregnant", "Y", 1, 2},
    {MEASURE_CO_VERIFIED4, "pregnant", "N", 43, 48},
    {MEASURE_LOST4, "pregnant", "Y", 1, 4},
    {MEASURE_LOST4, "pregnant", "N", 13, 96},
    {MEASURE_QUIT4, "nssec", "08", 22, 45},
    {MEASURE_QUIT4, "nssec", "96", 3, 5},
    {MEASURE_QUIT4, "aid", "10", 48, 95},
    {MEASURE_SET_QUIT_DATE, "aid", "99", 5, 5},
    {MEASURE_QUIT4, "interventionType", "08", 50, 100},
    {MEASURE_QUIT4, "setting", "13", 50, 100},
    {MEASURE_LOST4, "provider", "homerton", 14, 100},
    {MEASURE_QUIT4, "provider,nssec", "homerton,01", 25, 50},
    {MEASURE_LOST4, "gender,provider", "1,homerton", 2, 10},
    {MEASURE_CO_VERIFIED4, "pregnant,provider", "N,homerton", 43, 48},
};

static void by_hand(void) {
    struct shelf s = {.count = 0};
    shelf_national(&s, "2025-26-Q2", NULL);
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        const struct expected *x = &EXPECTED[i];
        struct arena a = ARENA_EMPTY;
        struct breakdown b = table_of(&s, x->measure, x->by, "2025-26-Q2", "2025-26-Q2", 0, &a);
        struct breakdown_cell all = whole(x->measure);
        check_cell(&b, x);
        CHECK(b.total.numerator == all.numerator && b.total.denominator == all.denominator,
              "the total of %s by %s is that of the KPI: %lld of %lld", measure_info(x->measure)->name, x->by,
              (long long)b.total.numerator, (long long)b.total.denominator);
        arena_free(&a);
    }
    shelf_free(&s);
}

/* Whatever is told: the cells add up to the KPI's figure; whatever is not: nothing is counted. */
static void every_table(void) {
    struct shelf s = {.count = 0};
    size_t told = 0, left_out = 0;
    shelf_national(&s, "2025-26-Q2", NULL);
    struct book book = shelf_book(&s);
    for (unsigned m = 0; m < MEASURE_COUNT; m++)
        for (unsigned d = 0; d < DIMENSION_COUNT * DIMENSION_COUNT; d++) {
            enum measure measure = (enum measure)m;
            enum dimension one = d % DIMENSION_COUNT, two = d / DIMENSION_COUNT;
            char by[100];
            if (!breakdown_can(measure, one) || !breakdown_can(measure, two)) continue;
            snprintf(by, sizeof by, one == two ? "%s" : "%s,%s", dimension_info(one)->name,
                     dimension_info(two)->name);
            struct arena a = ARENA_EMPTY;
            struct breakdown b = table_of(&s, measure, by, "2025-26-Q2", "2025-26-Q2", 0, &a);
            struct breakdown_cell sum = {0, 0}, all = {0, 0};
            for (size_t i = 0; i < b.by[0].count * breakdown_width(&b); i++) {
                sum.numerator += b.cells[i].numerator;
                sum.denominator += b.cells[i].denominator;
            }
            bool is_told = breakdown_national_of(&b, &book, b.to) == NATIONAL_TOLD;
            if (is_told) all = whole(measure);
            CHECK(sum.numerator == all.numerator && sum.denominator == all.denominator,
                  "%s by %s adds up to %lld of %lld", measure_info(measure)->name, by,
                  (long long)sum.numerator, (long long)sum.denominator);
            told += is_told;
            left_out += !is_told;
            arena_free(&a);
        }
    /* Set and quit: 9 alone, 16 crossed with the provider, 4 otherwise; confirmed and lost: 4, 6, 2. */
    CHECK(told == 2 * (9 + 16 + 4) + 2 * (4 + 6 + 2), "%zu tables are told", told);
    CHECK(left_out > 1000, "%zu are not", left_out);
    shelf_free(&s);
}

static void why_not(void) {
    static const struct {
        enum measure measure;
        const char *by;
        uint32_t authority;
        enum national_told told;
    } CASES[] = {
        {MEASURE_QUIT4, "gender", 9000012, NATIONAL_NO_AUTHORITY},
        {MEASURE_QUIT4, "localAuthority", 0, NATIONAL_NO_TABLE},
        {MEASURE_QUIT4, "priorityGroup", 0, NATIONAL_NO_TABLE},
        {MEASURE_QUIT4, "site", 0, NATIONAL_NO_TABLE},
        {MEASURE_QUIT4, "ageBand,ethnicGroup", 0, NATIONAL_NO_TABLE},
        {MEASURE_QUIT4, "pregnant,gender", 0, NATIONAL_NO_TABLE},
        {MEASURE_QUIT4, "provider,site", 0, NATIONAL_NO_TABLE},
        {MEASURE_LOST4, "ethnicGroup", 0, NATIONAL_NO_TABLE}, /* 1A has neither */
        {MEASURE_CO_VERIFIED4, "setting", 0, NATIONAL_NO_TABLE},
        {MEASURE_QUIT12, "gender", 0, NATIONAL_NO_MEASURE},
        {MEASURE_EXTENDED, "gender", 9000012, NATIONAL_NO_MEASURE},
        {MEASURE_HARM_REDUCTION, "gender", 0, NATIONAL_SERVICE_USERS},
        {MEASURE_REFERRALS, "gender", 0, NATIONAL_ABSENT},
    };
    struct shelf s = {.count = 0};
    shelf_national(&s, "2025-26-Q2", NULL);
    struct book book = shelf_book(&s);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct arena a = ARENA_EMPTY;
        struct breakdown b =
            table_of(&s, CASES[i].measure, CASES[i].by, "2025-26-Q2", "2025-26-Q2", CASES[i].authority, &a);
        enum national_told told = breakdown_national_of(&b, &book, b.to);
        CHECK(told == CASES[i].told, "%s by %s: %s", measure_info(CASES[i].measure)->name, CASES[i].by,
              national_told_name(told) ? national_told_name(told) : "counted, or absent");
        CHECK(b.total.denominator == 0, "nothing is counted");
        CHECK(breakdown_national_of(&b, &book, (int16_t)(b.to + 1)) == NATIONAL_ABSENT,
              "none of that quarter");
        arena_free(&a);
    }
    shelf_free(&s);
}

/* No rule of the form compares them: 8 pregnant people quit, none of them confirmed, so 44 of the 42 others would be. */
static void disagrees(void) {
    struct shelf s = {.count = 0};
    struct arena a = ARENA_EMPTY;
    shelf_national(&s, "2025-26-Q2", "1C QUIT=8|1C CO_VALIDATED=0");
    struct book book = shelf_book(&s);
    struct breakdown b = table_of(&s, MEASURE_CO_VERIFIED4, "pregnant", "2025-26-Q2", "2025-26-Q2", 0, &a);
    CHECK(breakdown_national_of(&b, &book, b.to) == NATIONAL_DISAGREES && b.total.denominator == 0,
          "44 of 42 is no rate");
    b = table_of(&s, MEASURE_QUIT4, "pregnant", "2025-26-Q2", "2025-26-Q2", 0, &a);
    check_cell(&b, &(struct expected){MEASURE_QUIT4, "pregnant", "N", 42, 90});
    b = table_of(&s, MEASURE_CO_VERIFIED4, "gender", "2025-26-Q2", "2025-26-Q2", 0, &a);
    CHECK(b.total.numerator == 44, "by gender it is in");
    shelf_free(&s);
    s = (struct shelf){.count = 0};
    shelf_national(&s, "2025-26-Q2", "1C QUIT=7|1C CO_VALIDATED=1"); /* 43 of 43: on the edge */
    b = table_of(&s, MEASURE_CO_VERIFIED4, "pregnant", "2025-26-Q2", "2025-26-Q2", 0, &a);
    check_cell(&b, &(struct expected){MEASURE_CO_VERIFIED4, "pregnant", "N", 43, 43});
    arena_free(&a);
    shelf_free(&s);
}

/* Beside episodes of another quarter, in the year to date; what was taken back is not there. */
static void quarters(void) {
    struct shelf s = {.count = 0};
    struct arena a = ARENA_EMPTY;
    shelf_national(&s, "2025-26-Q1", NULL);
    struct fact_episode *e = shelf_episode(&s, "E1", "C1", day_iso("2025-07-01"));
    e->gender = fact_code(STR("2"));
    struct breakdown b = table_of(&s, MEASURE_SET_QUIT_DATE, "gender", "2025-26-Q1", "2025-26-Q2", 0, &a);
    check_cell(&b, &(struct expected){MEASURE_SET_QUIT_DATE, "gender", "2", 91, 91});
    b = table_of(&s, MEASURE_SET_QUIT_DATE, "gender", "2025-26-Q2", "2025-26-Q2", 0, &a);
    check_cell(&b, &(struct expected){MEASURE_SET_QUIT_DATE, "gender", "2", 1, 1});
    shelf_part(&s, PART_NATIONAL, period_iso("2025-26-Q2")); /* nil, beside episodes */
    struct book book = shelf_book(&s);
    CHECK(breakdown_national_of(&b, &book, b.to) == NATIONAL_ABSENT, "the episodes stand");
    shelf_free(&s);
    s = (struct shelf){.count = 0};
    shelf_national(&s, "2023-24-Q4", NULL); /* the form of 2017 */
    b = table_of(&s, MEASURE_QUIT4, "interventionType", "2023-24-Q1", "2023-24-Q4", 0, &a);
    check_cell(&b, &(struct expected){MEASURE_QUIT4, "interventionType", "04", 50, 100});
    arena_free(&a);
    shelf_free(&s);
}

void suite_kpi_breakdown_national(void) {
    suite_add("unit kpi breakdown national", begin, end);
    case_add("each table by hand, and its total", by_hand);
    case_add("every measure by every dimension and crossing", every_table);
    case_add("why it is left out", why_not);
    case_add("1B without 1C has to be a rate", disagrees);
    case_add("quarters, the form of 2017, what was taken back", quarters);
}
