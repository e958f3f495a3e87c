/* kpi_framework: what a framework file says, and what is told to a commissioner whose file is wrong. */
#include <stdio.h>
#include <stdlib.h>

#include "kpi/element.h"
#include "kpi/framework.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static void sample_says(void) {
    static const struct {
        const char *ref, *annual; /* NULL: baseline */
        enum kpi_unit unit;
        enum part_id part;
        int cohort_days;
    } KPIS[] = {
        {"1.1", "1600", KPI_COUNT, PART_EPISODES, 0},
        {"1.2", "1500", KPI_COUNT, PART_EPISODES, 0},
        {"1.3", "100", KPI_COUNT, PART_EPISODES, 0},
        {"1.4", "50", KPI_PERCENT, PART_EPISODES, 0},
        {"1.5", "60", KPI_PERCENT, PART_EPISODES, 0},
        {"1.6", "85", KPI_PERCENT, PART_EPISODES, 0},
        {"1.7", "40", KPI_PERCENT, PART_EPISODES, 98},
        {"1.8", NULL, KPI_PERCENT, PART_EPISODES, 98},
        {"1.9", "15", KPI_PERCENT, PART_EPISODES, 0},
        {"1.10", "60", KPI_PERCENT, PART_EPISODES, 210},
        {"1.11", "40", KPI_PERCENT, PART_EPISODES, 393},
        {"1.12", NULL, KPI_PERCENT, PART_HARM_REDUCTION, 0},
        {"1.13", "90", KPI_PERCENT, PART_EPISODES, 0},
        {"1.14", "95", KPI_PERCENT, PART_EPISODES, 0},
        {"2.1", "95", KPI_PERCENT, PART_CONTACTS, 0},
        {"2.2", "95", KPI_PERCENT, PART_REFERRALS, 0},
        {"2.3", "85", KPI_PERCENT, PART_REFERRALS, 0},
        {"3.1", "6", KPI_COUNT, PART_TRAINING_SESSIONS, 0},
        {"3.2", "4", KPI_COUNT, PART_TRAINING_SESSIONS, 0},
        {"3.3", "2", KPI_COUNT, PART_TRAINING_SESSIONS, 0},
        {"3.4", "85", KPI_PERCENT, PART_TRAINING_SESSIONS, 0},
        {"4.1", "50", KPI_PERCENT, PART_EPISODES, 0},
        {"4.2", "45", KPI_PERCENT, PART_EPISODES, 0},
        {"4.3a", "10", KPI_PERCENT, PART_EPISODES, 0},
        {"4.3b", "15", KPI_PERCENT, PART_EPISODES, 0},
        {"4.3c", "2", KPI_PERCENT, PART_EPISODES, 0},
        {"4.3d", "1.5", KPI_PERCENT, PART_EPISODES, 0},
        {"4.4", "5", KPI_PERCENT, PART_EPISODES, 0},
        {"4.5", "2", KPI_PERCENT, PART_EPISODES, 0},
    };
    struct framework *f = framework_sample();
    CHECK(f->kpi_count == COUNT_OF(KPIS), "29 KPIs: %zu", f->kpi_count);
    for (size_t i = 0; i < f->kpi_count && i < COUNT_OF(KPIS); i++) {
        const struct kpi *k = &f->kpis[i];
        CHECK(strcmp(k->ref, KPIS[i].ref) == 0, "%zu is %s, not %s", i, k->ref, KPIS[i].ref);
        CHECK(k->unit == KPIS[i].unit && k->part == KPIS[i].part && k->cohort_days == KPIS[i].cohort_days,
              "%s", k->ref);
        for (int year = 2023; year <= 2026; year++) {
            const struct kpi_year *y = kpi_year_find(k, year);
            struct decimal annual = {0, 0};
            if (KPIS[i].annual) decimal_parse(str_of(KPIS[i].annual), &annual);
            CHECK(y && y->has_target == (KPIS[i].annual != NULL), "%s %d", k->ref, year);
            CHECK(y && fraction_cmp(fraction_of_decimal(y->annual), fraction_of_decimal(annual)) == 0,
                  "%s %d", k->ref, year);
        }
        CHECK(!kpi_year_find(k, 2022) && !kpi_year_find(k, 2027), "%s outside the years", k->ref);
    }
    framework_free(f);
}

