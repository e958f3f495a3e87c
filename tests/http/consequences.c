/* What an upload does beyond its figures, told before it is sent (dry run), when it is (receipt) and afterwards (restatement): statuses,
 * completeness, payment, plans; each figure worked out by hand. And a dry run leaves nothing behind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/answers.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static json_t *receipt; /* of the correction */

/* What is overdue is told by the calendar soon after the start, in one transaction: that must not fall into a dry run. */
static int begin(void) {
    s = service_start(NULL);
    for (int tries = 0; s && tries < 6000; tries++) {
        if (strcmp(service_sql(s, "select count(*) from event"), "0") != 0) return 0;
        usleep(10000);
    }
    return 1;
}
static int end(void) {
    json_decref(receipt);
    receipt = NULL;
    return s ? service_stop(s) : 1;
}

#define RETURNS "/v1/returns/city-and-hackney/"
#define Q2 "2025-26-Q2"
#define HOMERTON RETURNS "homerton/" Q2

static const char *key_of(const char *provider) {
    return strcmp(provider, "homerton") == 0 ? s->homerton : s->pharmacies;
}

/* 20 episodes of which `quit` have quit, all items there; `wrong` sends a quit date of another quarter besides. */
static struct answer send_episodes(const char *provider, unsigned quit, const char *query, bool wrong) {
    char path[200], id[32];
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < 20; i++) {
        snprintf(id, sizeof id, "%s-%u", provider, i);
        struct episode_row r = episode_good(id);
        r.quit = wrong && i == 0 ? "2025-10-01" : "2025-07-10";
        r.followed_up = "2025-08-07";
        if (i >= quit) {
            r.outcome = "2";
            r.co = r.satisfaction = "";
        }
        episode_add_csv(&b, &r);
    }
    snprintf(path, sizeof path, RETURNS "%s/" Q2 "/episodes%s", provider, query);
    struct answer a = service_put(s, key_of(provider), path, "text/csv", buf_str(&b));
    buf_free(&b);
    return a;
}

static void send_the_rest_and_sign(const char *provider) {
    static const char *const PARTS[] = {"follow-ups", "referrals", "contacts", "training-sessions"};
    char path[200], template_path[80];
    for (size_t i = 0; i < 4; i++) {
        snprintf(template_path, sizeof template_path, "/v1/templates/%s", PARTS[i]);
        struct answer t = service_get(s, key_of(provider), template_path);
        snprintf(path, sizeof path, RETURNS "%s/" Q2 "/%s", provider, PARTS[i]);
        struct answer a = service_put(s, key_of(provider), path, "text/csv", buf_str(&t.body));
        CHECK(a.status == 201, "%s: %ld", path, a.status);
        answer_free(&t);
        answer_free(&a);
    }
    snprintf(path, sizeof path, RETURNS "%s/" Q2 "/submission", provider);
    struct answer a = service_ask(s, &(struct ask){.method = "POST", .path = path, .key = key_of(provider)});
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    answer_free(&a);
}

/* Every table's rows and every sequence, as text. */
static char *everything_stored(void) {
    static const char TABLES[] =
        "select string_agg(c.relname || '=' || (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from quarterday.%I', "
        "c.relname), false, true, '')))[1]::text, ' ' order by c.relname) || ' ' || (select string_agg(sequencename || '=' || "
        "coalesce(last_value::text, '-'), ' ' order by sequencename) from pg_sequences where schemaname = 'quarterday') "
        "from pg_class c where c.relkind = 'r' and c.relnamespace = 'quarterday'::regnamespace";
    return strdup(service_sql(s, TABLES));
}

static void nothing_was_stored(const char *before, const char *what) {
    char *after = everything_stored();
    CHECK(strstr(before, "version=") && strstr(before, "plan_event=") && strstr(before, "change_seq="),
          "all tables and sequences are counted: %s", before);
    CHECK(strcmp(before, after) == 0, "%s: before %s after %s", what, before, after);
    free(after);
}

/* The member of an effect by KPI, in consequences.plans.effects; "(absent)" where the KPI has none. */
static const char *effect(const struct answer *a, const char *list, const char *kpi, const char *member) {
    char path[100];
    for (int i = 0; i < 40; i++) {
        snprintf(path, sizeof path, "%s.%d.kpi", list, i);
        if (strcmp(answer_text(a, path), kpi) != 0) continue;
        snprintf(path, sizeof path, "%s.%d.%s", list, i, member);
        return answer_text(a, path);
    }
    return "(absent)";
}
#define EFFECTS "consequences.plans.effects"
#define AVERTED "consequences.plans.averted"

