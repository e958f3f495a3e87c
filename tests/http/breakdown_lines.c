/* The table of docs/commissioner.md that says which breakdown answers which line of "additional data required" (seed 002): every line of the seed
 * that asks for counts of people is in it, and every query of it is asked over HTTPS and finds numbers. The other lines of the seed are those of
 * the supplement (tests/http/supplement.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpi/measure.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* The seed's lines and bullets, in its order and words, but for what stands in brackets behind. */
static const char *const SEED[] = {
    "Number of people setting a quit date and 4 week quits by setting/provider",
    "Number/% lost to follow up at four weeks - overall and by age, sex and key priority group",
    "Number/% lost to follow up at 12 weeks - overall and by age, sex and key priority group",
    "% of service users that opt for harm reduction pathway reported overall and by key priority group",
    "% of service users that opt for harm reduction pathway and do not go on to a completed 4 week quit reported overall",
    "% of service users that require longer term interventions (beyond 12 weeks) reported overall and by key priority group",
    "% of service users that require longer term interventions (beyond 12 weeks) and then go on to a completed 4 week quit",
    "Recorded outcome of service users that opt for harm reduction pathway and do not go on to a completed 4 week quit",
    "Numbers and sources of referral - overall and by age, sex and key priority group",
    "Breakdown of where referrals are being sent to (location and type of service)",
    "By age group (incl under 18s), sex, ethnic group and other key priority groups: number of referrals",
    "… number setting a quit date",
    "… quit aid(s) used (including e-cigarettes)",
    "… number and % 4 week quits",
    "… number and % 12 week quits",
    "… number following a harm reduction pathway",
    "% of people setting a quit date with a diagnosed health condition caused/exacerbated by smoking (including COPD, CVD, cancer)",
    "… each condition",
    "Reporting on referrals from the NHS Long Term Plan Treating Tobacco Dependency Teams at Homerton and ELFT",
    "% of women who have quit during pregnancy who have maintained their quit throughout pregnancy",
    "Number setting a quit date and number of 4 week quitters with multiple needs such as those experiencing homelessness",
    "Number setting a quit date and number of 4 week quitters from the LGBT community",
    "Number setting a quit date and number of 4 week quitters by housing tenure (including social housing)",
};
enum { LINES = sizeof SEED / sizeof *SEED };

static void put(const char *part, const char *body) {
    char path[200];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/homerton/2025-26-Q2/%s", part);
    struct answer a = service_put(s, s->homerton, path, "text/csv", str_of(body));
    CHECK(a.status == 201, "%s: %ld %.*s", part, a.status, STR_ARG(str_sub(buf_str(&a.body), 0, 800)));
    answer_free(&a);
}

/* Three women of every group: still quit at 12 weeks, lost then, lost at 4 weeks. Their 12 weeks end in Q3. */
static void sent(void) {
#define WHO "E09000012,2025-07-14,17,2,2,M,08,10,22,1,Y,Y,Y,Y,Y,COPD,SOCIAL_RENT,MAIN,2025-11-30,N"
    put("episodes",
        "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,sexualOrientation,ethnicCategory,nssec,aid,setting,imdQuintile,"
        "pregnant,seriousMentalIllness,homeless,substanceMisuse,extendedSupport,longTermConditions,housingTenure,site,deliveryDate,"
        "smokingAtDelivery,outcome4w,followUp4wDate,followUp4wMethod,co4wPpm,outcome12w,followUp12wDate\n"
        "E-1,C-1," WHO ",1,2025-08-11,FACE_TO_FACE,3,1,2025-10-06\n"
        "E-2,C-2," WHO ",1,2025-08-11,FACE_TO_FACE,3,,\n"
        "E-3,C-3," WHO ",3,2025-08-11,,,,\n");
    put("harm-reduction", "pathwayId,startDate,localAuthority,age,gender,ethnicCategory,imdQuintile,outcome\n"
                          "P-1,2025-07-01,E09000012,17,2,M,1,PARTIAL_SWITCH\n");
    put("referrals",
        "referralId,receivedDate,source,referrerOrganisation,destinationSite,destinationType,age,gender,ethnicCategory,imdQuintile\n"
        "R-1,2025-07-14,MATERNITY,Homerton maternity,MAIN,22,17,2,M,1\n");
}

