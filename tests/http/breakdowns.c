/* Breakdowns over HTTPS: exact for the commissioner and the provider itself, rounded for a wider audience; names of sites, advisers and
 * organisations; what is refused, with words; and a key of the public audience on every route. */
#include <stdio.h>
#include <string.h>

#include "handlers/handlers.h"
#include "tests/support/answers.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static char public_key[128];

static int begin(void) {
    s = service_start(NULL);
    if (!s) return 1;
    const char *issue[] = {"key",        "issue",        "--database", s->owner,
                           "--role",     "commissioner", "--service",  "city-and-hackney",
                           "--audience", "public",       NULL};
    struct buf out = BUF_EMPTY;
    int status = service_command(issue, &out);
    snprintf(public_key, sizeof public_key, "%.*s", STR_ARG(str_trim(buf_str(&out))));
    buf_free(&out);
    return status;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void put(const char *key, const char *rest, const char *body) {
    char path[200];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s", rest);
    struct answer a = service_put(s, key, path, "text/csv", str_of(body));
    CHECK(a.status == 201, "%s: %ld %.*s", rest, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static struct answer ask(const char *key, const char *query) {
    char path[300];
    snprintf(path, sizeof path, "/v1/breakdowns/city-and-hackney/2025-26-Q2?%s", query);
    return service_get(s, key, path);
}

/* Twelve men of whom nine quit, three women of whom two did, all at MAIN but the women; one woman of the pharmacies at S2. */
static void send(void) {
    struct buf body = BUF_EMPTY;
    buf_add_cstr(
        &body,
        "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,outcome4w,followUp4wDate,site,adviser\n");
    for (int i = 0; i < 12; i++)
        buf_printf(&body, "M-%d,C-%d,E09000012,2025-07-14,40,1,%d,2025-08-11,MAIN,A1\n", i, i, i < 9 ? 1 : 2);
    for (int i = 0; i < 3; i++)
        buf_printf(&body, "W-%d,D-%d,E09000001,2025-07-14,17,2,%d,2025-08-11,,\n", i, i, i < 2 ? 1 : 2);
    buf_add(&body, "", 1);
    put(s->homerton, "homerton/2025-26-Q2/sites", "siteId,name,setting\nMAIN,Homerton Row,22\n");
    put(s->homerton, "homerton/2025-26-Q2/episodes", body.p);
    buf_free(&body);
    put(s->pharmacies, "pharmacies/2025-26-Q2/episodes",
        "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,site\nP-1,P-1,Hackney,2025-07-14,30,2,S2\n");
    put(s->homerton, "homerton/2025-26-Q2/referrals",
        "referralId,receivedDate,source,referrerOrganisation,destinationSite\n"
        "R-1,2025-07-14,MATERNITY,Homerton maternity,MAIN\nR-2,2025-07-14,GP,=Practice,\n");
}

static void exact(void) {
    send();
    struct answer a = ask(s->commissioner, "measure=quit4&by=gender");
    CHECK(a.status == 200, "%ld", a.status);
    check_text(&a, "view", "QUARTER");
    check_text(&a, "disclosure", "exact");
    check_text(&a, "rows.0.keys.gender", "1");
    check_text(&a, "rows.0.numerator", "9");
    check_text(&a, "rows.0.denominator", "12");
    check_text(&a, "rows.0.value", "75");
    check_text(&a, "rows.0.interval95.lower", "46.77"); /* Wilson, 9 of 12 */
    check_text(&a, "rows.0.interval95.upper", "91.11");
    check_text(&a, "rows.0.smallNumber", "false");
    check_text(&a, "rows.0.suppressed", "false");
    check_text(&a, "rows.1.numerator", "2");
    check_text(&a, "rows.1.denominator", "4");
    check_text(&a, "rows.1.smallNumber", "true");
    check_text(&a, "rows.2.keys.gender", "3");
    check_text(&a, "rows.2.numerator", "0");
    check_text(&a, "rows.2.value", "null");
    check_text(&a, "rows.2.interval95", "null");
    check_text(&a, "rows.6.keys.gender", "UNKNOWN");
    check_text(&a, "total.numerator", "11");
    check_text(&a, "total.denominator", "16");
    check_text(&a, "coverage.expected", "2");
    check_text(&a, "coverage.reported", "2");
    answer_free(&a);
    a = ask(s->commissioner, "measure=setQuitDate&by=provider,ageBand&view=YEAR_TO_DATE");
    check_text(&a, "rows.0.keys.provider", "homerton");
    check_text(&a, "rows.0.keys.ageBand", "01");
    check_text(&a, "rows.0.numerator", "3");
    check_text(&a, "rows.0.denominator", "null");
    check_text(&a, "rows.0.value", "3");
    check_text(&a, "rows.7.keys.provider", "pharmacies");
    check_text(&a, "rows.7.numerator", "1");
    answer_free(&a);
    a = ask(s->commissioner, "measure=setQuitDate&by=localAuthority&localAuthority=E09000001");
    check_text(&a, "rows.0.keys.localAuthority", "E09000001");
    check_text(&a, "rows.0.numerator", "3");
    check_text(&a, "rows.1.keys.localAuthority", "UNKNOWN");
    check_text(&a, "rows.1.numerator", "0");
    check_text(&a, "rows.2", "(absent)");
    answer_free(&a);
    a = ask(s->commissioner, "measure=setQuitDate&by=gender&asAt=2025-07-01&knownAt=2020-01-01T00:00:00Z");
    check_text(&a, "total.numerator", "0");
    answer_free(&a);
}

static void own_and_others(void) {
    struct answer a = ask(s->pharmacies, "measure=setQuitDate&by=provider");
    check_text(&a, "rows.0.keys.provider", "pharmacies");
    check_text(&a, "rows.0.numerator", "1");
    check_text(&a, "rows.1", "(absent)");
    answer_free(&a);
    a = ask(s->pharmacies, "measure=setQuitDate&by=gender&provider=homerton");
    CHECK(a.status == 404, "another's figures: %ld", a.status);
    answer_free(&a);
    a = ask(s->checker, "measure=setQuitDate&by=gender");
    CHECK(a.status == 403, "a checker: %ld", a.status);
    answer_free(&a);
}

static void names(void) {
    struct answer a = ask(s->commissioner, "measure=setQuitDate&by=site");
    check_text(&a, "rows.0.keys.site", "MAIN");
    check_text(&a, "rows.0.numerator", "12");
    check_text(&a, "rows.1.keys.site", "S2");
    check_text(&a, "rows.2.keys.site", "UNKNOWN");
    check_text(&a, "rows.2.numerator", "3");
    check_text(&a, "dimensions.0.members.0.label", "Homerton Row");
    check_text(&a, "dimensions.0.members.1.label", "null");
    answer_free(&a);
    a = ask(s->commissioner, "measure=quit4&by=adviser,site");
    check_text(&a, "rows.0.keys.adviser", "A1");
    check_text(&a, "rows.0.keys.site", "MAIN");
    check_text(&a, "rows.0.numerator", "9");
    answer_free(&a);
    a = ask(s->commissioner, "measure=setQuitDate&by=setting");
    check_text(&a, "total.numerator", "16");
    bool found = false;
    for (size_t i = 0; i < json_array_size(json_object_get(a.json, "rows")); i++) {
        char path[64];
        snprintf(path, sizeof path, "rows.%zu.keys.setting", i);
        if (strcmp(answer_text(&a, path), "22") != 0) continue;
        snprintf(path, sizeof path, "rows.%zu.numerator", i);
        check_text(&a, path, "12");
        found = true;
    }
    CHECK(found, "the setting is that of the site");
    answer_free(&a);
    a = ask(s->commissioner, "measure=referrals&by=source,referrerOrganisation");
    CHECK(a.status == 200, "referrals: %ld", a.status);
    answer_free(&a);
    struct ask csv = {
        .path = "/v1/breakdowns/city-and-hackney/2025-26-Q2?measure=referrals&by=referrerOrganisation",
        .key = s->commissioner,
        .headers = {"Accept: text/csv"}};
    a = service_ask(s, &csv);
    static const char WANT[] =
        "referrerOrganisation,referrerOrganisationLabel,numerator,denominator,value,smallNumber,suppressed,lower95,upper95\r\n"
        "'=Practice,,1,,1,true,false,,\r\nHomerton maternity,,1,,1,true,false,,\r\nUNKNOWN,Blank,0,,0,false,false,,\r\n";
    CHECK(a.status == 200 && str_is(buf_str(&a.body), WANT), "CSV is %.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

/* Of 3, 1 and 12 two stars and a ten are left. */
static void rounded(const char *key, const char *more) {
    char query[100];
    snprintf(query, sizeof query, "measure=setQuitDate&by=ageBand%s", more);
    struct answer a = ask(key, query);
    CHECK(a.status == 200, "%ld", a.status);
    check_text(&a, "disclosure", "nhs-1-7-r5");
    check_text(&a, "view", "YEAR_TO_DATE");
    check_text(&a, "withheld", "false");
    check_text(&a, "rows.0.numerator", "*");
    check_text(&a, "rows.0.value", "null");
    check_text(&a, "rows.0.smallNumber", "false");
    check_text(&a, "rows.0.suppressed", "true");
    check_text(&a, "rows.1.numerator", "*");
    check_text(&a, "rows.2.numerator", "10");
    check_text(&a, "rows.2.value", "10");
    check_text(&a, "rows.2.interval95", "null");
    check_text(&a, "rows.2.suppressed", "false");
    check_text(&a, "rows.3.numerator", "0");
    check_text(&a, "total", "null");
    answer_free(&a);
}

/* 12 and 4 are shown as 10 and a star: the whole, 16 as 15, leaves too little room, so nothing is shown, the zeros neither. */
static void withheld(const char *key, const char *more) {
    char query[100];
    snprintf(query, sizeof query, "measure=quit4&by=gender%s", more);
    struct answer a = ask(key, query);
    CHECK(a.status == 200, "%ld", a.status);
    check_text(&a, "withheld", "true");
    for (int i = 0; i < 7; i++) {
        char path[40];
        static const char *const NUMBERS[] = {"numerator", "denominator"};
        for (size_t n = 0; n < 2; n++) {
            snprintf(path, sizeof path, "rows.%d.%s", i, NUMBERS[n]);
            check_text(&a, path, "*");
        }
        snprintf(path, sizeof path, "rows.%d.value", i);
        check_text(&a, path, "null");
    }
    answer_free(&a);
    snprintf(query, sizeof query, "/v1/dashboards/city-and-hackney/2025-26-Q2?disclosure=public");
    a = service_get(s, key, query);
    check_text(&a, "kpis.0.quarter", "null");
    check_text(&a, "kpis.0.yearToDate.numerator", "15");
    answer_free(&a);
}

static void wider(void) {
    rounded(s->commissioner, "&disclosure=public");
    rounded(public_key, "");
    rounded(public_key, "&disclosure=public&view=YEAR_TO_DATE");
    withheld(s->commissioner, "&disclosure=public");
    withheld(public_key, "");
    struct answer exact_still = ask(s->commissioner, "measure=quit4&by=gender");
    check_text(&exact_still, "withheld", "false");
    check_text(&exact_still, "view", "QUARTER");
    answer_free(&exact_still);
    static const char *const REFUSED[] = {
        "measure=quit4&by=gender&disclosure=exact",
        "measure=quit4&by=gender&asAt=2025-12-01",
        "measure=quit4&by=gender&knownAt=2026-01-01T00:00:00Z",
        "measure=quit4&by=gender&snapshot=1",
        "measure=quit4&by=gender&provider=homerton",
        "measure=quit4&by=gender&localAuthority=E09000012",
        "measure=quit4&by=adviser",
        "measure=referrals&by=referrerOrganisation",
        "measure=quit4&by=site",
        "measure=quit4&by=provider",
        "measure=quit4&by=ethnicGroup",
        "measure=quit4&by=localAuthority",
        "measure=quit4&by=gender,ageBand",
        "measure=quit4&by=gender&view=QUARTER",
    };
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        struct answer a = ask(public_key, REFUSED[i]);
        CHECK(a.status == 403, "%s: %ld", REFUSED[i], a.status);
        answer_free(&a);
    }
}

static void path_of(const struct route *r, char *out, size_t room) {
    static const struct {
        const char *name, *value;
    } FILLED[] = {{"service", "city-and-hackney"},
                  {"provider", "homerton"},
                  {"period", "2025-26-Q2"},
                  {"part", "episodes"},
                  {"ref", "1.4"},
                  {"year", "2025-26"},
                  {"feed", "returns.json"},
                  {"lookup", "imd"},
                  {"number", "1"},
                  {"webhook", "1"},
                  {"event", "1"},
                  {"action", "1"},
                  {"id", "city-and-hackney"}};
    struct buf path = BUF_EMPTY;
    str rest = str_of(r->pattern);
    while (rest.n) {
        buf_add_str(&path, str_cut(&rest, '{'));
        str name = str_cut(&rest, '}');
        for (size_t i = 0; name.n && i < sizeof FILLED / sizeof *FILLED; i++)
            if (str_is(name, FILLED[i].name)) {
                buf_add_cstr(&path, FILLED[i].value);
                break;
            }
    }
    snprintf(out, room, "%.*s", STR_ARG(buf_str(&path)));
    buf_free(&path);
}

/* Every route that asks for a key: open to this audience only where the list below says so. */
static void every_route(void) {
    static const char *const OPEN[] = {"breakdown.get", "dashboard.get"};
    enum { OPEN_COUNT = sizeof OPEN / sizeof *OPEN };
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        const struct route *r = &ROUTES[i];
        if (r->roles == ROLE_ANYONE) continue;
        bool open = false;
        for (size_t k = 0; k < OPEN_COUNT; k++)
            open = open || strcmp(OPEN[k], r->name) == 0;
        CHECK(open == ((r->roles & AUDIENCE_PUBLIC) != 0), "%s is open to a wider audience, or not", r->name);
        char path[300];
        path_of(r, path, sizeof path);
        if (strcmp(r->name, "breakdown.get") == 0)
            snprintf(path + strlen(path), sizeof path - strlen(path), "?measure=quit4&by=gender");
        struct ask one = {.method = method_name(r->method), .path = path, .key = public_key};
        if (r->method != METHOD_GET) one.type = "application/json", one.body = STR("{}");
        struct answer a = service_ask(s, &one);
        CHECK(a.status == (open ? 200 : 403), "%s: %ld", r->name, a.status);
        answer_free(&a);
    }
}

static void refused(void) {
    static const struct {
        const char *query, *says;
    } CASES[] = {
        {"by=gender", "measure is missing"},
        {"measure=quits&by=gender", "setQuitDate, quit4"},
        {"measure=quit4", "ageBand, gender"},
        {"measure=quit4&by=source", "quit4 cannot be broken down by 'source'"},
        {"measure=referrals&by=aid", "referrals cannot be broken down by 'aid'"},
        {"measure=quit4&by=gender,ageBand,nssec", "two joined by a comma"},
        {"measure=quit4&by=gender,gender", "twice"},
        {"measure=quit4&by=gender&view=YEAR", "YEAR_TO_DATE"},
        {"measure=quit4&by=gender&disclosure=all", "public or exact"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = ask(s->commissioner, CASES[i].query);
        CHECK(a.status == 400 && strstr(answer_text(&a, "detail"), CASES[i].says), "%s: %ld %s",
              CASES[i].query, a.status, answer_text(&a, "detail"));
        answer_free(&a);
    }
    struct answer a =
        service_get(s, s->commissioner, "/v1/breakdowns/city-and-hackney/2019-20-Q1?measure=quit4&by=gender");
    CHECK(a.status == 404, "a year that the framework does not rate: %ld", a.status);
    answer_free(&a);
}

void suite_http_breakdowns(void) {
    suite_add("http_breakdowns", begin, end);
    case_add("exact, for the commissioner", exact);
    case_add("a provider sees its own", own_and_others);
    case_add("sites, advisers and organisations have their names", names);
    case_add("rounded, for a wider audience", wider);
    case_add("a key of the public audience on every route", every_route);
    case_add("what cannot be asked is told", refused);
}
