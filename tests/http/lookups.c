/* Reference data over HTTPS: loaded by the admin as a whole or not at all, versioned, used by the next upload, remembered by those
 * before; bank holidays move the working days of KPIs. */
#include <stdio.h>

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

static struct answer put(const char *key, const char *path, const char *body, long status) {
    struct answer a = service_put(s, key, path, "text/csv", str_of(body));
    CHECK(a.status == status, "%s: %ld, expected %ld: %.*s", path, a.status, status,
          STR_ARG(buf_str(&a.body)));
    return a;
}

static void check(const struct answer *a, const char *path, const char *want) {
    CHECK(strcmp(answer_text(a, path), want) == 0, "%s is %s, expected %s", path, answer_text(a, path), want);
}

#define IMD "/v1/lookups/imd?edition=2019"
#define EPISODES "/v1/returns/city-and-hackney/homerton/2025-26-Q2/episodes"
#define HEADER "episodeId,clientId,localAuthority,postcode,quitDate,ageAtQuitDate,imdQuintile\n"

static void who_may(void) {
    const char *const OTHERS[] = {s->commissioner, s->checker, s->homerton};
    for (size_t i = 0; i < 3; i++) {
        struct answer a = put(OTHERS[i], IMD, "lsoa,quintile\nE01001785,2\n", 403);
        answer_free(&a);
    }
    struct answer a =
        service_ask(s, &(struct ask){.method = "POST",
                                     .path = "/v1/keys",
                                     .key = s->admin,
                                     .type = "application/json",
                                     .body = STR("{\"role\":\"ADMIN\",\"service\":\"city-and-hackney\"}")});
    struct answer small = put(answer_text(&a, "key"), "/v1/lookups/bank-holidays",
                              "date,title\n2026-01-02,Mine\n", 403); /* they are those of all services */
    answer_free(&small);
    answer_free(&a);
    a = service_get(s, s->homerton, "/v1/lookups");
    CHECK(a.status == 403, "a provider does not see what is loaded: %ld", a.status);
    answer_free(&a);
    a = put(s->admin, "/v1/lookups/imds", "lsoa\n", 404);
    answer_free(&a);
    a = put(s->admin, "/v1/lookups/postcodes?edition=2019", "postcode\n", 400);
    check(&a, "code", "BAD_PARAMETER");
    answer_free(&a);
    a = service_put(s, s->admin, IMD, "text/plain", STR("lsoa"));
    CHECK(a.status == 415, "only CSV and JSON: %ld", a.status);
    answer_free(&a);
}

static void all_or_nothing(void) {
    struct answer a = put(s->admin, IMD, "lsoa,quintile\nE01001785,2\nE01001786,9\nE01001785,2\n", 422);
    check(&a, "errorCount", "2");
    check(&a, "errors.0.row", "2");
    check(&a, "errors.0.line", "3");
    check(&a, "errors.0.column", "quintile");
    check(&a, "errors.0.code", "OUT_OF_RANGE");
    check(&a, "errors.1.code", "DUPLICATE");
    answer_free(&a);
    a = service_get(s, s->admin, "/v1/lookups");
    check(&a, "metadata.total", "0");
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM lookup"), "0") == 0, "nothing is stored");
}

/* The file of England's 32,844 areas is read in the contract tests; here its header. */
static void versions(void) {
    struct answer a = put(s->admin, "/v1/lookups/imd",
                          "lsoa11cd,imd19_rank,imd19_decile\nE01001785,1,1\nE01000001,2,10\n", 201);
    check(&a, "loaded.edition", "2019"); /* the header says so */
    check(&a, "loaded.version", "1");
    check(&a, "loaded.rows", "2");
    check(&a, "stored", "true");
    check(&a, "warnings.0.code", "UNKNOWN_COLUMN");
    answer_free(&a);
    a = put(s->admin, IMD, "lsoa11cd,imd19_rank,imd19_decile\nE01001785,1,1\nE01000001,2,10\n", 200);
    check(&a, "loaded.version", "1");
    check(&a, "stored", "false");
    answer_free(&a);
    a = put(s->admin, "/v1/lookups/imd?edition=2025", "lsoa,quintile\nE01001785,5\n", 201);
    answer_free(&a);
    a = put(s->admin, "/v1/lookups/imd", "lsoa,quintile\nE01001785,2\nE01000001,5\n", 200);
    check(&a, "loaded.edition", "2019"); /* that of the framework */
    check(&a, "loaded.version", "2");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/lookups/imd");
    check(&a, "metadata.total", "3");
    check(&a, "results.0.version", "2");
    check(&a, "results.0.inUse", "true");
    check(&a, "results.1.version", "1");
    check(&a, "results.1.inUse", "false");
    check(&a, "results.2.edition", "2025");
    check(&a, "results.2.inUse", "true");
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM audit WHERE stream = '' AND action = 'LOOKUP_LOADED'"),
                 "3") == 0,
          "each has its audit line");
}

