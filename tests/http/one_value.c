/* One figure, one value: what 1.4 and 1.5 (quit at 4 weeks) and 1.1 (people setting a quit date) are for a quarter and a year, collected from every
 * route that tells it, as JSON and as CSV, and from the receipt that moved it; and again after each receipt, since none of them may be older. homerton and pharmacies send two quarters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static struct answer receipt; /* of the newest upload */

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    answer_free(&receipt);
    return s ? service_stop(s) : 1;
}

/* `people` attempts of which `quit` have quit; the rest is not lost. */
static void send(const char *key, const char *provider, const char *period, const char *quit_day,
                 const char *seen_day, unsigned people, unsigned quit, long status) {
    char path[160], ids[40][24];
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < people; i++) {
        snprintf(ids[i], sizeof ids[i], "%s-%u", period, i);
        struct episode_row r = episode_good(ids[i]);
        r.quit = quit_day;
        r.followed_up = seen_day;
        if (i >= quit) r.outcome = "2", r.co = "";
        episode_add_csv(&b, &r);
    }
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/%s/episodes", provider, period);
    answer_free(&receipt);
    receipt = service_put(s, key, path, "text/csv", buf_str(&b));
    CHECK(receipt.status == status, "%s: %ld %.300s", path, receipt.status,
          receipt.body.n ? receipt.body.p : "");
    buf_free(&b);
}

/* ---- what is told ---- */

struct wanted {
    long above, below;
    char value[16];
};

static struct wanted want(long above, long below) {
    struct wanted w = {above, below, ""};
    long hundredths = (above * 20000 + below) / (2 * below); /* half up */
    if (hundredths % 100 == 0) snprintf(w.value, sizeof w.value, "%ld", hundredths / 100);
    else if (hundredths % 10 == 0)
        snprintf(w.value, sizeof w.value, "%ld.%ld", hundredths / 100, hundredths / 10 % 10);
    else snprintf(w.value, sizeof w.value, "%ld.%02ld", hundredths / 100, hundredths % 100);
    return w;
}

static void tells(const struct answer *a, const char *route, const char *at, const struct wanted *w) {
    char path[200], number[24];
    const struct {
        const char *name;
        long is;
    } NUMBERS[] = {{"numerator", w->above}, {"denominator", w->below}};
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s%s%s", at, *at ? "." : "", NUMBERS[i].name);
        snprintf(number, sizeof number, "%ld", NUMBERS[i].is);
        CHECK(strcmp(answer_text(a, path), number) == 0, "%s %s is %s, expected %s", route, path,
              answer_text(a, path), number);
    }
}

static void tells_value(const struct answer *a, const char *route, const char *path, const struct wanted *w) {
    CHECK(strcmp(answer_text(a, path), w->value) == 0, "%s %s is %s, expected %s", route, path,
          answer_text(a, path), w->value);
}

static struct answer get(const char *path) {
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200, "%s: %ld %.200s", path, a.status, a.body.n ? a.body.p : "");
    return a;
}

/* The index in a list of the object whose member says that; -1: none does. */
static int find(const struct answer *a, const char *list, const char *member, const char *says) {
    const json_t *rows = answer_at(a, list);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *v = json_string_value(json_object_get(json_array_get(rows, i), member));
        if (v && strcmp(v, says) == 0) return (int)i;
    }
    CHECK(false, "%s has no %s %s", list, member, says);
    return -1;
}

static void tells_figure(const struct answer *a, const char *route, const char *list, int i,
                         const struct wanted *quarter, const struct wanted *year) {
    char at[80], value[96];
    static const char *const VIEWS[] = {"quarter", "yearToDate"};
    const struct wanted *const WANTED[] = {quarter, year};
    for (size_t v = 0; v < 2; v++) {
        if (*list) snprintf(at, sizeof at, "%s.%d.%s", list, i, VIEWS[v]);
        else snprintf(at, sizeof at, "%s", VIEWS[v]);
        snprintf(value, sizeof value, "%s.value", at);
        tells(a, route, at, WANTED[v]);
        tells_value(a, route, value, WANTED[v]);
    }
}

/* ---- every route ---- */

#define Q "2025-26-Q2"
#define SERVICE "city-and-hackney"

