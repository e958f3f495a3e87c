/* kpi: what is counted of the parts beside episodes, on every boundary of contract section 6: working days,
 * six attendees, whole sessions, pathways that became quits, calls, and the setting that a site lends. */
#include <stdlib.h>

#include "kpi/carried.h"
#include "kpi/completeness.h"
#include "kpi/element.h"
#include "kpi/figures.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

struct scene {
    struct framework *f;
    struct shelf shelf;
    struct kpi_figures *figures;
};

static void scene_open(struct scene *s) {
    *s = (struct scene){.f = framework_sample()};
    s->figures = calloc(s->f->kpi_count, sizeof *s->figures);
}

static void scene_close(struct scene *s) {
    shelf_free(&s->shelf);
    free(s->figures);
    framework_free(s->f);
}

static void ask(struct scene *s, const char *period, const char *as_at) {
    struct book book = shelf_book(&s->shelf);
    struct tally tally;
    tally_count(s->f, &book, day_iso(as_at), NULL, &tally);
    struct provider_tally one = {&s->f->providers[0], &tally};
    struct figures_question q = {.framework = s->f,
                                 .period = period_iso(period),
                                 .as_at = day_iso(as_at),
                                 .providers = &one,
                                 .provider_count = 1};
    CHECK(figures_compute(&q, s->figures) == OK, "%s", period);
    tally_free(&tally);
}

static const struct kpi_figures *kpi(const struct scene *s, const char *ref) {
    for (size_t i = 0; i < s->f->kpi_count; i++)
        if (strcmp(s->figures[i].kpi->ref, ref) == 0) return &s->figures[i];
    abort();
}

static const char *said(enum rag r) {
    return rag_name(r) ? rag_name(r) : "null";
}
#define CHECK_RAG(got, expected, ...)                                                                        \
    CHECK((got) == (expected), "%s, not %s (%s)", said(got), said(expected), "" __VA_ARGS__)
#define CHECK_FIGURE(figure, over, under, ...)                                                               \
    CHECK((figure).numerator == (over) && (figure).denominator == (under), "%lld / %lld, not %d / %d: %s",   \
          (long long)(figure).numerator, (long long)(figure).denominator, over, under, "" __VA_ARGS__)

/* ---- referrals ---- */