/* ---- the table ---- */

static str table_of_docs(struct buf *text) {
    char piece[8192];
    size_t got;
    FILE *f = fopen("docs/commissioner.md", "r");
    while (f && (got = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(text, piece, got);
    if (f) fclose(f);
    buf_add_char(text, '\0');
    const char *head = strstr(text->p, "| the line | measure | by |\n");
    CHECK(head != NULL, "docs/commissioner.md has the table");
    const char *rows = head ? strstr(strchr(head, '\n') + 1, "\n") + 1 : "", *end_of = strstr(rows, "\n\n");
    return (str){rows, end_of ? (size_t)(end_of - rows) : 0};
}

/* The next text between backticks; false: there is none. */
static bool next_code(str *rest, str *out) {
    str_cut(rest, '`');
    if (!rest->n) return false;
    *out = str_cut(rest, '`');
    return true;
}

/* Somebody is in the table, and in a row whose members are all known. */
static void check_query(str line, str measure, str by) {
    char path[300];
    bool found = false;
    size_t i;
    json_t *row, *key;
    const char *name;
    snprintf(path, sizeof path,
             "/v1/breakdowns/city-and-hackney/2025-26-Q3?view=YEAR_TO_DATE&measure=%.*s&by=%.*s",
             STR_ARG(measure), STR_ARG(by));
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200, "%.*s: %s: %ld", STR_ARG(line), path, a.status);
    json_array_foreach(answer_at(&a, "rows"), i, row) {
        bool is_known = json_integer_value(json_object_get(row, "numerator")) > 0;
        json_object_foreach(json_object_get(row, "keys"), name, key) is_known =
            is_known && strcmp(json_string_value(key), "UNKNOWN") != 0;
        found = found || is_known;
    }
    CHECK(found && json_integer_value(answer_at(&a, "total.numerator")) > 0, "%.*s: %s finds nobody",
          STR_ARG(line), path);
    answer_free(&a);
}

static void check_kpi(str line, str ref) {
    char path[200];
    snprintf(path, sizeof path, "/v1/kpis/city-and-hackney/%.*s/2025-26-Q2/explanation", STR_ARG(ref));
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200 && strcmp(answer_text(&a, "ref"), "1.12") == 0, "%.*s: %s: %ld", STR_ARG(line),
          path, a.status);
    answer_free(&a);
}

/* How many queries a row of the table has. */
static size_t check_line(str line, str measures, str by) {
    size_t queries = 0;
    str measure, dimensions;
    if (str_starts_with(measures, STR("KPI "))) {
        check_kpi(line, str_sub(measures, 4, measures.n));
        return 1;
    }
    while (next_code(&measures, &measure)) {
        enum measure m;
        if (str_is(measure, "total")) continue;
        CHECK(measure_parse(measure, &m), "%.*s: there is no measure %.*s", STR_ARG(line), STR_ARG(measure));
        for (str rest = by; next_code(&rest, &dimensions); queries++)
            check_query(line, measure, dimensions);
    }
    return queries;
}

static void every_line(void) {
    struct buf text = BUF_EMPTY;
    str rest = table_of_docs(&text);
    size_t at = 0, queries = 0;
    for (; rest.n; at++) {
        str row = str_cut(&rest, '\n'), cells[3];
        str_cut(&row, '|');
        for (size_t i = 0; i < 3; i++)
            cells[i] = str_trim(str_cut(&row, '|'));
        if (at >= LINES) continue;
        CHECK(str_starts_with(cells[0], str_of(SEED[at])),
              "line %zu of the table is '%.*s', of the seed '%s'", at + 1, STR_ARG(cells[0]), SEED[at]);
        size_t asked = check_line(cells[0], cells[1], cells[2]);
        CHECK(asked > 0, "%.*s has a query", STR_ARG(cells[0]));
        queries += asked;
    }
    CHECK(at == LINES, "the table has %zu lines, the seed %d", at, LINES);
    CHECK(queries == 72, "%zu queries were asked", queries);
    buf_free(&text);
}

void suite_http_breakdown_lines(void) {
    suite_add("http_breakdown_lines", begin, end);
    case_add("people of every group", sent);
    case_add("every line of the additional data finds numbers", every_line);
}