static void on_boards(const char *ref, const struct wanted *quarter, const struct wanted *year) {
    char path[160];
    struct answer a = get("/v1/dashboards/" SERVICE "/" Q);
    tells_figure(&a, "dashboard", "kpis", find(&a, "kpis", "ref", ref), quarter, year);
    answer_free(&a);
    snprintf(path, sizeof path, "/v1/kpis/" SERVICE "/%s", ref);
    a = get(path);
    tells_figure(&a, "history", "history", find(&a, "history", "period", Q), quarter, year);
    answer_free(&a);
    snprintf(path, sizeof path, "/v1/kpis/" SERVICE "/%s/" Q "/explanation", ref);
    a = get(path);
    tells_figure(&a, "explanation", "", 0, quarter, year);
    tells(&a, "explanation", "", year);
    long left = 0, above = 0, below = 0;
    for (size_t i = 0; i < json_array_size(answer_at(&a, "excluded")); i++) {
        const json_t *x = json_array_get(answer_at(&a, "excluded"), i);
        if (strcmp(json_string_value(json_object_get(x, "standing")), "DENOMINATOR_ONLY") == 0)
            left += (long)json_integer_value(json_object_get(x, "count"));
    }
    for (size_t i = 0; i < json_array_size(answer_at(&a, "providers")); i++) {
        const json_t *x = json_array_get(answer_at(&a, "providers"), i);
        above += (long)json_integer_value(json_object_get(x, "numerator"));
        below += (long)json_integer_value(json_object_get(x, "denominator"));
    }
    CHECK(left == year->below - year->above, "the reasons explain %ld of %ld", left,
          year->below - year->above);
    CHECK(above == year->above && below == year->below, "the providers have %ld of %ld", above, below);
    answer_free(&a);
}

static void in_feeds(const char *ref, const struct wanted *quarter, const struct wanted *year) {
    char row[200];
    struct answer a = get("/v1/feeds/kpi-results.json?from=" Q "&to=" Q);
    const json_t *rows = answer_at(&a, "results");
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *x = json_array_get(rows, i);
        if (!json_is_null(json_object_get(x, "provider")) ||
            strcmp(json_string_value(json_object_get(x, "kpiRef")), ref) != 0)
            continue;
        bool is_year = strcmp(json_string_value(json_object_get(x, "view")), "YEAR_TO_DATE") == 0;
        snprintf(row, sizeof row, "results.%zu", i);
        tells(&a, "kpi-results", row, is_year ? year : quarter);
        snprintf(row, sizeof row, "results.%zu.value", i);
        tells_value(&a, "kpi-results", row, is_year ? year : quarter);
        found++;
    }
    CHECK(found == 2, "two views in kpi-results: %zu", found);
    answer_free(&a);
    a = get("/v1/feeds/kpi-results.csv?from=" Q "&to=" Q);
    snprintf(row, sizeof row, ",QUARTER,%ld,%ld,%s,", quarter->above, quarter->below, quarter->value);
    CHECK(memmem(a.body.p, a.body.n, row, strlen(row)) != NULL, "CSV has %s", row);
    snprintf(row, sizeof row, ",YEAR_TO_DATE,%ld,%ld,%s,", year->above, year->below, year->value);
    CHECK(memmem(a.body.p, a.body.n, row, strlen(row)) != NULL, "CSV has %s", row);
    answer_free(&a);
    a = get("/v1/feeds/kpi-results.json?format=fingertips&from=" Q "&to=" Q);
    found = 0;
    rows = answer_at(&a, "results");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *x = json_array_get(rows, i);
        if (strcmp(json_string_value(json_object_get(x, "Area Type")), "Service") != 0 ||
            strcmp(json_string_value(json_object_get(x, "Indicator ID")), ref) != 0)
            continue;
        CHECK(json_integer_value(json_object_get(x, "Count")) == quarter->above &&
                  json_integer_value(json_object_get(x, "Denominator")) == quarter->below,
              "Fingertips: %lld of %lld", (long long)json_integer_value(json_object_get(x, "Count")),
              (long long)json_integer_value(json_object_get(x, "Denominator")));
        found++;
    }
    CHECK(found == 1, "one row of Fingertips: %zu", found);
    answer_free(&a);
}