static void sample_settings(void) {
    struct framework *f = framework_sample();
    struct follow_up_windows w = DEFAULT_WINDOWS;
    CHECK(memcmp(&f->windows, &w, sizeof w) == 0, "the windows of the contract");
    CHECK(f->co_below == 10 && f->still_quit && !f->satisfaction_respondents && !f->items.declined_is_unknown,
          "settings");
    CHECK(strcmp(f->id, "city-and-hackney") == 0 && strcmp(f->service, f->id) == 0, "id and service");
    CHECK(f->first_year == 2023 && f->last_year == 2026, "2023-24 to 2026-27");
    CHECK(framework_has_period(f, period_iso("2026-27-Q4")) &&
              !framework_has_period(f, period_iso("2022-23-Q4")),
          "periods");
    for (int year = 2023; year <= 2026; year++)
        CHECK(framework_contract_pence(f, year) == 72000000, "contract value of %d", year);
    CHECK(framework_contract_pence(f, 2022) == 0, "no contract before");
    CHECK(f->payment_kpi && strcmp(f->payment_kpi->ref, "1.5") == 0 && f->payment_kpi->earns, "1.5 earns");
    CHECK(f->payment_percent.units == 5 && f->payment_percent.scale == 0, "5 %% of it");
    CHECK(f->local_code_count == 4 && strcmp(f->local_codes[0].code, "CT") == 0, "local codes");
    CHECK(f->holidays.count == 41, "bank holidays: %zu", f->holidays.count);
    CHECK(!framework_kpi(f, STR("1.5"))->raises_plan && framework_kpi(f, STR("1.9"))->raises_plan,
          "1.5 raises no plan");
    CHECK(framework_kpi(f, STR("1.9"))->strict && framework_kpi(f, STR("1.9"))->direction == KPI_LOWER,
          "1.9 < 15 %%");
    CHECK(framework_kpi(f, STR("1.1"))->strategic_lead && framework_kpi(f, STR("1.1"))->departmental_lead,
          "leads");
    CHECK(!framework_kpi(f, STR("9.9")), "there is no 9.9");
    framework_free(f);
}

static void sample_providers(void) {
    struct framework *f = framework_sample();
    const struct framework_provider *p = framework_provider_find(f, STR("homerton"));
    CHECK(f->provider_count == 2 && p && !p->group, "homerton, of no group");
    CHECK(framework_provider_find(f, STR("pharmacies")) && !framework_provider_find(f, STR("pharmacy")),
          "pharmacies");
    static const enum part_id EXPECTED[] = {PART_EPISODES, PART_FOLLOW_UPS, PART_REFERRALS, PART_CONTACTS,
                                            PART_TRAINING_SESSIONS};
    uint32_t expected = 0;
    for (size_t i = 0; i < COUNT_OF(EXPECTED); i++)
        expected |= 1u << EXPECTED[i];
    for (unsigned part = 0; part < PART_COUNT; part++) {
        bool is = framework_expects(p, (enum part_id)part, period_iso("2025-26-Q1"));
        CHECK(is == (expected >> part & 1u), "%s", part_name((enum part_id)part));
    }
    CHECK(!framework_expects(p, PART_EPISODES, period_iso("2022-23-Q4")), "not before 2023-24-Q1");
    CHECK(framework_expects(p, PART_EPISODES, period_iso("2023-24-Q1")), "from 2023-24-Q1");
    CHECK(framework_expects(p, PART_EPISODES, period_iso("2031-32-Q4")), "open-ended");
    framework_free(f);
}

static void years_differ(void) {
    struct framework *f = framework_changed(
        "\"numerator\": \"lost4\",",
        "\"years\": {\"2026-27\": {\"target\": \"12.5\","
        "\"tolerance\": {\"kind\": \"POINTS\", \"value\": 2}}, \"2023-24\": {\"target\": null}},"
        "\"numerator\": \"lost4\",");
    const struct kpi *k = framework_kpi(f, STR("1.9"));
    CHECK(!kpi_year_find(k, 2023)->has_target, "2023-24 is a baseline year");
    CHECK(kpi_year_find(k, 2025)->annual.units == 15 && !kpi_year_find(k, 2025)->tolerance_by_commissioner,
          "2025-26 as ever");
    const struct kpi_year *last = kpi_year_find(k, 2026);
    CHECK(last->annual.units == 125 && last->annual.scale == 1, "2026-27: 12.5");
    CHECK(last->tolerance == TOLERANCE_POINTS && last->tolerance_by_commissioner,
          "2026-27: 2 points, by the commissioner");
    framework_free(f);
    f = framework_changed("\"target\": 1600, \"profile\": [25, 50, 75, 100]",
                          "\"target\": 1600, \"profile\": [20, \"52.5\", 71, 100]");
    const struct kpi_year *y = kpi_year_find(framework_kpi(f, STR("1.1")), 2024);
    CHECK(y->profile[1].units == 525 && y->profile[1].scale == 1, "a profile of its own");
    framework_free(f);
}

