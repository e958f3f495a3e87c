/* kpi_dashboard: the JSON of a dashboard, member by member, in the order of the contract's example. */
#include <stdio.h>
#include <stdlib.h>

#include "handlers/dashboard_write.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

struct view {
    const char *period, *as_at, *provider;
    uint32_t authority;
    int64_t known_at;
    bool final;
};
#define SERVICE_VIEW(p, day) ((struct view){.period = (p), .as_at = (day), .known_at = INSTANT_NONE})

/* Homerton: 401 due people of whom 212 quit, and one of whom nothing is known but the day; pharmacies:
 * nothing. */
static void fill(struct shelf *s) {
    char id[24];
    for (int i = 0; i < 401; i++) {
        snprintf(id, sizeof id, "e%d", i);
        struct fact_episode *e = shelf_episode(s, id, i % 2 ? id : "often", day_iso("2025-07-02"));
        e->authority = i % 10 ? 9000012 : 9000001;
        e->imd_quintile = (uint8_t)(i % 6);
        episode_set_outcome(e, STAGE_4W, i < 212 ? 1 : 2, 30);
    }
    shelf_part(s, PART_FOLLOW_UPS, period_iso("2025-26-Q2"));
}

static void write_dashboard(const struct framework *f, const struct shelf *s, const struct view *v,
                            struct buf *out) {
    struct book book = shelf_book(s);
    struct tally t;
    struct tally_filter filter = {v->authority};
    tally_count(f, &book, day_iso(v->as_at), &filter, &t);
    struct provider_tally providers[] = {{&f->providers[0], &t}, {&f->providers[1], NULL}};
    struct figures_question q = {
        .framework = f, .period = period_iso(v->period), .as_at = day_iso(v->as_at), .providers = providers};
    q.provider_count = 2;
    q.by_authority = v->authority != 0;
    q.view = v->provider ? framework_provider_find(f, str_of(v->provider)) : NULL;
    struct kpi_figures *figures = calloc(f->kpi_count, sizeof *figures);
    CHECK(figures_compute(&q, figures) == OK, "figures");
    struct dashboard_head head = {
        .service = STR("city-and-hackney"), .framework = f, .period = q.period, .as_at = q.as_at};
    head.known_at = v->known_at;
    head.provider = str_of(v->provider);
    head.authority = v->authority;
    head.providers = providers;
    head.provider_count = 2;
    head.final = v->final;
    static const str SIGNED[] = {{"homerton", 8}};
    head.signed_off = SIGNED;
    head.signed_count = 1;
    /* One open plan of 1.1 from the quarter before, one of 1.2 that a correction withdrew: the second is not shown. */
    const struct store_plan_mark plans[] = {
        {STR("AP-7"),
         STR("1.1"),
         period_of(2025, 1),
         PLAN_DRAFT,
         day_iso("2025-08-29"),
         -1,
         0,
         false,
         {-1, RAG_NONE, 0, 0}},
        {STR("AP-8"),
         STR("1.2"),
         period_of(2025, 1),
         PLAN_WITHDRAWN,
         day_iso("2025-08-29"),
         -1,
         0,
         false,
         {-1, RAG_NONE, 0, 0}},
    };
    head.plans = plans;
    head.plan_count = COUNT_OF(plans);
    dashboard_write(out, &head, figures, f->kpi_count);
    free(figures);
    tally_free(&t);
}

/* The dashboard as text; the caller frees. */
static struct buf dashboard(const struct view *v) {
    struct framework *f = framework_sample();
    struct shelf s = {.count = 0};
    struct buf out = BUF_EMPTY;
    fill(&s);
    write_dashboard(f, &s, v, &out);
    shelf_free(&s);
    framework_free(f);
    return out;
}

static bool has(const struct buf *b, const char *text) {
    return memmem(b->p, b->n, text, strlen(text)) != NULL;
}

static unsigned times(const struct buf *b, const char *text) {
    unsigned n = 0;
    const char *at = b->p, *end = b->p + b->n;
    while ((at = memmem(at, (size_t)(end - at), text, strlen(text))))
        n++, at++;
    return n;
}

static unsigned number_at(const char *text) {
    unsigned n = 0;
    while (*text >= '0' && *text <= '9')
        n = n * 10 + (unsigned)(*text++ - '0');
    return n;
}