/* The undivided figure, and the sum of the rows. */
static void in_breakdown(const char *view, const char *by, const struct wanted *w) {
    char path[200];
    snprintf(path, sizeof path, "/v1/breakdowns/" SERVICE "/" Q "?measure=quit4&by=%s&view=%s", by, view);
    struct answer a = get(path);
    long above = 0, below = 0;
    tells(&a, path, "total", w);
    tells_value(&a, path, "total.value", w);
    for (size_t i = 0; i < json_array_size(answer_at(&a, "rows")); i++) {
        const json_t *x = json_array_get(answer_at(&a, "rows"), i);
        above += (long)json_integer_value(json_object_get(x, "numerator"));
        below += (long)json_integer_value(json_object_get(x, "denominator"));
    }
    CHECK(above == w->above && below == w->below, "%s: rows add up to %ld of %ld", path, above, below);
    answer_free(&a);
}

static void in_breakdowns(const struct wanted *quarter, const struct wanted *year) {
    static const char *const BY[] = {"gender", "provider", "localAuthority", "ageBand,gender"};
    for (size_t i = 0; i < 4; i++) {
        in_breakdown("QUARTER", BY[i], quarter);
        in_breakdown("YEAR_TO_DATE", BY[i], year);
    }
    struct answer a = get("/v1/feeds/breakdowns.json?measure=quit4&by=gender&from=" Q "&to=" Q);
    const json_t *rows = answer_at(&a, "results");
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *x = json_array_get(rows, i);
        char at[40];
        if (!json_is_null(json_object_get(x, "provider")) ||
            strcmp(json_string_value(json_object_get(x, "dimension")), "ALL") != 0)
            continue;
        snprintf(at, sizeof at, "results.%zu", i);
        tells(&a, "feed breakdowns", at, quarter);
        found++;
    }
    CHECK(found == 1, "one undivided row: %zu", found);
    answer_free(&a);
}

static void in_payment(const struct wanted *year) {
    struct answer a = get("/v1/payments/" SERVICE "/2025-26");
    tells(&a, "payment", "", year);
    tells_value(&a, "payment", "ratePercent", year);
    answer_free(&a);
}

/* What the upload says that it moved: the year to date at least. */
static void in_receipt(const char *ref, const struct wanted *quarter, const struct wanted *year) {
    char at[48], value[64];
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(answer_at(&receipt, "kpis")); i++) {
        const json_t *x = json_array_get(answer_at(&receipt, "kpis"), i);
        if (strcmp(json_string_value(json_object_get(x, "ref")), ref) != 0 ||
            strcmp(json_string_value(json_object_get(x, "period")), Q) != 0)
            continue;
        const struct wanted *w =
            strcmp(json_string_value(json_object_get(x, "view")), "QUARTER") == 0 ? quarter : year;
        snprintf(at, sizeof at, "kpis.%zu.after", i);
        snprintf(value, sizeof value, "%s.value", at);
        tells(&receipt, "receipt", at, w);
        tells_value(&receipt, "receipt", value, w);
        found += w == year;
    }
    CHECK(found == 1, "the receipt tells the year to date of %s: %zu", ref, found);
}

/* ---- a count ---- */

static void is_count(const struct answer *a, const char *route, const char *path, long want) {
    char number[24];
    snprintf(number, sizeof number, "%ld", want);
    CHECK(strcmp(answer_text(a, path), number) == 0, "%s %s is %s, expected %s", route, path,
          answer_text(a, path), number);
}

static void count_on_boards(long quarter, long year) {
    static const struct {
        const char *path, *list, *member, *says;
    } BOARDS[] = {{"/v1/dashboards/" SERVICE "/" Q, "kpis", "ref", "1.1"},
                  {"/v1/kpis/" SERVICE "/1.1", "history", "period", Q}};
    char path[80];
    for (size_t i = 0; i < 2; i++) {
        struct answer a = get(BOARDS[i].path);
        int at = find(&a, BOARDS[i].list, BOARDS[i].member, BOARDS[i].says);
        snprintf(path, sizeof path, "%s.%d.quarter.value", BOARDS[i].list, at);
        is_count(&a, BOARDS[i].path, path, quarter);
        snprintf(path, sizeof path, "%s.%d.yearToDate.value", BOARDS[i].list, at);
        is_count(&a, BOARDS[i].path, path, year);
        answer_free(&a);
    }
    struct answer a = get("/v1/kpis/" SERVICE "/1.1/" Q "/explanation");
    is_count(&a, "explanation", "quarter.numerator", quarter);
    is_count(&a, "explanation", "yearToDate.numerator", year);
    answer_free(&a);
}