/* A change to the sample that makes it wrong, and what the fault must name: where, and what to do. */
static void faults_name_place_and_fix(void) {
    static const struct {
        const char *label, *from, *to, *pointer, *words;
    } CASES[] = {
        {"unknown member", "\"profile\": [25, 50, 75, 100]", "\"profil\": [25, 50, 75, 100]",
         "/kpis/0/profil", "\"profile\""},
        {"unknown member at the top", "\"leads\":", "\"leeds\":", "/leeds", "\"leads\""},
        {"fraction as number", "\"target\": \"1.5\"", "\"target\": 1.5", "/kpis/26/target", "quotes"},
        {"text for a number", "\"target\": 1600", "\"target\": \"many\"", "/kpis/0/target", "decimal"},
        {"percent above 100", "\"target\": 95", "\"target\": 950", "/kpis/13/target", "between 0 and 100"},
        {"negative target", "\"target\": 1600", "\"target\": -1", "/kpis/0/target", "between"},
        {"unknown element", "\"numerator\": \"quit4\"", "\"numerator\": \"qui4\"", "/kpis/3/numerator",
         "\"quit4\""},
        {"missing numerator", "\"numerator\": \"setQuitDate\", ", "", "/kpis/0/numerator", "missing"},
        {"unknown condition", "\"is\": [\"quit4\"]", "\"is\": [\"quit4w\"]", "/elements/quit4/is/0",
         "\"quit4\""},
        {"unknown column", "\"column\": \"imdQuintile\"", "\"column\": \"imdQuintil\"",
         "/elements/mostDeprived/where/0/column", "\"imdQuintile\""},
        {"code too long", "[\"CT\", \"CK\", \"CY\"]", "[\"CTX\", \"CK\", \"CY\"]",
         "/elements/turkishKurdishCypriot/where/0/in/0", "code"},
        {"neither in nor notIn", "\"column\": \"pregnant\", \"in\": [\"Y\"]", "\"column\": \"pregnant\"",
         "/elements/pregnant/where/0", "exactly one"},
        {"range on a code", "\"column\": \"nssec\", \"in\": [\"08\"]", "\"column\": \"nssec\", \"from\": 8",
         "/elements/routineAndManual/where/0", "number"},
        {"wrong cohort", "\"cohort\": \"CLOSES_52W\"", "\"cohort\": \"CLOSES_1Y\"", "/elements/due52/cohort",
         "CLOSES_52W"},
        {"two cohorts in one KPI", "\"due\": \"due12\", \"waiting\": \"notDue12\", \"target\": 40",
         "\"due\": \"due4\", \"waiting\": \"notDue12\", \"target\": 40", "/kpis/6", "cohorts"},
        {"numerator outside its denominator",
         "\"numerator\": \"quit4\", \"denominator\": \"due4\", \"due\": \"due4\", \"waiting\": \"notDue4\",",
         "\"numerator\": \"due4\", \"denominator\": \"quit4\", \"due\": \"due4\", \"waiting\": \"notDue4\",",
         "/kpis/3", "denominator"},
        {"numerator without what its denominator leaves out",
         "\"part\": \"harm-reduction\", \"isNot\": [\"episodeQuit4\"],\n", "\"part\": \"harm-reduction\",\n",
         "/kpis/11", "denominator"},
        {"count with denominator", "\"numerator\": \"setQuitDate\",",
         "\"numerator\": \"setQuitDate\", \"denominator\": \"due4\",", "/kpis/0/denominator", "COUNT"},
        {"rate without denominator",
         "\"denominator\": \"due4\", \"due\": \"due4\", \"waiting\": \"notDue4\",",
         "\"due\": \"due4\", \"waiting\": \"notDue4\",", "/kpis/3/denominator", "missing"},
        {"national: over episodes", "\"national\": {\"numerator\": \"nationalSet\"}",
         "\"national\": {\"numerator\": \"setQuitDate\"}", "/kpis/0/national", "part national"},
        {"national: a rate without denominator",
         "{\"numerator\": \"nationalQuit\", \"denominator\": \"nationalSetByAge\",",
         "{\"numerator\": \"nationalQuit\",", "/kpis/3/national/denominator", "missing"},
        {"national: a count with denominator", "{\"numerator\": \"nationalSet\"}",
         "{\"numerator\": \"nationalSet\", \"denominator\": \"nationalSet\"}", "/kpis/0/national/denominator",
         "COUNT"},
        {"national: of a KPI that is not over episodes", "\"numerator\": \"vbaSessions\",",
         "\"numerator\": \"vbaSessions\", \"national\": {\"numerator\": \"nationalSet\"},",
         "/kpis/17/national", "episodes"},
        {"profile falls", "\"profile\": [25, 50, 75, 100]", "\"profile\": [25, 20, 75, 100]",
         "/kpis/0/profile/1", "fall"},
        {"profile does not end with 100", "\"profile\": [25, 50, 75, 100]", "\"profile\": [25, 50, 75, 99]",
         "/kpis/0/profile", "100"},
        {"profile of three", "\"profile\": [25, 50, 75, 100]", "\"profile\": [25, 50, 100]",
         "/kpis/0/profile", "four"},
        {"limits the wrong way round", "\"green\": 60, \"red\": 50", "\"green\": 50, \"red\": 60",
         "/kpis/4/tolerance", "above red"},
        {"payment of an unknown KPI", "{\"kpi\": \"1.5\"", "{\"kpi\": \"1.55\"", "/payment/kpi", "1.55"},
        {"payment of a KPI without limits", "{\"kpi\": \"1.5\"", "{\"kpi\": \"1.4\"", "/payment/kpi",
         "LIMITS"},
        {"a gap between years", "\"2025-26\", \"2026-27\"]", "\"2026-27\"]", "/years/2", "gap"},
        {"contract of another year", "\"2026-27\": 72000000", "\"2027-28\": 72000000",
         "/contractValuePence/2027-28", "year"},
        {"window upside down", "\"from\": 25, \"to\": 42", "\"from\": 42, \"to\": 25",
         "/settings/windows/4W/to", "between 42"},
        {"unknown setting value", "\"ALL_QUITTERS\"", "\"EVERYBODY\"", "/settings/satisfactionBase",
         "RESPONDENTS"},
        {"unknown part", "\"expectedParts\": [\"episodes\"", "\"expectedParts\": [\"episode\"",
         "/providers/0/expectedParts/0", "part"},
        {"a provider twice", "\"id\": \"pharmacies\"", "\"id\": \"homerton\"", "/providers/1", "already"},
        {"a KPI twice", "\"ref\": \"1.2\"", "\"ref\": \"1.1\"", "/kpis/1", "already"},
        {"ill-formed provider id", "\"id\": \"pharmacies\"", "\"id\": \"the pharmacies\"", "/providers/1/id",
         "letters"},
        {"holidays out of order", "\"2023-01-02\", \"2023-04-07\"", "\"2023-04-07\", \"2023-01-02\"",
         "/bankHolidays/1", "order"},
        {"no day", "\"2023-01-02\"", "\"2023-02-30\"", "/bankHolidays/0", "day"},
        {"working days of episodes", "\"part\": \"episodes\", \"cohort\": \"QUIT_DATE\", \"is\": [\"lost4\"]",
         "\"part\": \"episodes\", \"cohort\": \"QUIT_DATE\", \"workingDays\": {\"limit\": 2, \"state\": \"PASSED\"}",
         "/elements/lost4/workingDays", "referrals"},
        {"sum of a code", "\"sum\": \"ratingsReceived\"", "\"sum\": \"type\"",
         "/elements/ratingsReceived/sum", "number"},
        {"a pointer with a slash", "\"due12\": {\"part\"", "\"a/b~c\": {\"prt\"", "/elements/a~1b~0c/prt",
         "\"part\""},
    };
    struct framework *good = framework_sample();
    framework_free(good);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct fault fault = {0};
        struct framework *f = NULL;
        enum err e = framework_changed_parse(CASES[i].from, CASES[i].to, &fault, &f);
        CHECK(e == ERR_INVALID, "%s: %s", CASES[i].label, err_info(e)->code);
        char wanted[200];
        snprintf(wanted, sizeof wanted, "%s: ", CASES[i].pointer);
        CHECK(strncmp(fault.detail, wanted, strlen(wanted)) == 0, "%s: not at %s: %s", CASES[i].label,
              CASES[i].pointer, fault.detail);
        CHECK(strstr(fault.detail, CASES[i].words) != NULL, "%s: without '%s': %s", CASES[i].label,
              CASES[i].words, fault.detail);
        if (e == OK) framework_free(f);
    }
}

