/* kpi_breakdown: measures by dimensions. By hand: what each measure counts and where each row stands. For random books: sums over every
 * dimension that does not overlap are the undivided figure, that figure is what the KPIs count, and two dimensions sum to one. */
#include "kpi/breakdown.h"
#include "kpi/priority.h"
#include "tests/support/shelf.h"
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

static const char *const NAMES[] = {"S1", "S2", "S3"};

/* The table of one provider, alone in the service. */
static struct breakdown table_of(const struct shelf *s, enum measure m, const char *by, const char *from,
                                 const char *to, const char *as_at, struct arena *a) {
    struct breakdown b = {.framework = f,
                          .measure = m,
                          .from = period_iso(from),
                          .to = period_iso(to),
                          .as_at = day_iso(as_at)};
    enum dimension of[2];
    str rest = str_of(by);
    while (rest.n)
        CHECK(dimension_parse(str_cut(&rest, ','), &of[b.by_count++]), "%s is known", by);
    breakdown_begin(&b, of, a);
    for (size_t i = 0; i < b.by_count; i++) {
        enum dimension_kind kind = dimension_info(of[i])->kind;
        if (kind == BY_PROVIDER) dimension_name(&b.by[i], STR("homerton"), STR("Homerton"), a);
        for (size_t n = 0; dimension_is_named(kind) && n < 3; n++)
            dimension_name(&b.by[i], str_of(NAMES[n]), STR_NONE, a);
    }
    CHECK(breakdown_open(&b, a), "%s fits", by);
    struct book book = shelf_book(s);
    breakdown_add(&b, 0, &book);
    return b;
}

static size_t member(const struct dimension_members *m, const char *key) {
    for (size_t i = 0; i < m->count; i++)
        if (str_is(m->list[i].key, key)) return i;
    return SIZE_MAX;
}

static void check_cell(const struct breakdown *b, const char *key, int64_t numerator, int64_t denominator) {
    size_t at = member(&b->by[0], key);
    CHECK(at != SIZE_MAX, "%s has a member %s", dimension_info(b->by[0].which)->name, key);
    if (at == SIZE_MAX) return;
    struct breakdown_cell c = breakdown_at(b, at, 0);
    CHECK(c.numerator == numerator && c.denominator == denominator,
          "%s %s=%s is %lld of %lld, not %lld of %lld", measure_info(b->measure)->name,
          dimension_info(b->by[0].which)->name, key, (long long)c.numerator, (long long)c.denominator,
          (long long)numerator, (long long)denominator);
}

/* ---- by hand ---- */

static const struct hand {
    const char *id, *quit;
    int outcome4, outcome12;
    int age;
    const char *gender, *ethnic, *site, *tenure_word;
    unsigned flags; /* bits of enum fact_flag that are Y */
    uint8_t conditions, imd, co4;
    const char *nssec;
} PEOPLE[] = {
    /* quit in Q1, due by December; E1 to E4 close at 12 weeks in Q2 or later */
    {"E1", "2025-04-02", 1, 1, 17, "1", "A", "S1", "OWNED", 0, 0, 1, 3, "08"},
    {"E2", "2025-04-03", 1, 3, 18, "2", "CT", "S1", "", 1u << FLAG_PREGNANT | 1u << FLAG_EXTENDED_SUPPORT, 1,
     2, 12, "08"},
    {"E3", "2025-04-04", 2, 0, 34, "2", "MA", "S2", "OTHER", 1u << FLAG_EXTENDED_SUPPORT, 3, 0, FACT_NO_CO,
     ""},
    {"E4", "2025-04-05", 3, 0, 60, "X", "", "", "OWNED", 1u << FLAG_HOMELESS | 1u << FLAG_SUBSTANCE_MISUSE, 0,
     5, FACT_NO_CO, "96"},
    {"E5", "2025-06-30", 1, 0, 59, "1", "K", "S2", "OWNED", 1u << FLAG_HOMELESS, 32, 1, FACT_NO_CO, "01"},
};