/* One referral each; the 2nd and the 5th working day after it are the last on which it is waiting. */
static void limits(void) {
    static const struct {
        const char *label, *received, *second, *fifth;
    } CASES[] = {
        {"a Monday", "2025-07-14", "2025-07-16", "2025-07-21"},
        {"a Thursday, over a weekend", "2025-07-17", "2025-07-21", "2025-07-24"},
        {"a Friday", "2025-07-18", "2025-07-22", "2025-07-25"},
        {"a Saturday", "2025-07-19", "2025-07-22", "2025-07-25"},
        {"a Sunday", "2025-07-20", "2025-07-22", "2025-07-25"},
        {"Maundy Thursday, over Easter", "2025-04-17", "2025-04-23", "2025-04-28"},
        {"Good Friday itself", "2025-04-18", "2025-04-23", "2025-04-28"},
        {"Easter Monday itself", "2025-04-21", "2025-04-23", "2025-04-28"},
        {"before the May bank holiday", "2025-05-02", "2025-05-07", "2025-05-12"},
        {"Christmas Eve", "2025-12-24", "2025-12-30", "2026-01-05"},
        {"Christmas Day", "2025-12-25", "2025-12-30", "2026-01-05"},
        {"New Year's Eve", "2025-12-31", "2026-01-05", "2026-01-08"},
        {"Boxing Day is a Saturday: its Monday", "2026-12-24", "2026-12-30", "2027-01-05"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct scene s;
        char period[PERIOD_TEXT], day[DAY_TEXT];
        period_format(period_of_day(day_iso(CASES[i].received)), period);
        scene_open(&s);
        shelf_referral(&s.shelf, CASES[i].received, CASES[i].received, "");
        const struct {
            const char *ref, *last;
        } LIMITS[] = {{"2.2", CASES[i].second}, {"2.3", CASES[i].fifth}};
        for (size_t k = 0; k < 2; k++) {
            ask(&s, period, LIMITS[k].last);
            const struct kpi_figures *f = kpi(&s, LIMITS[k].ref);
            CHECK(f->quarter.rag == RAG_NOT_DUE && f->quarter.denominator == 0 && !f->all_due,
                  "%s, %s: still waiting on the day itself, not %s", LIMITS[k].ref, CASES[i].label,
                  said(f->quarter.rag));
            ask(&s, period, day_format(day_iso(LIMITS[k].last) + 1, day));
            CHECK(f->quarter.denominator == 1 && f->all_due, "%s, %s: due the day after", LIMITS[k].ref,
                  CASES[i].label);
            CHECK(f->quarter.numerator == (k == 0), "%s, %s: contacted, never offered", LIMITS[k].ref,
                  CASES[i].label);
        }
        scene_close(&s);
    }
}

/* "A Saturday after the 2nd day is still in time." */
static void in_time(void) {
    static const struct {
        const char *label, *received, *contacted, *offered;
        int in2, in5;
    } CASES[] = {
        {"the same day", "2025-07-14", "2025-07-14", "2025-07-14", 1, 1},
        {"the second and the fifth", "2025-07-14", "2025-07-16", "2025-07-21", 1, 1},
        {"the third and the sixth", "2025-07-14", "2025-07-17", "2025-07-22", 0, 0},
        {"never", "2025-07-14", "", "", 0, 0},
        {"from Wednesday: Friday is the second, Saturday in time", "2025-07-16", "2025-07-19", "2025-07-23",
         1, 1},
        {"Sunday too", "2025-07-16", "2025-07-20", "", 1, 0},
        {"Monday is the third", "2025-07-16", "2025-07-21", "2025-07-24", 0, 0},
        {"from Friday: the fifth is Friday, the Sunday after in time", "2025-07-18", "2025-07-22",
         "2025-07-27", 1, 1},
        {"the Monday after not", "2025-07-18", "2025-07-23", "2025-07-28", 0, 0},
        {"from Tuesday before Easter: Thursday second, Easter Monday in time", "2025-04-15", "2025-04-21",
         "2025-04-24", 1, 1},
        {"Tuesday after Easter not", "2025-04-15", "2025-04-22", "2025-04-25", 0, 0},
        {"from 22 December: 24 second, 28 in time; 31 fifth, 1 January in time", "2025-12-22", "2025-12-28",
         "2026-01-01", 1, 1},
        {"30 December is the fourth, 31 the fifth", "2025-12-22", "2025-12-29", "2025-12-31", 0, 1},
        {"not before the limit has passed, however early", "2025-07-14", "2025-07-14", "", 1, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct scene s;
        char period[PERIOD_TEXT];
        scene_open(&s);
        shelf_referral(&s.shelf, CASES[i].received, CASES[i].contacted, CASES[i].offered);
        ask(&s, period_format(period_of_day(day_iso(CASES[i].received)), period), "2026-06-01");
        CHECK_FIGURE(kpi(&s, "2.2")->quarter, CASES[i].in2, 1);
        CHECK_FIGURE(kpi(&s, "2.3")->quarter, CASES[i].in5, 1);
        scene_close(&s);
    }
}

static void referrals_in_order(void) {
    struct scene s;
    scene_open(&s);
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "2.2")->rag, RAG_NO_DATA, "never sent");
    shelf_part(&s.shelf, PART_REFERRALS, period_iso("2025-26-Q2"));
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "2.2")->rag, RAG_NOT_DUE, "a nil return");
    CHECK(kpi(&s, "2.2")->all_due, "nothing waits");
    for (int i = 0; i < 19; i++)
        shelf_referral(&s.shelf, "2025-07-14", "2025-07-15", "2025-07-15");
    shelf_referral(&s.shelf, "2025-07-14", "2025-07-17", "");
    ask(&s, "2025-26-Q2", "2025-07-17");
    CHECK_FIGURE(kpi(&s, "2.2")->quarter, 19, 20, "95 % exactly");
    CHECK_RAG(kpi(&s, "2.2")->rag, RAG_GREEN);
    CHECK_RAG(kpi(&s, "2.3")->rag, RAG_NOT_DUE, "the fifth day is still to come");
    ask(&s, "2025-26-Q3", "2026-02-20");
    CHECK_RAG(kpi(&s, "2.2")->quarter.rag, RAG_NO_DATA, "the next quarter was not sent");
    CHECK_FIGURE(kpi(&s, "2.2")->year_to_date, 19, 20, "the year sums what was sent");
    scene_close(&s);
}

