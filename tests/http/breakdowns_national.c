/* Breakdowns over HTTPS where one provider sends episodes and the other the national return (that of tests/support/national.h: 100 people,
 * 90 of them women, 50 quit): the totals are those of the dashboard, what is left out is told with its reason, the wider audience sees the
 * sum rounded, and the feed has the same cells. */
#include <stdio.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/national.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;

static void put(const char *key, const char *rest, str body) {
    char path[200];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s", rest);
    struct answer a = service_put(s, key, path, "text/csv", body);
    CHECK(a.status == 201, "%s: %ld %.*s", rest, a.status, STR_ARG(str_sub(buf_str(&a.body), 0, 500)));
    answer_free(&a);
}

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* homerton: a man who quit, a woman who did not; nothing of anybody's pregnancy. */
static void sent(void) {
    struct buf form = BUF_EMPTY;
    put(s->homerton, "homerton/2025-26-Q2/episodes",
        STR("episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,outcome4w,followUp4wDate,site\n"
            "E-1,C-1,E09000012,2025-07-14,40,1,1,2025-08-11,S1\nE-2,C-2,E09000012,2025-07-14,20,2,2,2025-08-11,\n"));
    put(s->homerton, "homerton/2025-26-Q2/harm-reduction",
        STR("pathwayId,startDate,localAuthority\nP-1,2025-07-01,E09000012\n"));
    national_add_csv(&form, period_iso("2025-26-Q2"), NULL);
    put(s->pharmacies, "pharmacies/2025-26-Q2/national", buf_str(&form));
    buf_free(&form);
}
static struct answer ask(const char *key, const char *query) {
    char path[300];
    snprintf(path, sizeof path, "/v1/breakdowns/city-and-hackney/2025-26-Q2?%s", query);
    struct answer a = service_get(s, key, path);
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    return a;
}

static void taken_in(void) {
    struct answer a = ask(s->commissioner, "measure=quit4&by=gender");
    check_text(&a, "rows.0.keys.gender", "1");
    check_text(&a, "rows.0.numerator", "6");
    check_text(&a, "rows.0.denominator", "11");
    check_text(&a, "rows.1.numerator", "45");
    check_text(&a, "rows.1.denominator", "91");
    check_text(&a, "total.numerator", "51");
    check_text(&a, "total.denominator", "102");
    check_text(&a, "total.value", "50");
    check_text(&a, "total.interval95.lower", "40.47"); /* Wilson, 51 of 102 */
    check_text(&a, "total.interval95.upper", "59.53");
    check_text(&a, "covers", "The rows of episodes, and the national returns of pharmacies.");
    check_text(&a, "coverage.expected", "2");
    check_text(&a, "coverage.reported", "2");
    check_text(&a, "nationalReturns.0.provider", "pharmacies");
    check_text(&a, "nationalReturns.0.periods.0", "2025-26-Q2");
    check_text(&a, "nationalReturns.1", "(absent)");
    check_text(&a, "notCounted.0", "(absent)");
    check_text(&a, "notCountedBecause.0", "(absent)");
    check_text(&a, "partial", "false");
    answer_free(&a);
    a = ask(s->commissioner, "measure=setQuitDate&by=provider,ageBand&view=YEAR_TO_DATE");
    check_text(&a, "total.numerator", "102");
    check_text(&a, "nationalReturns.0.periods.0", "2025-26-Q2");
    check_text(&a, "rows.7.keys.provider", "pharmacies");
    check_text(&a, "rows.7.keys.ageBand", "02");
    check_text(&a, "rows.7.numerator", "90");
    answer_free(&a);
    a = ask(s->pharmacies, "measure=coVerified4&by=pregnant");
    check_text(&a, "rows.0.keys.pregnant", "Y");
    check_text(&a, "rows.0.numerator", "1");
    check_text(&a, "rows.0.denominator", "2");
    check_text(&a, "rows.1.numerator", "43");
    check_text(&a, "rows.1.denominator", "48");
    answer_free(&a);
}