static void fill(struct shelf *s) {
    static const char *const TENURES[] = {"OWNED", "PRIVATE_RENT", "SOCIAL_RENT", "TEMPORARY", "OTHER"};
    for (size_t i = 0; i < sizeof PEOPLE / sizeof *PEOPLE; i++) {
        const struct hand *p = &PEOPLE[i];
        struct fact_episode *e = shelf_episode(s, p->id, p->id, day_iso(p->quit));
        if (p->outcome4) episode_set_outcome(e, STAGE_4W, p->outcome4, 28);
        if (p->outcome12) episode_set_outcome(e, STAGE_12W, p->outcome12, 90);
        e->age = (uint8_t)p->age;
        e->gender = fact_code(str_of(p->gender));
        e->ethnic_category = fact_code(str_of(p->ethnic));
        e->nssec = fact_code(str_of(p->nssec));
        e->site = *p->site ? hash128_of(str_of(p->site)).a : 0;
        e->imd_quintile = p->imd;
        e->co4 = p->co4;
        e->method4 = METHOD_WORD_FACE_TO_FACE;
        e->conditions = p->conditions;
        for (uint8_t w = 0; w < 5; w++)
            if (strcmp(TENURES[w], p->tenure_word) == 0) e->tenure = (uint8_t)(w + 1);
        for (unsigned flag = 0; flag < 8; flag++)
            if (p->flags >> flag & 1) e->flags |= (uint16_t)(FLAG_YES << (2 * flag));
    }
}

struct expected {
    enum measure measure;
    const char *by, *key;
    int64_t numerator, denominator;
};
static const struct expected EXPECTED[] = {
    {MEASURE_SET_QUIT_DATE, "ageBand", "01", 1, 1},
    {MEASURE_SET_QUIT_DATE, "ageBand", "02", 2, 2}, /* 18 and 34 */
    {MEASURE_SET_QUIT_DATE, "ageBand", "03", 0, 0},
    {MEASURE_SET_QUIT_DATE, "ageBand", "04", 1, 1}, /* 59 */
    {MEASURE_SET_QUIT_DATE, "ageBand", "05", 1, 1}, /* 60 */
    {MEASURE_SET_QUIT_DATE, "ageBand", "UNKNOWN", 0, 0},
    {MEASURE_QUIT4, "gender", "1", 2, 2},
    {MEASURE_QUIT4, "gender", "2", 1, 2},
    {MEASURE_QUIT4, "gender", "X", 0, 1},
    {MEASURE_QUIT4, "gender", "3", 0, 0},
    {MEASURE_CO_VERIFIED4, "gender", "1", 1, 2},
    {MEASURE_CO_VERIFIED4, "gender", "2", 0, 1},
    {MEASURE_LOST4, "imdQuintile", "5", 1, 1},
    {MEASURE_LOST4, "imdQuintile", "1", 0, 2},
    {MEASURE_LOST4, "imdQuintile", "UNKNOWN", 0, 1},
    {MEASURE_SET_QUIT_DATE, "ethnicGroup", "C", 1, 1}, /* CT is C */
    {MEASURE_SET_QUIT_DATE, "ethnicGroup", "M", 1, 1},
    {MEASURE_SET_QUIT_DATE, "ethnicGroup", "UNKNOWN", 1, 1},
    {MEASURE_SET_QUIT_DATE, "ethnicGroup", "B", 0, 0},
    {MEASURE_SET_QUIT_DATE, "priorityGroup", "MOST_DEPRIVED", 2, 2},
    {MEASURE_SET_QUIT_DATE, "priorityGroup", "ROUTINE_AND_MANUAL", 2, 2},
    {MEASURE_SET_QUIT_DATE, "priorityGroup", "TURKISH_KURDISH_CYPRIOT", 1, 1},
    {MEASURE_SET_QUIT_DATE, "priorityGroup", "BLACK", 1, 1},
    {MEASURE_SET_QUIT_DATE, "priorityGroup", "BANGLADESHI", 1, 1},
    {MEASURE_SET_QUIT_DATE, "priorityGroup", "EASTERN_EUROPEAN", 0, 0},
    {MEASURE_SET_QUIT_DATE, "priorityGroup", "PREGNANT", 1, 1},
    {MEASURE_SET_QUIT_DATE, "priorityGroup", "MULTIPLE_NEEDS", 1, 1},
    {MEASURE_SET_QUIT_DATE, "nssec", "08", 2, 2},
    {MEASURE_SET_QUIT_DATE, "nssec", "96", 1, 1},
    {MEASURE_SET_QUIT_DATE, "nssec", "UNKNOWN", 1, 1},
    {MEASURE_SET_QUIT_DATE, "site", "S1", 2, 2},
    {MEASURE_SET_QUIT_DATE, "site", "UNKNOWN", 1, 1},
    {MEASURE_SET_QUIT_DATE, "condition", "COPD", 2, 2},
    {MEASURE_SET_QUIT_DATE, "condition", "CVD", 1, 1}, /* E3 has both */
    {MEASURE_SET_QUIT_DATE, "condition", "OTHER", 1, 1},
    {MEASURE_SET_QUIT_DATE, "condition", "UNKNOWN", 2, 2},
    {MEASURE_CONDITION, "housingTenure", "OWNED", 1, 3},
    {MEASURE_CONDITION, "housingTenure", "OTHER", 1, 1},
    {MEASURE_CONDITION, "housingTenure", "UNKNOWN", 1, 1},
    {MEASURE_EXTENDED, "provider", "homerton", 2, 5},
    {MEASURE_EXTENDED_QUIT, "provider", "homerton", 1, 5},
    {MEASURE_SET_QUIT_DATE, "homeless", "Y", 2, 2},
    {MEASURE_SET_QUIT_DATE, "substanceMisuse", "Y", 1, 1},
    {MEASURE_SET_QUIT_DATE, "pregnant", "Y", 1, 1},
    {MEASURE_SET_QUIT_DATE, "pregnant", "N", 2, 2}, /* blank, but men */
    {MEASURE_SET_QUIT_DATE, "pregnant", "UNKNOWN", 2, 2},
};