/* Postcode to LSOA to quintile; the version says by which lookups, and a later one changes nothing of it. */
static void episodes(void) {
    struct answer a =
        put(s->admin, "/v1/lookups/postcodes", "pcds,lsoa11cd,lad21cd\nE8 1EA,E01001785,E09000012\n", 201);
    answer_free(&a);
    a = put(s->homerton, EPISODES, HEADER "E1,C1,,e81ea,2025-07-14,40,5\nE2,C2,,E8 1EA,2025-07-14,40,\n",
            201);
    check(&a, "warningCount", "1");
    check(&a, "warnings.0.code", "LOOKUP_DIFFERS");
    check(&a, "warnings.0.column", "imdQuintile");
    check(&a, "lookups.0.lookup", "imd");
    check(&a, "lookups.0.edition", "2019");
    check(&a, "lookups.0.version", "2");
    check(&a, "lookups.1.lookup", "postcodes");
    check(&a, "lookups.1.edition", "null");
    answer_free(&a);
    a = put(s->homerton, EPISODES, HEADER "E1,C1,,E8 9ZZ,2025-07-14,40,5\n", 422);
    check(&a, "errors.0.column", "localAuthority");
    check(&a, "errors.0.code", "MISSING_VALUE");
    answer_free(&a);

    a = put(s->admin, IMD, "lsoa,quintile\nE01001785,1\n", 200);
    answer_free(&a);
    a = service_get(s, s->homerton, EPISODES);
    check(&a, "rows.0.imdQuintile", "2");
    check(&a, "rows.1.imdQuintile", "2");
    check(&a, "rows.1.lsoa", "E01001785");
    check(&a, "rows.1.localAuthority", "E09000012");
    check(&a, "rows.1.postcode", "(absent)");
    answer_free(&a);
    a = put(s->homerton, EPISODES, HEADER "E1,C1,,E8 1EA,2025-07-14,40,\nE2,C2,,E8 1EA,2025-07-14,40,\n",
            200);
    check(&a, "lookups.0.version", "3");
    check(&a, "updated", "2");
    answer_free(&a);
    a = service_get(s, s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q2/history");
    check(&a, "results.0.lookups.0.version", "3");
    check(&a, "results.1.lookups.0.version", "2");
    answer_free(&a);
}

/* A dry run is judged beside the same lookups and stores nothing; no rows take a lookup out of use. */
static void out_of_use(void) {
    struct answer a =
        put(s->homerton, EPISODES "?dryRun=true", HEADER "E1,C1,,E8 1EA,2025-07-14,40,5\n", 200);
    check(&a, "warnings.0.code", "LOOKUP_DIFFERS");
    answer_free(&a);
    a = put(s->admin, "/v1/lookups/postcodes", "postcode\n", 200);
    check(&a, "loaded.inUse", "false");
    answer_free(&a);
    a = put(s->homerton, EPISODES "?dryRun=true", HEADER "E1,C1,,E8 1EA,2025-07-14,40,5\n", 422);
    check(&a, "errors.0.column", "localAuthority");
    answer_free(&a);
}

static const char *numerator(const struct answer *a, const char *ref) {
    char path[80];
    for (int i = 0; i < 29; i++) {
        snprintf(path, sizeof path, "kpis.%d.ref", i);
        if (strcmp(answer_text(a, path), ref) != 0) continue;
        snprintf(path, sizeof path, "kpis.%d.quarter.numerator", i);
        return answer_text(a, path);
    }
    return "(no such KPI)";
}

/* Received on Monday 14 July 2025, contacted on Thursday: three working days, two when Tuesday is a holiday. */
static void bank_holidays(void) {
    const char *const DASHBOARD = "/v1/dashboards/city-and-hackney/2025-26-Q2";
    struct answer a = put(s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q2/referrals",
                          "referralId,receivedDate,contactedDate\nR1,2025-07-14,2025-07-17\n", 201);
    answer_free(&a);
    a = service_get(s, s->commissioner, DASHBOARD);
    CHECK(strcmp(numerator(&a, "2.2"), "0") == 0, "too late: %s", numerator(&a, "2.2"));
    char before[64];
    snprintf(
        before, sizeof before, "%s",
        service_sql(
            s, "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    answer_free(&a);
    a = put(s->admin, "/v1/lookups/bank-holidays",
            "date,title\n15/07/2025,A new one\n25/12/2025,Christmas Day\n", 201);
    answer_free(&a);
    a = service_get(s, s->commissioner, DASHBOARD);
    CHECK(strcmp(numerator(&a, "2.2"), "1") == 0, "in time: %s", numerator(&a, "2.2"));
    answer_free(&a);
    char known[160];
    snprintf(known, sizeof known, "%s?knownAt=%s", DASHBOARD, before);
    a = service_get(s, s->commissioner, known);
    CHECK(strcmp(numerator(&a, "2.2"), "0") == 0, "as it was known before: %s", numerator(&a, "2.2"));
    answer_free(&a);
}

void suite_http_lookups(void);
void suite_http_lookups(void) {
    suite_add("http_lookups", begin, end);
    case_add("only the admin loads", who_may);
    case_add("a file is taken as a whole or not at all", all_or_nothing);
    case_add("editions and versions", versions);
    case_add("postcode, LSOA and quintile of episodes", episodes);
    case_add("out of use", out_of_use);
    case_add("bank holidays move working days", bank_holidays);
}