/* ---- training ---- */

static void six_attendees(void) {
    struct scene s;
    scene_open(&s);
    shelf_session(&s.shelf, "2025-07-14", TRAINING_WORD_VBA, 5, 5, 4);
    shelf_session(&s.shelf, "2025-07-15", TRAINING_WORD_VBA, 6, 6, 6);
    shelf_session(&s.shelf, "2025-07-16", TRAINING_WORD_VBA, 300, FACT_NO_COUNT, FACT_NO_COUNT);
    shelf_session(&s.shelf, "2025-07-16", TRAINING_WORD_PRACTITIONER, 7, 0, 0);
    shelf_session(&s.shelf, "2025-07-16", TRAINING_WORD_REFRESHER, 0, FACT_NO_COUNT, FACT_NO_COUNT);
    shelf_session(&s.shelf, "2025-07-17", TRAINING_WORD_SPECIALTY, 20, 10, 7);
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK(kpi(&s, "3.1")->quarter.numerator == 2, "five are too few, six and 300 enough");
    CHECK(kpi(&s, "3.2")->quarter.numerator == 1 && kpi(&s, "3.3")->quarter.numerator == 0, "by type");
    CHECK_FIGURE(kpi(&s, "3.4")->quarter, 17, 21, "ratings of all sessions, blanks left out");
    scene_close(&s);
}

/* Annual 6: 1, 3, 4, 6; annual 4: 1, 2, 3, 4; annual 2: 0, 1, 1, 2. One short is AMBER, two RED. */
static void whole_sessions(void) {
    static const struct {
        const char *ref;
        enum training_word type;
        int to_date[4];
    } CASES[] = {{"3.1", TRAINING_WORD_VBA, {1, 3, 4, 6}},
                 {"3.2", TRAINING_WORD_PRACTITIONER, {1, 2, 3, 4}},
                 {"3.3", TRAINING_WORD_REFRESHER, {0, 1, 1, 2}}};
    for (size_t i = 0; i < 3; i++) {
        for (int quarter = 1; quarter <= 4; quarter++) {
            for (int held = 0; held <= 7; held++) {
                struct scene s;
                char period[PERIOD_TEXT];
                scene_open(&s);
                shelf_part(&s.shelf, PART_TRAINING_SESSIONS, period_iso("2025-26-Q1"));
                for (int n = 0; n < held; n++)
                    shelf_session(&s.shelf, "2025-04-14", CASES[i].type, 6, 0, 0);
                ask(&s, period_format(period_of(2025, quarter), period), "2026-06-01");
                int target = CASES[i].to_date[quarter - 1], shortage = target - held;
                const struct figure *f = &kpi(&s, CASES[i].ref)->year_to_date;
                CHECK(fraction_cmp(f->goal.target, fraction_of(target, 1)) == 0, "%s Q%d: %d", CASES[i].ref,
                      quarter, target);
                enum rag expected = shortage <= 0 ? RAG_GREEN : shortage == 1 ? RAG_AMBER : RAG_RED;
                CHECK(f->rag == expected, "%s Q%d, %d of %d: %s", CASES[i].ref, quarter, held, target,
                      said(f->rag));
                scene_close(&s);
            }
        }
    }
}