static void check_effect(const struct answer *a, const char *list, const char *kpi, const char *member,
                         const char *want) {
    const char *got = effect(a, list, kpi, member);
    CHECK(strcmp(got, want) == 0, "%s of %s in %s is %s, expected %s", member, kpi, list, got, want);
}

/* ---- before anything is there ---- */

static void first_upload_dry(void) {
    char *before = everything_stored();
    struct answer a = send_episodes("homerton", 9, "?dryRun=true", false);
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "stored", "false");
    check_text(&a, "created", "20");
    check_text(&a, "consequences.completeness.0.period", Q2);
    check_text(&a, "consequences.completeness.0.service.before",
               "{\"complete\":0,\"required\":0,\"value\":null}");
    /* 20 episodes x 10 items; Q2 is due (28 August) on 20 February */
    check_text(&a, "consequences.completeness.0.service.after",
               "{\"complete\":200,\"required\":200,\"value\":100}");
    check_text(&a, "consequences.completeness.0.provider.after",
               "{\"complete\":200,\"required\":200,\"value\":100}");
    check_text(&a, "consequences.completeness.1", "(absent)");
    check_text(&a, "consequences.payment.0.year", "2025-26");
    check_text(&a, "consequences.payment.0.poolPence", "3600000");
    check_text(&a, "consequences.payment.0.before",
               "{\"numerator\":0,\"denominator\":0,\"ratePercent\":null,\"paymentPence\":0}");
    /* 9 of 20 is 45 %: nothing is paid up to 50 */
    check_text(&a, "consequences.payment.0.after",
               "{\"numerator\":9,\"denominator\":20,\"ratePercent\":45,\"paymentPence\":0}");
    check_text(&a, "consequences.payment.1", "(absent)");
    check_text(&a, "consequences.plans.period", Q2);
    check_text(&a, "consequences.plans.periodFinal", "false");
    check_text(&a, "consequences.plans.judgedBy", "LAST_SIGN_OFF");
    check_text(&a, "consequences.plans.awaitedSignOffs", "[\"pharmacies\"]");
    check_effect(&a, EFFECTS, "1.4", "effect", "OPENED"); /* 45 % of 50 */
    check_effect(&a, EFFECTS, "1.4", "id", "null");
    check_effect(&a, EFFECTS, "1.4", "alsoWithout", "false");
    check_effect(&a, EFFECTS, "1.5", "effect", "(absent)"); /* red, and raises no plan */
    answer_free(&a);
    nothing_was_stored(before, "a dry run");
    a = send_episodes("homerton", 9, "?dryRun=true", true);
    CHECK(a.status == 422, "with an error: %ld", a.status);
    check_text(&a, "errors.0.code", "OUTSIDE_PERIOD");
    check_text(&a, "consequences", "(absent)");
    answer_free(&a);
    nothing_was_stored(before, "a dry run with an error");
    free(before);
}

static void both_have_signed(void) {
    struct answer a = send_episodes("homerton", 9, "", false);
    CHECK(a.status == 201, "%ld", a.status);
    check_effect(&a, EFFECTS, "1.4", "effect", "OPENED");
    answer_free(&a);
    send_the_rest_and_sign("homerton");
    a = send_episodes("pharmacies", 12, "", false);
    CHECK(a.status == 201, "%ld", a.status);
    check_text(&a, "consequences.plans.awaitedSignOffs", "[]"); /* its own sign-off is the last */
    /* 21 of 40 is 52.5 %: green; without these 20 it was 45 %, red */
    check_effect(&a, EFFECTS, "1.4", "effect", "(absent)");
    check_effect(&a, AVERTED, "1.4", "effect", "OPENED");
    check_text(&a, "consequences.payment.0.before.paymentPence", "0");
    check_text(&a, "consequences.payment.0.after.paymentPence",
               "900000"); /* a quarter of the way from 50 to 60 */
    check_text(&a, "consequences.completeness.0.provider.before",
               "{\"complete\":0,\"required\":0,\"value\":null}");
    check_text(&a, "consequences.completeness.0.service.after",
               "{\"complete\":400,\"required\":400,\"value\":100}");
    answer_free(&a);
    send_the_rest_and_sign("pharmacies");
}

/* ---- a correction ---- */

static bool moves(const json_t *statuses, const char *period, const char *ref, const char *before,
                  const char *after) {
    for (size_t i = 0; i < json_array_size(statuses); i++) {
        const json_t *m = json_array_get(statuses, i);
        if (strcmp(json_string_value(json_object_get(m, "period")), period) == 0 &&
            strcmp(json_string_value(json_object_get(m, "ref")), ref) == 0)
            return strcmp(json_string_value(json_object_get(m, "before")), before) == 0 &&
                   strcmp(json_string_value(json_object_get(m, "after")), after) == 0;
    }
    return false;
}