static void members_in_order(void) {
    struct view v = SERVICE_VIEW("2025-26-Q2", "2025-09-01");
    struct buf b = dashboard(&v);
    static const char *const TEXTS[] = {
        "{\"service\":\"city-and-hackney\",\"framework\":{\"id\":\"city-and-hackney\",\"version\":1},\"period\":\"2025-26-Q2\","
        "\"asAt\":\"2025-09-01\",\"knownAt\":null,\"provisional\":true,"
        "\"returns\":{\"expected\":2,\"submitted\":1,\"missing\":[\"pharmacies\"]},\"summary\":{\"GREEN\":",
        "{\"ref\":\"1.4\",\"section\":\"1\",\"title\":\"% of people who set a quit date who have quit at 4 weeks\",\"unit\":\"PERCENT\","
        "\"direction\":\"HIGHER\",\"target\":{\"annual\":50,\"toDate\":50},"
        "\"tolerance\":{\"kind\":\"RELATIVE\",\"value\":5,\"source\":\"DEFAULT\"},\"cohort\":{\"from\":\"2025-07-01\",\"to\":\"2025-09-30\"},"
        "\"quarter\":{\"numerator\":212,\"denominator\":401,\"value\":52.87,\"rag\":\"GREEN\"},"
        "\"yearToDate\":{\"numerator\":212,\"denominator\":401,\"value\":52.87,\"rag\":\"GREEN\",\"interval95\":{\"lower\":47.98,\"upper\":57.7}},"
        "\"rag\":\"GREEN\",\"coverage\":{\"expected\":2,\"reported\":1},\"partial\":true,\"previous\":null,\"forecast\":null,\"raisesPlan\":true,\"actionPlan\":null}",
        "\"target\":{\"annual\":1600,\"toDate\":800,\"quarter\":400}",
        "\"quarter\":{\"numerator\":401,\"denominator\":null,\"value\":401,\"rag\":\"GREEN\",\"distinctClients\":201}",
        ("\"forecast\":802,\"raisesPlan\":true,\"actionPlan\":{\"id\":\"AP-7\",\"openedFor\":\"2025-26-Q1\",\"status\":\"DRAFT\",\"dueDate\":\"2025-08-29\","
         "\"overdue\":true,\"escalated\":true}},{\"ref\":\"1.2\""),
        "\"tolerance\":{\"kind\":\"LIMITS\",\"value\":null,\"green\":60,\"red\":50,\"source\":\"COMMISSIONER\"}",
        "\"forecast\":null,\"earned\":\"PART\",\"raisesPlan\":false,\"actionPlan\":null},{\"ref\":\"1.6\"",
        "\"target\":{\"annual\":null,\"toDate\":null}",
        "\"cohort\":{\"from\":\"2025-03-25\",\"to\":\"2025-06-24\"}", /* 1.7: closes in the quarter */
        "\"target\":{\"annual\":6,\"toDate\":3,\"quarter\":2},\"tolerance\":{\"kind\":\"WHOLE\",\"value\":1,\"source\":\"DEFAULT\"}",
        "\"quarter\":{\"numerator\":67,\"denominator\":401,\"value\":16.71,\"rag\":\"RED\",\"unknown\":67,\"valueAmongKnown\":20.06}",
        "\"target\":{\"annual\":1.5,\"toDate\":1.5}",
        "\"quarter\":{\"numerator\":null,\"denominator\":null,\"value\":null,\"rag\":\"NO_DATA\"}",
    };
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
        CHECK(has(&b, TEXTS[i]), "not there: %s", TEXTS[i]);
    buf_free(&b);
}