static void ratings_in_order(void) {
    struct scene s;
    scene_open(&s);
    shelf_part(&s.shelf, PART_TRAINING_SESSIONS, period_iso("2025-26-Q2"));
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "3.4")->rag, RAG_NOT_DUE, "a nil return");
    shelf_session(&s.shelf, "2025-07-14", TRAINING_WORD_VBA, 5, 0, 0);
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "3.4")->rag, RAG_NO_DATA, "a session without ratings");
    shelf_session(&s.shelf, "2025-07-14", TRAINING_WORD_VBA, 20, 20, 17);
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "3.4")->rag, RAG_GREEN, "85 % exactly");
    scene_close(&s);
}

/* ---- contacts ---- */

static void calls(void) {
    struct scene s;
    scene_open(&s);
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "2.1")->rag, RAG_NO_DATA, "never sent");
    shelf_part(&s.shelf, PART_CONTACTS, period_iso("2025-26-Q2"));
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "2.1")->rag, RAG_NOT_DUE, "a nil return");
    shelf_contact(&s.shelf, "2025-07-01", 0, 0);
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "2.1")->rag, RAG_NO_DATA, "zero calls");
    shelf_contact(&s.shelf, "2025-08-01", 70000, 66500);
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_FIGURE(kpi(&s, "2.1")->quarter, 66500, 70000, "larger than 16 bits");
    CHECK_RAG(kpi(&s, "2.1")->rag, RAG_GREEN, "95 % exactly");
    shelf_contact(&s.shelf, "2025-09-01", 1, 0);
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "2.1")->rag, RAG_AMBER, "one call less");
    scene_close(&s);
}

/* ---- harm reduction ---- */

static void pathways(void) {
    struct scene s;
    scene_open(&s);
    shelf_part(&s.shelf, PART_HARM_REDUCTION, period_iso("2025-26-Q2"));
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "1.12")->rag, RAG_NOT_DUE, "a nil return");
    static const char *const OUTCOMES[] = {"CUT_DOWN_HALF_OR_MORE",
                                           "CUT_DOWN_LESS",
                                           "PARTIAL_SWITCH",
                                           "TEMPORARY_ABSTINENCE",
                                           "NO_CHANGE",
                                           "NOT_KNOWN",
                                           ""};
    for (size_t i = 0; i < 7; i++)
        shelf_pathway(&s.shelf, "2025-07-14", OUTCOMES[i], "");
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_FIGURE(kpi(&s, "1.12")->quarter, 3, 7, "three outcomes count");
    CHECK_RAG(kpi(&s, "1.12")->rag, RAG_BASELINE);
    shelf_pathway(&s.shelf, "2025-07-14", "PARTIAL_SWITCH", "quitter");
    shelf_pathway(&s.shelf, "2025-07-14", "NO_CHANGE", "quitter");
    shelf_pathway(&s.shelf, "2025-07-14", "PARTIAL_SWITCH", "smoker");
    shelf_pathway(&s.shelf, "2025-07-14", "PARTIAL_SWITCH", "nobody");
    /* The quitter's episode stands in an earlier period, and its outcome in follow-ups of a later one. */
    shelf_episode(&s.shelf, "quitter", "c", day_iso("2025-06-20"));
    shelf_follow_up(&s.shelf, period_iso("2025-26-Q3"), "quitter", STAGE_4W, 1, day_iso("2025-07-18"));
    episode_set_outcome(shelf_episode(&s.shelf, "smoker", "d", day_iso("2025-07-14")), STAGE_4W, 2, 28);
    ask(&s, "2025-26-Q2", "2025-08-01");
    CHECK_FIGURE(kpi(&s, "1.12")->quarter, 6, 11, "42 days after the quit date: not due yet");
    ask(&s, "2025-26-Q2", "2025-08-02");
    CHECK_FIGURE(kpi(&s, "1.12")->quarter, 5, 9, "the next day the quitter's rows are out");
    scene_close(&s);
}