static void count_in_tables(long quarter, long year) {
    char row[80];
    struct answer a = get("/v1/breakdowns/" SERVICE "/" Q "?measure=setQuitDate&by=gender");
    is_count(&a, "breakdown", "total.value", quarter);
    answer_free(&a);
    a = get("/v1/breakdowns/" SERVICE "/" Q "?measure=setQuitDate&by=provider&view=YEAR_TO_DATE");
    is_count(&a, "breakdown", "total.value", year);
    answer_free(&a);
    a = get("/v1/feeds/kpi-results.csv?from=" Q "&to=" Q);
    snprintf(row, sizeof row, ",QUARTER,%ld,,%ld,", quarter, quarter);
    CHECK(memmem(a.body.p, a.body.n, row, strlen(row)) != NULL, "CSV has %s", row);
    snprintf(row, sizeof row, ",YEAR_TO_DATE,%ld,,%ld,", year, year);
    CHECK(memmem(a.body.p, a.body.n, row, strlen(row)) != NULL, "CSV has %s", row);
    answer_free(&a);
    long set = 0;
    a = get("/v1/national-returns/" SERVICE "/" Q);
    for (size_t i = 0; i < json_array_size(answer_at(&a, "rows")); i++) {
        const json_t *x = json_array_get(answer_at(&a, "rows"), i);
        if (strcmp(json_string_value(json_object_get(x, "part")), "1A") == 0 &&
            strcmp(json_string_value(json_object_get(x, "measure")), "SET") == 0)
            set += (long)json_integer_value(json_object_get(x, "value"));
    }
    CHECK(set == quarter, "the national return has %ld people, expected %ld", set, quarter);
    answer_free(&a);
}

static void everywhere(long q_above, long q_below, long y_above, long y_below) {
    struct wanted quarter = want(q_above, q_below), year = want(y_above, y_below);
    static const char *const REFS[] = {"1.4", "1.5"};
    for (size_t i = 0; i < 2; i++) {
        on_boards(REFS[i], &quarter, &year);
        in_feeds(REFS[i], &quarter, &year);
        in_receipt(REFS[i], &quarter, &year);
    }
    count_on_boards(q_below, y_below); /* everybody has been due for long */
    count_in_tables(q_below, y_below);
    in_breakdowns(&quarter, &year);
    in_payment(&year);
}

/* ---- cases ---- */

static void first_versions(void) {
    send(s->homerton, "homerton", "2025-26-Q1", "2025-05-01", "2025-05-29", 20, 13, 201);
    send(s->homerton, "homerton", Q, "2025-07-10", "2025-08-07", 17, 9, 201);
    everywhere(9, 17, 22, 37);
    send(s->pharmacies, "pharmacies", Q, "2025-07-10", "2025-08-07", 6, 4, 201);
    everywhere(13, 23, 26, 43);
}

/* Each route has answered already, so whatever it keeps is there. */
static void corrections(void) {
    send(s->homerton, "homerton", Q, "2025-07-10", "2025-08-07", 18, 5, 200);
    everywhere(9, 24, 22, 44);
    send(s->homerton, "homerton", "2025-26-Q1", "2025-05-01", "2025-05-29", 30, 29, 200);
    everywhere(9, 24, 38, 54);
    send(s->pharmacies, "pharmacies", Q, "2025-07-10", "2025-08-07", 7, 7, 200);
    everywhere(12, 25, 41, 55);
}

void suite_http_one_value(void) {
    suite_add("http_one_value", begin, end);
    case_add("one figure has one value on every route", first_versions);
    case_add("and the new one on each after a receipt", corrections);
}