static void all_kpis_in_order(void) {
    static const char *const REFS[] = {"1.1",  "1.2",  "1.3",  "1.4",  "1.5",  "1.6",  "1.7", "1.8",
                                       "1.9",  "1.10", "1.11", "1.12", "1.13", "1.14", "2.1", "2.2",
                                       "2.3",  "3.1",  "3.2",  "3.3",  "3.4",  "4.1",  "4.2", "4.3a",
                                       "4.3b", "4.3c", "4.3d", "4.4",  "4.5"};
    struct view v = SERVICE_VIEW("2025-26-Q2", "2025-09-01");
    struct buf b = dashboard(&v);
    const char *at = b.p;
    for (size_t i = 0; i < COUNT_OF(REFS); i++) {
        char text[32];
        snprintf(text, sizeof text, "{\"ref\":\"%s\",", REFS[i]);
        const char *found = memmem(at, b.n - (size_t)(at - b.p), text, strlen(text));
        CHECK(found != NULL, "%s comes next", REFS[i]);
        if (found) at = found;
    }
    CHECK(times(&b, "{\"ref\":") == 29, "29 KPIs");
    static const char *const STATUSES[] = {"GREEN", "AMBER", "RED", "BASELINE", "NO_DATA", "NOT_DUE"};
    unsigned sum = 0;
    at = memmem(b.p, b.n, "\"summary\":{", 11);
    for (size_t i = 0; at && i < COUNT_OF(STATUSES); i++) {
        char text[32];
        snprintf(text, sizeof text, "\"%s\":", STATUSES[i]);
        const char *found = memmem(at, 200, text, strlen(text));
        CHECK(found != NULL, "%s is in the summary", STATUSES[i]);
        if (found) sum += number_at(found + strlen(text));
    }
    CHECK(sum == 29, "the summary adds up: %u", sum);
    buf_free(&b);
}

static void provisional(void) {
    struct view v = SERVICE_VIEW("2025-26-Q2", "2025-08-13"); /* day 42 */
    v.final = true;
    struct buf b = dashboard(&v);
    CHECK(has(&b, "\"provisional\":true"), "final, but not all due");
    buf_free(&b);
    v.as_at = "2025-08-14";
    b = dashboard(&v);
    CHECK(has(&b, "\"provisional\":false"), "final and all due");
    buf_free(&b);
    v.final = false;
    b = dashboard(&v);
    CHECK(has(&b, "\"provisional\":true"), "all due, but not final");
    buf_free(&b);
}

static void own_view_and_filters(void) {
    struct view v = SERVICE_VIEW("2025-26-Q2", "2025-09-01");
    v.provider = "homerton";
    v.known_at = 0;
    struct buf b = dashboard(&v);
    CHECK(has(&b, "\"period\":\"2025-26-Q2\",\"provider\":\"homerton\",\"asAt\""), "the provider is named");
    CHECK(has(&b, "\"knownAt\":\"1970-01-01T00:00:00"), "and the instant");
    CHECK(has(&b, "\"returns\":{\"expected\":1,\"submitted\":1,\"missing\":[]}"), "its own return alone");
    CHECK(
        has(&b,
            "\"quarter\":{\"numerator\":401,\"denominator\":null,\"value\":401,\"rag\":null,\"distinctClients\":201,\"share\":100}"),
        "a count has a share and no status");
    CHECK(
        has(&b,
            "\"rag\":null,\"coverage\":{\"expected\":1,\"reported\":1},\"partial\":false,\"previous\":null"),
        "no headline");
    buf_free(&b);
    v = SERVICE_VIEW("2025-26-Q2", "2025-09-01");
    v.authority = 9000001;
    b = dashboard(&v);
    CHECK(has(&b, "\"localAuthority\":\"E09000001\""), "the authority is named");
    CHECK(has(&b, "\"quarter\":{\"numerator\":41,\"denominator\":null,\"value\":41"), "and counted");
    buf_free(&b);
}

static void same_question_same_bytes(void) {
    struct view v = SERVICE_VIEW("2025-26-Q2", "2025-09-01");
    struct buf a = dashboard(&v), b = dashboard(&v);
    CHECK(a.n == b.n && memcmp(a.p, b.p, a.n) == 0, "deterministic");
    buf_free(&a);
    buf_free(&b);
}

void suite_kpi_dashboard(void);
void suite_kpi_dashboard(void) {
    suite_add("unit kpi dashboard", NULL, NULL);
    case_add("members in the order of the contract", members_in_order);
    case_add("all 29 KPIs, and a summary that adds up", all_kpis_in_order);
    case_add("provisional", provisional);
    case_add("a provider's own view, one authority", own_view_and_filters);
    case_add("the same question has the same bytes", same_question_same_bytes);
}