static void all_became_quits(void) {
    struct scene s;
    scene_open(&s);
    episode_set_outcome(shelf_episode(&s.shelf, "e", "c", day_iso("2025-07-14")), STAGE_4W, 1, 28);
    shelf_pathway(&s.shelf, "2025-07-14", "PARTIAL_SWITCH", "e");
    ask(&s, "2025-26-Q2", "2026-02-20");
    CHECK_RAG(kpi(&s, "1.12")->rag, RAG_NO_DATA, "none is left to judge");
    scene_close(&s);
}

/* Asked for an authority, a pathway counts by its own; its episode may be of another one. */
static void pathways_by_authority(void) {
    struct scene s;
    scene_open(&s);
    struct fact_episode *e = shelf_episode(&s.shelf, "e", "c", day_iso("2025-07-14"));
    episode_set_outcome(e, STAGE_4W, 1, 28);
    e->authority = 9000001;
    shelf_pathway(&s.shelf, "2025-07-14", "PARTIAL_SWITCH", "e")->authority = 9000012;
    shelf_pathway(&s.shelf, "2025-07-14", "PARTIAL_SWITCH", "")->authority = 9000012;
    shelf_pathway(&s.shelf, "2025-07-14", "PARTIAL_SWITCH", "")->authority = 9000001;
    struct book book = shelf_book(&s.shelf);
    struct tally t;
    tally_count(s.f, &book, day_iso("2026-02-20"), &(struct tally_filter){9000012}, &t);
    int element = framework_element_find(s.f, STR("harmReduced"));
    CHECK(tally_get(&t, period_iso("2025-26-Q2"), element) == 1, "%lld",
          (long long)tally_get(&t, period_iso("2025-26-Q2"), element));
    tally_free(&t);
    scene_close(&s);
}

/* ---- what a site lends ---- */

static int64_t complete_items(struct scene *s, const char *period) {
    struct book book = shelf_book(&s->shelf);
    struct completeness c = {0};
    completeness_add(s->f, &book, period_iso(period), day_iso("2025-07-20"), &c, NULL, NULL);
    ask(s, period, "2025-07-20");
    CHECK(c.all_complete == kpi(s, "1.14")->quarter.numerator, "completeness and KPI 1.14 say the same");
    return c.complete[ITEM_SETTING];
}

static void settings_of_sites(void) {
    struct scene s;
    scene_open(&s);
    struct fact_episode *e = shelf_episode(&s.shelf, "e", "c", day_iso("2025-07-14"));
    e->site = hash128_of(STR("main")).a;
    CHECK(complete_items(&s, "2025-26-Q2") == 0, "no list of sites");
    shelf_site(&s.shelf, period_iso("2025-26-Q3"), "main", "13");
    CHECK(complete_items(&s, "2025-26-Q2") == 0, "a list of a later period only");
    shelf_site(&s.shelf, period_iso("2025-26-Q1"), "main", "13");
    shelf_site(&s.shelf, period_iso("2024-25-Q1"), "main", "");
    CHECK(complete_items(&s, "2025-26-Q2") == 1, "the newest of the earlier ones");
    shelf_site(&s.shelf, period_iso("2025-26-Q2"), "other", "13");
    CHECK(complete_items(&s, "2025-26-Q2") == 0, "its own period's list has not got the site");
    e->setting = fact_code(STR("22"));
    CHECK(complete_items(&s, "2025-26-Q2") == 1, "its own setting");
    scene_close(&s);
}