/* 2 instead of 9: 14 of 40 is 35 %. */
static void correction_dry_and_sent(void) {
    char *before = everything_stored();
    struct answer dry = send_episodes("homerton", 2, "?dryRun=true&reason=Entered%20twice", false);
    CHECK(dry.status == 200, "%ld %.300s", dry.status, dry.body.n ? dry.body.p : "");
    check_text(&dry, "consequences.plans.periodFinal", "true");
    check_text(&dry, "consequences.plans.judgedBy", "SIGN_OFF");
    check_text(&dry, "consequences.plans.awaitedSignOffs", "[]");
    check_effect(&dry, EFFECTS, "1.4", "effect", "OPENED");
    check_effect(&dry, EFFECTS, "1.4", "status", "REQUIRED");
    check_effect(&dry, EFFECTS, "1.1", "effect", "(absent)"); /* red before and after: its plan is open */
    const json_t *statuses = answer_at(&dry, "consequences.statuses");
    CHECK(moves(statuses, Q2, "1.4", "GREEN", "RED"), "the headline of 1.4 in Q2");
    CHECK(moves(statuses, "2025-26-Q3", "1.4", "GREEN", "RED"), "the year to date of Q3 has the same people");
    CHECK(moves(statuses, Q2, "1.5", "AMBER", "RED"), "1.5 up to 50 %% is red");
    CHECK(!moves(statuses, Q2, "1.1", "RED", "RED"), "what stays is not told");
    check_text(&dry, "consequences.payment.0.before.paymentPence", "900000");
    check_text(&dry, "consequences.payment.0.after",
               "{\"numerator\":14,\"denominator\":40,\"ratePercent\":35,\"paymentPence\":0}");
    nothing_was_stored(before, "a dry run of a correction");
    free(before);

    struct answer sent = send_episodes("homerton", 2, "?reason=Entered%20twice", false);
    CHECK(sent.status == 200, "%ld", sent.status);
    CHECK(json_equal(answer_at(&dry, "consequences"), answer_at(&sent, "consequences")),
          "the receipt says the same");
    CHECK(json_equal(answer_at(&dry, "kpis"), answer_at(&sent, "kpis")), "also of the KPIs");
    receipt = json_deep_copy(sent.json);
    answer_free(&dry);
    answer_free(&sent);
    CHECK(strcmp(service_sql(s, "select count(*) from plan where kpi = '1.4'"), "0") == 0,
          "an upload moves no plan");
    struct answer same = send_episodes("homerton", 2, "", false);
    check_text(&same, "consequences", "null");
    answer_free(&same);
}

/* What was foretold happens, all of it and nothing else. */
static void sign_off_does_it(void) {
    struct answer a =
        service_ask(s, &(struct ask){.method = "POST", .path = HOMERTON "/submission", .key = s->homerton});
    const json_t *plans = answer_at(&a, "plans");
    const json_t *foretold =
        json_object_get(json_object_get(json_object_get(receipt, "consequences"), "plans"), "effects");
    CHECK(json_array_size(plans) > 0 && json_array_size(plans) == json_array_size(foretold),
          "%zu happen, %zu were foretold", json_array_size(plans), json_array_size(foretold));
    for (size_t i = 0; i < json_array_size(plans); i++) {
        const json_t *x = json_array_get(plans, i), *y = json_array_get(foretold, i);
        CHECK(json_equal(json_object_get(x, "kpi"), json_object_get(y, "kpi")) &&
                  json_equal(json_object_get(x, "effect"), json_object_get(y, "effect")),
              "plan %zu", i);
    }
    answer_free(&a);
    a = send_episodes("homerton", 9, "?dryRun=true&reason=The%20first%20was%20right", false);
    check_effect(&a, EFFECTS, "1.4", "effect", "WITHDRAWN");
    check_effect(&a, EFFECTS, "1.4", "status", "WITHDRAWN");
    CHECK(strncmp(effect(&a, EFFECTS, "1.4", "id"), "AP-", 3) == 0, "%s", effect(&a, EFFECTS, "1.4", "id"));
    answer_free(&a);
}

/* ---- afterwards ---- */

static void restated(void) {
    static const char PATH[] = HOMERTON "/episodes/restatement?version=2";
    for (size_t i = 0; i < 2; i++) {
        struct answer a = service_get(s, i ? s->commissioner : s->homerton, PATH);
        CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
        check_text(&a, "version", "2");
        check_text(&a, "reason", "Entered twice");
        check_text(&a, "updated", "7");
        CHECK(json_equal(answer_at(&a, "kpis"), json_object_get(receipt, "kpis")),
              "the KPIs as in the receipt");
        CHECK(json_equal(answer_at(&a, "consequences"), json_object_get(receipt, "consequences")),
              "all as it was foretold, although plans have moved since: %s",
              answer_text(&a, "consequences.plans"));
        CHECK(strcmp(answer_text(&a, "judged.at"), "null") != 0, "it has been signed since");
        check_effect(&a, "judged.plans", "1.4", "to", "REQUIRED");
        check_effect(&a, "judged.plans", "1.4", "from", "null");
        check_effect(&a, "judged.plans", "1.4", "openedFor", Q2);
        answer_free(&a);
    }
}