static void by_hand(void) {
    struct shelf s = {.count = 0};
    fill(&s);
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        const struct expected *x = &EXPECTED[i];
        struct arena a = ARENA_EMPTY;
        struct breakdown b = table_of(&s, x->measure, x->by, "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
        check_cell(&b, x->key, x->numerator, x->denominator);
        arena_free(&a);
    }
    shelf_free(&s);
}

/* quitDate + 98 lies in Q2 for all of them: 2025-07-09 to 2025-10-06; that of E5 in Q3. */
static void twelve_weeks(void) {
    struct shelf s = {.count = 0};
    struct arena a = ARENA_EMPTY;
    fill(&s);
    struct breakdown b = table_of(&s, MEASURE_QUIT12, "gender", "2025-26-Q2", "2025-26-Q2", "2025-12-01", &a);
    check_cell(&b, "1", 1, 1);
    check_cell(&b, "2", 0, 2);
    check_cell(&b, "X", 0, 1);
    b = table_of(&s, MEASURE_LOST12, "gender", "2025-26-Q2", "2025-26-Q2", "2025-12-01", &a);
    check_cell(&b, "1", 0, 1);
    check_cell(&b, "2", 1, 1); /* E3 was not quit4 */
    b = table_of(&s, MEASURE_LOST12, "gender", "2025-26-Q1", "2025-26-Q4", "2025-12-01", &a);
    check_cell(&b, "1", 1, 2); /* E5: quit at 4 weeks, nothing at 12 */
    b = table_of(&s, MEASURE_QUIT4, "gender", "2025-26-Q1", "2025-26-Q1", "2025-08-11", &a);
    check_cell(&b, "1", 1, 1); /* 2025-06-30 + 42 = 2025-08-11 is not before it */
    b = table_of(&s, MEASURE_QUIT4, "gender", "2025-26-Q1", "2025-26-Q1", "2025-08-12", &a);
    check_cell(&b, "1", 2, 2);
    arena_free(&a);
    shelf_free(&s);
}