/* Whatever the dimension, as the dashboard says. */
static void as_the_dashboard(void) {
    static const struct {
        const char *measure, *ref, *by[8];
    } SAME[] = {
        {"setQuitDate",
         "1.1",
         {"gender", "ageBand", "ethnicGroup", "pregnant", "nssec", "aid", "setting", "gender,ethnicGroup"}},
        {"quit4",
         "1.4",
         {"gender", "ageBand", "ethnicGroup", "pregnant", "interventionType", "provider", "ageBand,gender",
          "provider,setting"}},
        {"coVerified4", "1.6", {"gender", "ageBand", "pregnant", "gender,ageBand", NULL}},
        {"lost4", "1.9", {"gender", "ageBand", "pregnant", "provider,gender", NULL}},
    };
    struct answer d = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q2");
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        const json_t *kpi = NULL, *one;
        size_t n;
        json_array_foreach(answer_at(&d, "kpis"), n,
                           one) if (strcmp(json_string_value(json_object_get(one, "ref")), SAME[i].ref) == 0)
            kpi = one;
        json_t *quarter = json_object_get(kpi, "quarter");
        for (size_t k = 0; k < 8 && SAME[i].by[k]; k++) {
            char query[100];
            snprintf(query, sizeof query, "measure=%s&by=%s", SAME[i].measure, SAME[i].by[k]);
            struct answer a = ask(s->commissioner, query);
            json_t *total = json_object_get(a.json, "total");
            CHECK(json_equal(json_object_get(total, "numerator"), json_object_get(quarter, "numerator")) &&
                      json_equal(json_object_get(total, "denominator"),
                                 json_object_get(quarter, "denominator")) &&
                      json_equal(json_object_get(total, "value"), json_object_get(quarter, "value")),
                  "%s is %s", query, SAME[i].ref);
            answer_free(&a);
        }
    }
    answer_free(&d);
}