/* What came later, here and from others, changes nothing of it. */
static void later_versions_do_not_matter(void) {
    struct answer a = send_episodes("homerton", 9, "?reason=The%20first%20was%20right", false);
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
    a = send_episodes("pharmacies", 1, "?reason=Another", false);
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
    a = service_get(s, s->commissioner, HOMERTON "/episodes/restatement?version=2");
    CHECK(json_equal(answer_at(&a, "kpis"), json_object_get(receipt, "kpis")), "the KPIs as in the receipt");
    CHECK(json_equal(answer_at(&a, "consequences"), json_object_get(receipt, "consequences")),
          "and all else");
    answer_free(&a);
    a = service_get(s, s->commissioner, HOMERTON "/episodes/restatement");
    check_text(&a, "version", "3");
    check_text(&a, "consequences.payment.0.before.paymentPence", "0");
    check_text(&a, "consequences.payment.0.after.paymentPence", "900000");
    check_text(&a, "judged", "{\"at\":null,\"plans\":[]}");
    check_effect(&a, EFFECTS, "1.4", "effect", "WITHDRAWN");
    answer_free(&a);
}

static void restated_as_at(void) {
    /* On 1 August nobody of 10 July is due: no outcome counts yet. */
    struct answer a =
        service_get(s, s->commissioner, HOMERTON "/episodes/restatement?version=2&asAt=2025-08-01");
    check_text(&a, "asAt", "2025-08-01");
    check_text(&a, "kpis", "[]");
    check_text(&a, "consequences.statuses", "[]");
    check_text(&a, "consequences.payment.0.after",
               "{\"numerator\":0,\"denominator\":0,\"ratePercent\":null,\"paymentPence\":0}");
    /* and the outcome is no item of the collection yet: 9 of each episode */
    check_text(&a, "consequences.completeness.0.service.after",
               "{\"complete\":360,\"required\":360,\"value\":100}");
    answer_free(&a);
}

static void first_version_restated(void) {
    struct answer a = service_get(s, s->homerton, HOMERTON "/episodes/restatement?version=1");
    check_text(&a, "created", "20");
    check_text(&a, "consequences.payment.0.before.denominator", "0");
    check_text(&a, "consequences.payment.0.after.denominator",
               "20"); /* the pharmacies had sent nothing then */
    check_text(&a, "consequences.plans.judgedBy", "LAST_SIGN_OFF");
    check_effect(&a, "judged.plans", "1.1", "to", "REQUIRED"); /* when the period became final */
    answer_free(&a);
}

static void refused(void) {
    static const struct {
        const char *path, *code;
        long status;
    } CASES[] = {
        {HOMERTON "/episodes/restatement?version=9", "NOT_FOUND", 404},
        {HOMERTON "/sites/restatement", "NOT_FOUND", 404},
        {HOMERTON "/episodes/restatement?version=0", "BAD_PARAMETER", 400},
        {HOMERTON "/episodes/restatement?asAt=2025-02-30", "BAD_PARAMETER", 400},
        {RETURNS "pharmacies/" Q2 "/episodes/restatement", "NOT_FOUND", 404},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = service_get(s, s->homerton, CASES[i].path);
        CHECK(a.status == CASES[i].status, "%s: %ld", CASES[i].path, a.status);
        check_text(&a, "code", CASES[i].code);
        answer_free(&a);
    }
    struct answer a = service_get(s, s->checker, HOMERTON "/episodes/restatement");
    CHECK(a.status == 403, "not for the checker: %ld", a.status);
    answer_free(&a);
}

void suite_http_consequences(void) {
    suite_add("http_consequences", begin, end);
    case_add("a dry run tells all and stores nothing, also with errors", first_upload_dry);
    case_add("a receipt tells what the last sign-off would do, and what it averts", both_have_signed);
    case_add("a correction does what its dry run said", correction_dry_and_sent);
    case_add("signing again does to plans what was foretold", sign_off_does_it);
    case_add("a restatement says the same afterwards", restated);
    case_add("and still does after later versions", later_versions_do_not_matter);
    case_add("a restatement as at an earlier day", restated_as_at);
    case_add("the first version restated", first_version_restated);
    case_add("what is no restatement is refused", refused);
}