/* Of four rows of the pathway one names E1 (who quit), one E3 (who did not), two nobody: service users are 4 + 5 - 2. */
static void harm_reduction(void) {
    struct shelf s = {.count = 0};
    struct arena a = ARENA_EMPTY;
    fill(&s);
    shelf_pathway(&s, "2025-05-01", "NO_CHANGE", "E1")->gender = fact_code(STR("1"));
    shelf_pathway(&s, "2025-05-02", "NO_CHANGE", "E3")->gender = fact_code(STR("2"));
    shelf_pathway(&s, "2025-05-03", "NO_CHANGE", "")->gender = fact_code(STR("2"));
    shelf_pathway(&s, "2025-05-04", "NO_CHANGE", "");
    struct breakdown b =
        table_of(&s, MEASURE_HARM_REDUCTION, "gender", "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
    check_cell(&b, "1", 1, 2); /* E1 on the pathway, E5 */
    check_cell(&b, "2", 2, 3); /* E3 on the pathway, one more, E2 */
    check_cell(&b, "UNKNOWN", 1, 1);
    check_cell(&b, "X", 0, 1);
    CHECK(b.total.numerator == 4 && b.total.denominator == 7, "4 of 7 service users");
    b = table_of(&s, MEASURE_HARM_NOT_QUIT, "gender", "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
    check_cell(&b, "1", 0, 2);
    CHECK(b.total.numerator == 3 && b.total.denominator == 7, "3 of 7 did not go on to quit");
    arena_free(&a);
    shelf_free(&s);
}

static void pregnancy(void) {
    struct shelf s = {.count = 0};
    struct arena a = ARENA_EMPTY;
    static const struct {
        const char *delivery;
        unsigned smoking;
        bool pregnant, quit;
    } WOMEN[] = {
        {"2025-08-01", FLAG_NO, true, true},
        {"2025-08-01", FLAG_YES, true, true},
        {"2025-08-01", FLAG_BLANK, true, true},
        {"2025-12-01", FLAG_BLANK, true, true}, /* as at: not yet */
        {"", FLAG_NO, true, true},
        {"", FLAG_BLANK, true, true},
        {"2025-08-01", FLAG_NO, false, true},
        {"2025-08-01", FLAG_NO, true, false},
    };
    for (size_t i = 0; i < sizeof WOMEN / sizeof *WOMEN; i++) {
        struct fact_episode *e = shelf_episode(&s, (char[]){(char)('A' + i), 0}, "c", day_iso("2025-04-02"));
        episode_set_outcome(e, STAGE_4W, WOMEN[i].quit ? 1 : 2, 28);
        if (*WOMEN[i].delivery) e->delivery = fact_day(day_iso(WOMEN[i].delivery));
        e->flags = (uint16_t)(WOMEN[i].smoking << (2 * FLAG_SMOKING_AT_DELIVERY) |
                              (WOMEN[i].pregnant ? 2u : 1u) << (2 * FLAG_PREGNANT));
    }
    struct breakdown b =
        table_of(&s, MEASURE_MAINTAINED, "provider", "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
    check_cell(&b, "homerton", 2, 4);
    arena_free(&a);
    shelf_free(&s);
}

static void referrals(void) {
    struct shelf s = {.count = 0};
    struct arena a = ARENA_EMPTY;
    struct fact_referral *r = shelf_referral(&s, "2025-05-01", "", "");
    r->source = 4; /* MATERNITY */
    r->organisation = hash128_of(STR("S2"));
    r->site = hash128_of(STR("S3")).a;
    r->imd_quintile = 1;
    shelf_referral(&s, "2025-05-02", "", "")->destination_type = fact_code(STR("22"));
    struct breakdown b =
        table_of(&s, MEASURE_REFERRALS, "source", "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
    check_cell(&b, "MATERNITY", 1, 1);
    check_cell(&b, "SELF", 0, 0);
    check_cell(&b, "UNKNOWN", 1, 1);
    b = table_of(&s, MEASURE_REFERRALS, "referrerOrganisation", "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
    check_cell(&b, "S2", 1, 1);
    CHECK(breakdown_rows(&b) == 2, "an organisation that is not there is no row");
    b = table_of(&s, MEASURE_REFERRALS, "site", "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
    check_cell(&b, "S3", 1, 1);
    b = table_of(&s, MEASURE_REFERRALS, "destinationType", "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
    check_cell(&b, "22", 1, 1);
    b = table_of(&s, MEASURE_REFERRALS, "priorityGroup", "2025-26-Q1", "2025-26-Q1", "2025-12-01", &a);
    check_cell(&b, "MOST_DEPRIVED", 1, 1);
    CHECK(!f->priority_groups[8].asked[PART_REFERRALS] && f->priority_groups[0].asked[PART_REFERRALS],
          "referrals do not tell of multiple needs");
    arena_free(&a);
    shelf_free(&s);
}

static void what_can_be_asked(void) {
    CHECK(breakdown_can(MEASURE_QUIT4, DIMENSION_ADVISER) && !breakdown_can(MEASURE_REFERRALS, DIMENSION_AID),
          "referrals have no aid");
    CHECK(!breakdown_can(MEASURE_QUIT4, DIMENSION_SOURCE), "episodes have no source");
    CHECK(!breakdown_can(MEASURE_HARM_REDUCTION, DIMENSION_SETTING), "the pathway has no setting");
    for (unsigned d = 0; d < DIMENSION_COUNT; d++)
        CHECK(breakdown_can(MEASURE_QUIT4, (enum dimension)d) ||
                  breakdown_can(MEASURE_REFERRALS, (enum dimension)d),
              "%s tells something apart", dimension_info((enum dimension)d)->name);
}

/* ---- random books ---- */

static uint64_t state;

static unsigned any(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static uint16_t any_code(const char *const *codes, unsigned count) {
    return fact_code(str_of(codes[any(count)]));
}

static void add_any_episode(struct shelf *s, unsigned number) {
    static const char *const GENDER[] = {"1", "2", "3", "X", ""}, *const ETHNIC[] = {"A", "CT", "K", "Z", ""};
    static const char *const NSSEC[] = {"08", "01", "96", ""}, *const AID[] = {"10", "LA", "LK", ""};
    char id[16];
    snprintf(id, sizeof id, "E%u", number);
    struct fact_episode *e = shelf_episode(s, id, id, day_iso("2025-01-01") + (int32_t)any(300));
    episode_set_outcome(e, STAGE_4W, (int)any(4), 20 + (int32_t)any(30));
    episode_set_outcome(e, STAGE_12W, (int)any(4), 78 + (int32_t)any(24));
    e->age = any(9) ? (uint8_t)(12 + any(70)) : FACT_NO_AGE;
    e->gender = any_code(GENDER, 5);
    e->ethnic_category = any_code(ETHNIC, 5);
    e->nssec = any_code(NSSEC, 4);
    e->aid = any_code(AID, 4);
    e->imd_quintile = (uint8_t)any(6);
    e->tenure = (uint8_t)any(7);
    e->conditions = (uint8_t)any(64);
    e->co4 = (uint8_t)any(14);
    e->authority = any(2) ? 9000012 : 9000001;
    e->flags = (uint16_t)((any(4) << 2 | any(3)) % 9 << (2 * FLAG_PREGNANT));
    e->site = any(4) ? hash128_of(str_of(NAMES[any(3)])).a : 0;
    e->adviser = hash128_of(str_of(NAMES[any(3)])).a;
}

static void fill_any(struct shelf *s, uint64_t seed) {
    state = seed;
    unsigned n = 30 + any(60);
    for (unsigned i = 0; i < n; i++)
        add_any_episode(s, i);
    for (unsigned i = 0; i < 20; i++) {
        char id[16];
        snprintf(id, sizeof id, "E%u", any(n));
        struct fact_harm_reduction *h = shelf_pathway(s, "2025-08-01", "NO_CHANGE", any(2) ? id : "");
        h->imd_quintile = (uint8_t)any(6);
        struct fact_referral *r = shelf_referral(s, "2025-08-01", "", "");
        r->source = (uint8_t)any(10);
        r->organisation = hash128_of(str_of(NAMES[any(3)]));
    }
}

static struct breakdown_cell sum_of(const struct breakdown *b) {
    struct breakdown_cell sum = {0, 0};
    for (size_t i = 0; i < b->by[0].count; i++)
        for (size_t k = 0; k < breakdown_width(b); k++) {
            struct breakdown_cell c = breakdown_at(b, i, k);
            sum.numerator += c.numerator;
            sum.denominator += c.denominator;
            CHECK(c.numerator <= c.denominator, "a numerator counts members of its denominator");
            if (c.denominator) CHECK(breakdown_has_row(b, i, k), "what is counted is a row");
        }
    return sum;
}

static bool adds_up(enum dimension d) {
    return !dimension_overlaps(dimension_info(d)->kind);
}

static void check_sums(const struct shelf *s, enum measure m, enum dimension d, struct breakdown_cell total,
                       struct arena *a) {
    const char *name = dimension_info(d)->name;
    struct breakdown one = table_of(s, m, name, "2025-26-Q1", "2025-26-Q2", "2025-11-20", a);
    struct breakdown_cell sum = sum_of(&one);
    CHECK(one.total.numerator == total.numerator && one.total.denominator == total.denominator,
          "%s by %s: the undivided figure is the same", measure_info(m)->name, name);
    if (adds_up(d))
        CHECK(sum.numerator == total.numerator && sum.denominator == total.denominator,
              "%s by %s: %lld of %lld sum to %lld of %lld", measure_info(m)->name, name,
              (long long)total.numerator, (long long)total.denominator, (long long)sum.numerator,
              (long long)sum.denominator);
    if (!breakdown_can(m, DIMENSION_IMD_QUINTILE) || d == DIMENSION_IMD_QUINTILE) return;
    struct buf by = BUF_EMPTY;
    buf_printf(&by, "%s,imdQuintile", name);
    buf_add(&by, "", 1);
    struct breakdown two = table_of(s, m, by.p, "2025-26-Q1", "2025-26-Q2", "2025-11-20", a);
    for (size_t i = 0; i < two.by[0].count; i++) {
        int64_t across = 0;
        for (size_t k = 0; k < breakdown_width(&two); k++)
            across += breakdown_at(&two, i, k).denominator;
        CHECK(across == breakdown_at(&one, i, 0).denominator, "%s by %s: a row of two sums to one",
              measure_info(m)->name, name);
    }
    buf_free(&by);
}

static void sums(void) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct shelf s = {.count = 0};
        fill_any(&s, seed);
        for (unsigned m = 0; m < MEASURE_COUNT; m++) {
            struct arena a = ARENA_EMPTY;
            struct breakdown whole =
                table_of(&s, (enum measure)m, "provider", "2025-26-Q1", "2025-26-Q2", "2025-11-20", &a);
            CHECK(whole.total.denominator > 0 || m == MEASURE_MAINTAINED, "%s has something to divide",
                  measure_info((enum measure)m)->name);
            for (unsigned d = 0; d < DIMENSION_COUNT; d++)
                if (breakdown_can((enum measure)m, (enum dimension)d))
                    check_sums(&s, (enum measure)m, (enum dimension)d, whole.total, &a);
            arena_free(&a);
        }
        shelf_free(&s);
    }
}

/* What the KPIs count is what breakdowns count. */
static void as_the_kpis(void) {
    static const struct {
        enum measure measure;
        const char *above, *below;
    } SAME[] = {
        {MEASURE_SET_QUIT_DATE, "setQuitDate", "setQuitDate"},
        {MEASURE_QUIT4, "quit4", "due4"},
        {MEASURE_CO_VERIFIED4, "coVerified4", "quit4"},
        {MEASURE_LOST4, "lost4", "due4"},
        {MEASURE_QUIT12, "quit12", "due12"},
    };
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct shelf s = {.count = 0};
        fill_any(&s, seed);
        struct book book = shelf_book(&s);
        struct tally t;
        tally_count(f, &book, day_iso("2025-11-20"), NULL, &t);
        for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
            struct arena a = ARENA_EMPTY;
            struct breakdown b =
                table_of(&s, SAME[i].measure, "gender", "2025-26-Q2", "2025-26-Q2", "2025-11-20", &a);
            int16_t q = period_iso("2025-26-Q2");
            CHECK(b.total.numerator == tally_get(&t, q, framework_element_find(f, str_of(SAME[i].above))) &&
                      b.total.denominator ==
                          tally_get(&t, q, framework_element_find(f, str_of(SAME[i].below))),
                  "%s is what the KPIs count", measure_info(SAME[i].measure)->name);
            arena_free(&a);
        }
        tally_free(&t);
        shelf_free(&s);
    }
}

static void too_many(void) {
    struct arena a = ARENA_EMPTY;
    enum dimension by[] = {DIMENSION_SITE, DIMENSION_ADVISER};
    struct breakdown b = {.framework = f, .measure = MEASURE_QUIT4, .by_count = 2};
    breakdown_begin(&b, by, &a);
    char name[16];
    for (unsigned i = 0; i < 499; i++) {
        snprintf(name, sizeof name, "N%u", i);
        dimension_name(&b.by[0], str_of(name), STR_NONE, &a);
        dimension_name(&b.by[1], str_of(name), STR_NONE, &a);
    }
    struct breakdown small = b;
    CHECK(breakdown_open(&small, &a), "500 by 500 with the unknown ones");
    dimension_name(&b.by[0], STR("N499"), STR_NONE, &a);
    CHECK(!breakdown_open(&b, &a), "501 by 500 are more than 250,000");
    arena_free(&a);
}

static void groups_are_data(void) {
    struct framework *changed =
        framework_changed("\"element\": \"bangladeshi\"", "\"element\": \"easternEuropean\"");
    CHECK(changed->priority_groups[4].columns[PART_EPISODES] ==
              changed->priority_groups[5].columns[PART_EPISODES],
          "a group is the element that the file names");
    framework_free(changed);
    static const struct {
        const char *from, *to, *says;
    } WRONG[] = {
        {"\"element\": \"bangladeshi\"", "\"element\": \"bangladeshy\"", "/priorityGroups/4/element"},
        {"\"element\": \"bangladeshi\"", "\"element\": \"quit4\"", "/priorityGroups/4/element"},
        {"\"key\": \"BLACK\"", "\"key\": \"black\"", "/priorityGroups/3/key"},
        {"\"key\": \"BLACK\"", "\"key\": \"UNKNOWN\"", "/priorityGroups/3/key"},
        {"\"key\": \"BLACK\"", "\"key\": \"BANGLADESHI\"", "/priorityGroups/4"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        struct fault fault = {OK, ""};
        struct framework *none = NULL;
        enum err e = framework_changed_parse(WRONG[i].from, WRONG[i].to, &fault, &none);
        CHECK(e == ERR_INVALID && strstr(fault.detail, WRONG[i].says), "%s: %s", WRONG[i].to, fault.detail);
        framework_free(none);
    }
}

void suite_kpi_breakdown(void) {
    suite_add("unit kpi breakdown", begin, end);
    case_add("each measure and dimension by hand", by_hand);
    case_add("12 weeks, and what is due", twelve_weeks);
    case_add("service users and the pathway", harm_reduction);
    case_add("quit maintained in pregnancy", pregnancy);
    case_add("referrals: source, organisation, destination", referrals);
    case_add("which dimension tells which part apart", what_can_be_asked);
    case_add("sums are the undivided figure", sums);
    case_add("the KPIs count the same", as_the_kpis);
    case_add("tables have a cap", too_many);
    case_add("priority groups are data", groups_are_data);
}