/* A code that nobody can have is no error (a national list may get it later), but it never counts in silence. */
static void codes_that_nobody_has(void) {
    static const struct {
        const char *label, *from, *to, *pointer;
    } CASES[] = {
        {"a code of the list", "\"in\": [\"08\"]", "\"in\": [\"01\"]", NULL},
        {"no leading zero", "\"in\": [\"08\"]", "\"in\": [\"8\"]", "/elements/routineAndManual/where/0/in/0"},
        {"a number", "\"in\": [\"08\"]", "\"in\": [8]", "/elements/routineAndManual/where/0/in/0"},
        {"blank is no code", "\"in\": [\"\", \"96\"]", "\"in\": [\"\"]", NULL},
        {"a code to leave out", "\"notIn\": [\"1\"]", "\"notIn\": [\"7\"]",
         "/elements/pregnancyUnknown/where/1/notIn/0"},
        {"a local code", "[\"CT\", \"CK\", \"CY\"]", "[\"CQ\", \"CK\", \"CY\"]", NULL},
        {"a local code of no national one", "[\"CT\", \"CK\", \"CY\"]", "[\"TC\", \"CK\", \"CY\"]",
         "/elements/turkishKurdishCypriot/where/0/in/0"},
        {"in small letters", "\"in\": [\"K\"]", "\"in\": [\"k\"]", "/elements/bangladeshi/where/0/in/0"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct fault fault = {0};
        struct framework *f = NULL;
        CHECK(framework_changed_parse(CASES[i].from, CASES[i].to, &fault, &f) == OK, "%s: %s", CASES[i].label,
              fault.detail);
        const struct config_warning *w = f ? f->warnings : NULL;
        CHECK((w != NULL) == (CASES[i].pointer != NULL) && !(w && w->next), "%s: %s", CASES[i].label,
              w ? w->pointer : "nothing");
        if (w && CASES[i].pointer)
            CHECK(strcmp(w->pointer, CASES[i].pointer) == 0 && strstr(w->detail, "/v1/code-lists"),
                  "%s: %s: %s", CASES[i].label, w->pointer, w->detail);
        if (f) framework_free(f);
    }
}

static void no_json(void) {
    static const str BAD[] = {STR(""), STR("{"), STR("{\"id\":\"a\",\"id\":\"b\"}"), STR("{} x"),
                              STR("{\"a\":\"\xff\"}")};
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct fault fault = {0};
        struct framework *f = NULL;
        CHECK(framework_parse(BAD[i], 1, &fault, &f) == ERR_MALFORMED && !f, "'%.*s'", STR_ARG(BAD[i]));
        CHECK(strstr(fault.detail, "line") != NULL, "the place is named: %s", fault.detail);
    }
    static const str NO_OBJECT[] = {STR("[]"), STR("{}"), STR("{\"kpis\":7}")};
    for (size_t i = 0; i < COUNT_OF(NO_OBJECT); i++) {
        struct framework *f = NULL;
        CHECK(framework_parse(NO_OBJECT[i], 1, NULL, &f) == ERR_INVALID && !f, "'%.*s'",
              STR_ARG(NO_OBJECT[i]));
    }
}