static void left_out(void) {
    static const struct {
        const char *query, *code, *says, *covers;
        const char *total;
    } CASES[] = {
        {"measure=quit4&by=site", "NO_TABLE",
         "does not tell quit4 by site. It tells it by ageBand, gender, ethnicGroup, nssec, aid",
         "The rows of episodes; not the national returns of pharmacies.", "2"},
        {"measure=lost4&by=ethnicGroup", "NO_TABLE",
         "does not tell lost4 by ethnicGroup. It tells it by ageBand, gender, provider, pregnant, by each of these crossed with provider, "
         "and by ageBand,gender.",
         "The rows of episodes; not the national returns of pharmacies.", "2"},
        {"measure=quit4&by=pregnant,gender", "NO_TABLE", "by pregnant,gender",
         "The rows of episodes; not the national returns of pharmacies.", "2"},
        {"measure=quit4&by=gender&localAuthority=E09000012", "NO_AUTHORITY", "belong to no authority",
         "The rows of episodes; not the national returns of pharmacies.", "2"},
        {"measure=extendedSupport&by=gender", "NO_MEASURE",
         "It tells setQuitDate, quit4, coVerified4, lost4.",
         "The rows of episodes; not the national returns of pharmacies.", "2"},
        {"measure=harmReduction&by=gender", "SERVICE_USERS", "which of them are on the pathway",
         "The rows of harm-reduction and episodes; not the national returns of pharmacies.", "3"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = ask(s->commissioner, CASES[i].query);
        check_text(&a, "notCounted.0", "pharmacies");
        check_text(&a, "notCounted.1", "(absent)");
        check_text(&a, "notCountedBecause.0.provider", "pharmacies");
        check_text(&a, "notCountedBecause.0.periods.0", "2025-26-Q2");
        check_text(&a, "notCountedBecause.0.code", CASES[i].code);
        CHECK(strstr(answer_text(&a, "notCountedBecause.0.detail"), CASES[i].says), "%s: %s", CASES[i].query,
              answer_text(&a, "notCountedBecause.0.detail"));
        check_text(&a, "covers", CASES[i].covers);
        check_text(&a, "nationalReturns.0", "(absent)");
        check_text(&a, "total.denominator", CASES[i].total);
        check_text(&a, "partial", "true");
        answer_free(&a);
    }
    struct answer a = ask(s->commissioner, "measure=referrals&by=gender");
    check_text(&a, "notCounted.0", "(absent)");
    check_text(&a, "covers", "The rows of referrals.");
    answer_free(&a);
    a = ask(s->homerton, "measure=quit4&by=site");
    check_text(&a, "notCounted.0", "(absent)");
    answer_free(&a);
}

/* The return adds to the cells before they are rounded and judged. */
static void wider(void) {
    struct answer a = ask(s->commissioner, "measure=setQuitDate&by=gender&disclosure=public");
    check_text(&a, "withheld", "false");
    check_text(&a, "rows.0.numerator", "10");
    check_text(&a, "rows.1.numerator", "90");
    check_text(&a, "rows.1.interval95", "null");
    check_text(&a, "total", "null");
    check_text(&a, "nationalReturns.0.provider", "pharmacies");
    answer_free(&a);
    a = ask(s->commissioner,
            "measure=quit4&by=gender&disclosure=public"); /* 6: between 4 and 7 by the room of 45 and of 51 */
    check_text(&a, "withheld", "true");
    check_text(&a, "rows.1.numerator", "*");
    answer_free(&a);
    a = ask(s->commissioner, "measure=setQuitDate&by=pregnant&disclosure=public");
    CHECK(strcmp(answer_text(&a, "rows.0.numerator"), "*") == 0, "4 pregnant people are a star: %s",
          answer_text(&a, "rows.0.numerator"));
    answer_free(&a);
}

/* Rows of the service in the feed: the undivided figure has the return, a dimension has it or is partial. */
static void feed(void) {
    static const struct {
        const char *dimension, *member, *numerator, *denominator, *partial;
    } ROWS[] = {
        {"ALL", "ALL", "51", "102", "false"},           {"gender", "2", "45", "91", "false"},
        {"pregnant", "N", "49", "97", "false"},         {"localAuthority", "E09000012", "1", "2", "true"},
        {"housingTenure", "UNKNOWN", "1", "2", "true"},
    };
    struct answer a = service_get(s, s->commissioner,
                                  "/v1/feeds/breakdowns.json?measure=quit4&from=2025-26-Q2&to=2025-26-Q2");
    CHECK(a.status == 200, "%ld", a.status);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const json_t *row = NULL, *one;
        size_t n;
        json_array_foreach(answer_at(&a, "results"), n, one) {
            if (json_is_null(json_object_get(one, "provider")) &&
                strcmp(json_string_value(json_object_get(one, "dimension")), ROWS[i].dimension) == 0 &&
                strcmp(json_string_value(json_object_get(one, "member")), ROWS[i].member) == 0)
                row = one;
        }
        CHECK(row != NULL, "%s %s is there", ROWS[i].dimension, ROWS[i].member);
        char text[60];
        snprintf(text, sizeof text, "%lld/%lld/%s",
                 (long long)json_integer_value(json_object_get(row, "numerator")),
                 (long long)json_integer_value(json_object_get(row, "denominator")),
                 json_is_true(json_object_get(row, "partial")) ? "true" : "false");
        char want[60];
        snprintf(want, sizeof want, "%s/%s/%s", ROWS[i].numerator, ROWS[i].denominator, ROWS[i].partial);
        CHECK(strcmp(text, want) == 0, "%s %s is %s, not %s", ROWS[i].dimension, ROWS[i].member, text, want);
    }
    answer_free(&a);
    /* Which dimensions are asked changes nothing of the undivided figure. */
    a = service_get(s, s->commissioner,
                    "/v1/feeds/breakdowns.json?measure=quit4&by=housingTenure&from=2025-26-Q2&to=2025-26-Q2");
    check_text(&a, "results.0.dimension", "ALL");
    check_text(&a, "results.0.provider", "homerton");
    check_text(&a, "results.0.denominator", "2");
    check_text(&a, "results.2.dimension", "ALL");
    check_text(&a, "results.2.provider", "pharmacies");
    check_text(&a, "results.2.denominator", "100");
    check_text(&a, "results.3.denominator", "102");
    answer_free(&a);
}

void suite_http_breakdowns_national(void) {
    suite_add("http_breakdowns_national", begin, end);
    case_add("episodes of one, the national return of the other", sent);
    case_add("tables of the form are in", taken_in);
    case_add("the total is the dashboard's", as_the_dashboard);
    case_add("what is left out, and why", left_out);
    case_add("rounded, for a wider audience", wider);
    case_add("the feed has the same cells", feed);
}