static void own_setting_is_kept(void) {
    struct shelf s = {.count = 0};
    struct fact_episode room, *e = shelf_episode(&s, "e", "c", day_iso("2025-07-14"));
    e->site = hash128_of(STR("main")).a;
    shelf_site(&s, period_iso("2025-26-Q1"), "main", "13");
    struct book book = shelf_book(&s);
    struct carried sites;
    carried_build(&book, PART_SITES, &sites);
    int16_t period = period_iso("2025-26-Q2");
    CHECK(carried_settle(&sites, period, e, &room)->setting == fact_code(STR("13")), "lent");
    CHECK(e->setting == 0, "what was sent is not touched");
    e->setting = fact_code(STR("22"));
    CHECK(carried_settle(&sites, period, e, &room) == e, "its own");
    CHECK(carried_at(&sites, period_iso("2024-25-Q4")) == NULL, "before the first list");
    carried_free(&sites);
    shelf_free(&s);
}

/* ---- conditions on counts ---- */

static void conditions_on_counts(void) {
    static const struct {
        const char *where;
        unsigned attendees;
        int counted;
    } CASES[] = {
        {"{\"column\": \"attendees\", \"from\": 6}", 5, 0},
        {"{\"column\": \"attendees\", \"from\": 6}", 6, 1},
        {"{\"column\": \"attendees\", \"from\": 6}", 99999, 1},
        {"{\"column\": \"attendees\", \"to\": 6}", 6, 1},
        {"{\"column\": \"attendees\", \"to\": 6}", 7, 0},
        {"{\"column\": \"attendees\", \"from\": 300, \"to\": 301}", 299, 0},
        {"{\"column\": \"attendees\", \"from\": 300, \"to\": 301}", 301, 1},
        {"{\"column\": \"attendees\", \"in\": [7, 4000]}", 4000, 1},
        {"{\"column\": \"attendees\", \"in\": [7, 4000]}", 8, 0},
        {"{\"column\": \"attendees\", \"notIn\": [7, 4000]}", 4000, 0},
        {"{\"column\": \"attendees\", \"notIn\": [7, 4000]}", 8, 1},
        {"{\"column\": \"ratingsReceived\", \"in\": [\"\"]}", 8, 1},
        {"{\"column\": \"ratingsReceived\", \"from\": 0}", 8, 0},
        {"{\"column\": \"outOfHours\", \"in\": [\"Y\"]}", 8, 0},
        {"{\"column\": \"ncsctCertified\", \"in\": [\"Y\"]}", 8, 1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct framework *f = framework_changed("{\"column\": \"attendees\", \"from\": 6}", CASES[i].where);
        struct shelf s = {.count = 0};
        shelf_session(&s, "2025-07-14", TRAINING_WORD_VBA, CASES[i].attendees, FACT_NO_COUNT, FACT_NO_COUNT)
            ->flags = FLAG_YES << (2 * TRAINING_FLAG_CERTIFIED) | FLAG_NO;
        struct book book = shelf_book(&s);
        struct tally t;
        tally_count(f, &book, day_iso("2026-02-20"), NULL, &t);
        int64_t n = tally_get(&t, period_iso("2025-26-Q2"), framework_element_find(f, STR("vbaSessions")));
        CHECK(n == CASES[i].counted, "%s with %u: %lld", CASES[i].where, CASES[i].attendees, (long long)n);
        tally_free(&t);
        shelf_free(&s);
        framework_free(f);
    }
}

void suite_kpi_parts(void);
void suite_kpi_parts(void) {
    suite_add("unit kpi parts", NULL, NULL);
    case_add("the second and fifth working day", limits);
    case_add("in time by working days", in_time);
    case_add("referrals: NO_DATA, NOT_DUE, rated", referrals_in_order);
    case_add("five attendees and six", six_attendees);
    case_add("whole sessions, one short and two", whole_sessions);
    case_add("ratings: NOT_DUE, NO_DATA, rated", ratings_in_order);
    case_add("calls: NO_DATA, NOT_DUE, NO_DATA, rated", calls);
    case_add("pathways without those that became quits", pathways);
    case_add("all pathways became quits", all_became_quits);
    case_add("pathways by authority", pathways_by_authority);
    case_add("a blank setting takes that of the site", settings_of_sites);
    case_add("an own setting is kept", own_setting_is_kept);
    case_add("conditions on counts", conditions_on_counts);
}