/* Every prefix of the sample, and the sample with one byte changed, is refused or read, never a crash
 * (ASan, UBSan). */
static void broken_files(void) {
    struct buf text = BUF_EMPTY;
    sample_text_copy(&text);
    unsigned read = 0;
    for (size_t at = 0; at < text.n; at += 7) {
        char kept = text.p[at];
        static const char BYTES[] = {'0', '"', ',', '}', '-', ' ', 'x', '\0'};
        text.p[at] = BYTES[at / 7 % sizeof BYTES];
        struct fault fault = {0};
        struct framework *f = NULL;
        enum err e = framework_parse(buf_str(&text), 1, &fault, &f);
        read += e == OK;
        if (e == OK) framework_free(f);
        else CHECK(fault.detail[0] != '\0', "byte %zu: a fault has words", at);
        text.p[at] = kept;
    }
    CHECK(read > 100, "changes within titles do no harm: %u", read);
    buf_free(&text);
}

/* What is set for action plans, and what holds where nothing is. */
static void plans_set(void) {
    static const struct {
        const char *plans;
        bool good;
        int due;
        const char *first, *last;
    } CASES[] = {
        {"{}", true, 10, "Reminder", "Contractual mechanism"},
        {"{\"planDueWorkingDays\":15,\"planEscalation\":{\"STILL_RED\":\"Notice\"}}", true, 15, "Reminder",
         "Notice"},
        {"{\"planEscalation\":{\"OVERDUE\":\"Nudge\"}}", true, 10, "Nudge", "Contractual mechanism"},
        {"{\"planEscalation\":null}", true, 10, "Reminder", "Contractual mechanism"},
        {"{\"planDueWorkingDays\":0}", false, 0, "", ""},
        {"{\"planEscalation\":{\"LATE\":\"Nudge\"}}", false, 0, "", ""},
        {"{\"planReminderDays\":[10,5,0],\"returnReminderDays\":[]}", true, 10, "Reminder",
         "Contractual mechanism"},
        {"{\"planReminderDays\":null}", true, 10, "Reminder", "Contractual mechanism"},
        {"{\"planReminderDays\":[3,14]}", false, 0, "", ""},
        {"{\"planReminderDays\":[3,3]}", false, 0, "", ""},
        {"{\"planReminderDays\":[61]}", false, 0, "", ""},
        {"{\"planReminderDays\":[-1]}", false, 0, "", ""},
        {"{\"planReminderDays\":[9,8,7,6,5,4,3,2,1]}", false, 0, "", ""},
        {"{\"returnReminderDays\":14}", false, 0, "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        char text[900];
        snprintf(
            text, sizeof text,
            "{\"id\":\"p\",\"service\":\"p\",\"name\":\"P\",\"years\":[\"2025-26\"],\"settings\":%s,"
            "\"providers\":[{\"id\":\"a\",\"name\":\"A\",\"expectedParts\":[\"episodes\"]}],"
            "\"elements\":{\"all\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\"}},"
            "\"kpis\":[{\"ref\":\"Y\",\"section\":\"x\",\"title\":\"Y\",\"unit\":\"COUNT\",\"direction\":\"HIGHER\",\"numerator\":\"all\",\"target\":10}]}",
            CASES[i].plans);
        struct fault fault = {0};
        struct framework *f = NULL;
        enum err e = framework_parse(str_of(text), 1, &fault, &f);
        CHECK((e == OK) == CASES[i].good, "%s: %s", CASES[i].plans, fault.detail);
        if (e != OK) continue;
        CHECK(f->plan_due_days == CASES[i].due &&
                  str_is(str_of(CASES[i].first), f->plan_levels[PLAN_OVERDUE]) &&
                  str_is(str_of(CASES[i].last), f->plan_levels[PLAN_STILL_RED]),
              "%s", CASES[i].plans);
        framework_free(f);
    }
}

/* A framework of other KPIs: nothing of the first is compiled in. */
static void another_framework(void) {
    static const char TEXT[] =
        "{\"id\":\"elsewhere\",\"service\":\"elsewhere\",\"name\":\"Elsewhere\",\"years\":[\"2025-26\"],"
        "\"settings\":{\"windows\":{\"4W\":{\"from\":20,\"to\":50}},\"coVerifiedBelow\":4},"
        "\"providers\":[{\"id\":\"a\",\"name\":\"A\",\"expectedParts\":[\"episodes\"]}],"
        "\"elements\":{\"all\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\"},"
        "\"young\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\",\"where\":[{\"column\":\"ageAtQuitDate\",\"to\":17}]},"
        "\"tenants\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\",\"where\":[{\"column\":\"housingTenure\",\"in\":[\"PRIVATE_RENT\",\"SOCIAL_RENT\"]}]},"
        "\"lungs\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\",\"where\":[{\"column\":\"longTermConditions\",\"in\":[\"COPD\",\"ASTHMA\"]}]},"
        "\"abroad\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\",\"where\":[{\"column\":\"localAuthority\",\"notIn\":[\"E09000012\",\"E09000001\"]}]},"
        "\"adults\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\",\"where\":[{\"column\":\"ageAtQuitDate\",\"from\":18}]},"
        "\"due\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\",\"is\":[\"due4\"]},"
        "\"smokers\":{\"part\":\"episodes\",\"cohort\":\"QUIT_DATE\",\"is\":[\"due4\"],\"isNot\":[\"quit4\"]}},"
        "\"kpis\":[{\"ref\":\"Y\",\"section\":\"x\",\"title\":\"Young\",\"unit\":\"COUNT\",\"direction\":\"HIGHER\",\"numerator\":\"young\",\"target\":10},"
        "{\"ref\":\"S\",\"section\":\"x\",\"title\":\"Still smoking\",\"unit\":\"PERCENT\",\"direction\":\"LOWER\",\"numerator\":\"smokers\","
        "\"denominator\":\"due\",\"due\":\"due\",\"target\":\"33.5\",\"tolerance\":{\"kind\":\"POINTS\",\"value\":\"1.5\"}}]}";
    struct fault fault = {0};
    struct framework *f = NULL;
    enum err e = framework_parse(str_of(TEXT), 7, &fault, &f);
    CHECK(e == OK, "%s", fault.detail);
    if (e != OK) return;
    struct shelf s = {.count = 0};
    int32_t quit = day_iso("2025-05-01");
    static const struct {
        uint8_t age, tenure, conditions;
        uint32_t authority;
        int outcome, days;
    } PEOPLE[] = {
        {17, 2, 1, 9000012, 1, 50}, {18, 3, 16, 9000001, 1, 51}, {FACT_NO_AGE, 1, 8, 9000033, 2, 20},
        {0, 0, 0, 0, 0, 0},         {16, 6, 17, 9000012, 1, 20},
    };
    for (size_t i = 0; i < COUNT_OF(PEOPLE); i++) {
        char id[8];
        snprintf(id, sizeof id, "e%zu", i);
        struct fact_episode *p = shelf_episode(&s, id, id, quit);
        p->age = PEOPLE[i].age;
        p->tenure = PEOPLE[i].tenure;
        p->conditions = PEOPLE[i].conditions;
        p->authority = PEOPLE[i].authority;
        episode_set_outcome(p, STAGE_4W, PEOPLE[i].outcome, PEOPLE[i].days);
    }
    struct book book = shelf_book(&s);
    struct tally t;
    tally_count(f, &book, quit + 51, NULL, &t);
    static const struct {
        const char *element;
        int64_t expected;
    } COUNTS[] = {{"all", 5},   {"young", 3},  {"adults", 1}, {"tenants", 2},
                  {"lungs", 3}, {"abroad", 2}, {"due", 5},    {"smokers", 3}};
    for (size_t i = 0; i < COUNT_OF(COUNTS); i++) {
        int64_t got =
            tally_get(&t, period_iso("2025-26-Q1"), framework_element_find(f, str_of(COUNTS[i].element)));
        CHECK(got == COUNTS[i].expected, "%s: %lld", COUNTS[i].element, (long long)got);
    }
    CHECK(f->version == 7 && !f->payment_kpi && f->providers[0].from == INT16_MIN,
          "what is left out has a default");
    tally_free(&t);
    shelf_free(&s);
    framework_free(f);
}

/* Every code of one or two characters is told from every other, in ethnicCategory apart from the local
 * second character. */
static void codes_are_told_apart(void) {
    static const char CHARACTERS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    enum { COUNT = sizeof CHARACTERS - 1 };
    bool seen[CODE_TABLE_SIZE] = {false};
    int clashes = 0;
    seen[code_index(0)] = true;
    for (int a = 0; a < COUNT; a++) {
        for (int b = -1; b < COUNT; b++) {
            char text[3] = {CHARACTERS[a], b < 0 ? '\0' : CHARACTERS[b], '\0'};
            unsigned at = code_index(fact_code(str_of(text)));
            clashes += seen[at];
            seen[at] = true;
        }
    }
    CHECK(clashes == 0, "%d codes share a place", clashes);
}

static void conditions_of_each_kind(void) {
    static const struct {
        const char *label, *column, *codes[4];
        bool negated;
        const char *value; /* the episode's */
        bool meets;
    } CASES[] = {
        {"code in", "nssec", {"08", "09"}, false, "08", true},
        {"code not in the list", "nssec", {"08", "09"}, false, "80", false},
        {"one character is itself", "gender", {"1"}, false, "1", true},
        {"and no other", "gender", {"1"}, false, "10", false},
        {"blank in", "nssec", {"", "96"}, false, "", true},
        {"blank not in", "nssec", {"96"}, true, "", true},
        {"not in", "nssec", {"96"}, true, "96", false},
        {"ethnic: any second", "ethnicCategory", {"M"}, false, "MZ", true},
        {"ethnic: none second", "ethnicCategory", {"M"}, false, "M", true},
        {"ethnic: another first", "ethnicCategory", {"M"}, false, "CM", false},
        {"ethnic: exact", "ethnicCategory", {"CT"}, false, "CT", true},
        {"ethnic: exact, no second", "ethnicCategory", {"CT"}, false, "C", false},
        {"ethnic: not in, any second", "ethnicCategory", {"C"}, true, "CT", false},
        {"ethnic: blank", "ethnicCategory", {""}, false, "", true},
        {"ethnic: blank is not A", "ethnicCategory", {""}, false, "A", false},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct arena a = ARENA_EMPTY;
        uint32_t values[4] = {0};
        bool any_second[4] = {false};
        struct condition c = {.column = fact_column_find(PART_EPISODES, str_of(CASES[i].column)),
                              .negated = CASES[i].negated};
        for (; c.value_count < 4 && CASES[i].codes[c.value_count]; c.value_count++) {
            str code = str_of(CASES[i].codes[c.value_count]);
            CHECK(fact_value_parse(c.column, code, &values[c.value_count]), "%s: a code", CASES[i].label);
            any_second[c.value_count] = c.column->kind == FACT_ETHNIC && code.n == 1;
        }
        c.values = values;
        c.any_second = any_second;
        struct column_plan plan = column_plan_make(&a, &c, 1);
        struct fact_episode e = {.age = FACT_NO_AGE};
        uint16_t code = fact_code(str_of(CASES[i].value));
        memcpy((char *)&e + c.column->offset, &code, sizeof code);
        CHECK(conditions_met(&plan, &e) == CASES[i].meets, "%s", CASES[i].label);
        arena_free(&a);
    }
}

/* docs/framework.md lists what the code knows: no condition, column or kind is missing there. */
static void documentation_is_whole(void) {
    struct buf text = BUF_EMPTY;
    char piece[4096];
    FILE *f = fopen("docs/framework.md", "rb");
    CHECK(f != NULL, "docs/framework.md is there (the tests run in the root of the clone)");
    if (!f) return;
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&text, piece, n);
    fclose(f);
    for (unsigned d = 0; d < DERIVED_COUNT; d++) {
        const struct derived_info *i = derived_info((enum derived)d);
        snprintf(piece, sizeof piece, "| `%s` | %s |", i->name, i->meaning);
        CHECK(memmem(text.p, text.n, piece, strlen(piece)) != NULL, "no line %s", piece);
    }
    for (unsigned part = 0; part < PART_COUNT; part++) {
        str names[64];
        size_t count = fact_column_names((enum part_id)part, names, COUNT_OF(names));
        snprintf(piece, sizeof piece, "\n| `%s` | ", part_name((enum part_id)part));
        const char *line = memmem(text.p, text.n, piece, strlen(piece));
        CHECK(count == 0 || line != NULL, "no line of %s", part_name((enum part_id)part));
        const char *end = line ? memchr(line + 1, '\n', text.n - (size_t)(line + 1 - text.p)) : NULL;
        for (size_t c = 0; end && c < count; c++) {
            snprintf(piece, sizeof piece, "`%.*s`", STR_ARG(names[c]));
            CHECK(memmem(line, (size_t)(end - line), piece, strlen(piece)) != NULL, "%s is missing", piece);
        }
    }
    for (int k = TOLERANCE_RELATIVE; k <= TOLERANCE_WHOLE; k++) {
        snprintf(piece, sizeof piece, "| `%s` |", tolerance_kind_name((enum tolerance_kind)k));
        CHECK(memmem(text.p, text.n, piece, strlen(piece)) != NULL, "no line %s", piece);
    }
    buf_free(&text);
}

void suite_kpi_framework(void);
void suite_kpi_framework(void) {
    suite_add("unit kpi framework", NULL, NULL);
    case_add("the KPIs of City and Hackney", sample_says);
    case_add("its settings", sample_settings);
    case_add("its providers and what is expected of them", sample_providers);
    case_add("targets, profiles and tolerances by year", years_differ);
    case_add("a wrong file: where, what and what to do", faults_name_place_and_fix);
    case_add("a code that nobody has is warned of", codes_that_nobody_has);
    case_add("no JSON at all", no_json);
    case_add("a changed byte never does harm", broken_files);
    case_add("conditions on codes", conditions_of_each_kind);
    case_add("no two codes are taken for one", codes_are_told_apart);
    case_add("the documentation lists all of it", documentation_is_whole);
    case_add("other KPIs, other windows: nothing is compiled in", another_framework);
    case_add("what is set for action plans", plans_set);
}
