/* /v1/keys over HTTPS: issued, listed, rotated and revoked by an admin; what is no admin's is refused; where a key may be used from,
 * also behind a proxy; and that every 401 says the same. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "server/keys.h"
#include "tests/support/answers.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define OWN_RETURN "/v1/returns/city-and-hackney/homerton/2025-26-Q1"

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static struct answer send(const char *method, const char *path, const char *body, long status) {
    struct answer a = service_ask(s, &(struct ask){.method = method,
                                                   .path = path,
                                                   .key = s->admin,
                                                   .type = body ? "application/json" : NULL,
                                                   .body = body ? str_of(body) : STR_NONE});
    CHECK(a.status == status, "%s %s %s: %ld %.300s", method, path, body ? body : "", a.status,
          a.body.n ? a.body.p : "");
    return a;
}

struct made {
    char id[16], key[128];
};

static struct made issue(const char *body) {
    struct made m;
    struct answer a = send("POST", "/v1/keys", body, 201);
    snprintf(m.id, sizeof m.id, "%s", answer_text(&a, "id"));
    snprintf(m.key, sizeof m.key, "%s", answer_text(&a, "key"));
    answer_free(&a);
    return m;
}

static long status_of(const char *key, const char *path, const char *header) {
    struct answer a = service_ask(s, &(struct ask){.path = path, .key = key, .headers = {header}});
    long status = a.status;
    answer_free(&a);
    return status;
}

#define PROVIDER_KEY "{\"role\":\"PROVIDER\",\"service\":\"city-and-hackney\",\"provider\":\"homerton\""

/* ---- issuing and listing ---- */

static void issued(void) {
    struct answer a =
        send("POST", "/v1/keys", PROVIDER_KEY ",\"label\":\"nightly job\",\"expiresDays\":365}", 201);
    char path[64], key[128];
    snprintf(key, sizeof key, "%s", answer_text(&a, "key"));
    snprintf(path, sizeof path, "/v1/keys/%s", answer_text(&a, "id"));
    CHECK(strcmp(answer_header(&a, "location"), path) == 0, "%s", answer_header(&a, "location"));
    CHECK(strcmp(answer_header(&a, "cache-control"), "no-store") == 0, "the text of a key is kept nowhere");
    check_text(&a, "state", "IN_FORCE");
    check_text(&a, "audience", "INTERNAL");
    check_text(&a, "label", "nightly job");
    check_text(&a, "lastUsedOn", "null");
    check_text(&a, "sample", "false");
    answer_free(&a);
    CHECK(status_of(key, OWN_RETURN, NULL) == 200, "it opens its provider's return, as soon as it is told");
    CHECK(status_of(key, "/v1/returns/city-and-hackney/pharmacies/2025-26-Q1", NULL) == 404,
          "and no other's");
    char sql[400];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM audit WHERE action = 'KEY_ISSUED' AND object = '%s' AND stream = "
             "'city-and-hackney' AND actor = split_part('%s', '_', 3)",
             path + 4, s->admin);
    CHECK(strcmp(service_sql(s, sql), "1") == 0, "the admin's key id stands in the audit: %s",
          service_sql(s, sql));
}

static void refused(void) {
    static const struct {
        const char *body;
        long status;
        const char *words;
    } CASES[] = {
        {"", 422, "Say the role"},
        {"{\"role\":\"KING\"}", 422, "KING"},
        {"{\"role\":\"COMMISSIONER\"}", 422, "needs its service"},
        {"{\"role\":\"PROVIDER\",\"service\":\"city-and-hackney\"}", 422, "its provider"},
        {"{\"role\":\"ADMIN\",\"provider\":\"homerton\"}", 422, "Only a provider's"},
        {"{\"role\":\"COMMISSIONER\",\"service\":\"elsewhere\"}", 422, "no service 'elsewhere'"},
        {"{\"role\":\"PROVIDER\",\"service\":\"city-and-hackney\",\"provider\":\"x\"}", 422,
         "no provider 'x'"},
        {PROVIDER_KEY ",\"expiresDays\":366}", 422, "1 to 365"},
        {PROVIDER_KEY ",\"expiresDays\":0}", 422, "1 to 365"},
        {PROVIDER_KEY ",\"expiresDays\":\"9\"}", 422, "whole number"},
        {PROVIDER_KEY ",\"addresses\":[\"10.0.0.1/8\"]}", 422, "10.0.0.1/8"},
        {PROVIDER_KEY ",\"addresses\":\"10.0.0.0/8\"}", 422, "list of texts"},
        {PROVIDER_KEY ",\"addresses\":[1]}", 422, "/addresses/0"},
        {PROVIDER_KEY ",\"scopes\":[\"CLIENT_ROWS\"]}", 422, "commissioner's key"},
        {PROVIDER_KEY ",\"scopes\":[\"ALL\"]}", 422, "'ALL'"},
        {PROVIDER_KEY ",\"audience\":\"everybody\"}", 422, "INTERNAL or PUBLIC"},
        {"{\"role\":\"FEED\",\"service\":\"city-and-hackney\",\"audience\":\"PUBLIC\"}", 422,
         "exact figures"},
        {PROVIDER_KEY ",\"lable\":\"x\"}", 422, "label"},
        {PROVIDER_KEY ",\"label\":\"a\\u0007\"}", 422, "control characters"},
        {"[]", 422, "object"},
        {"{", 400, "Line 1"},
    };
    char before[32];
    snprintf(before, sizeof before, "%s", service_sql(s, "SELECT count(*) FROM api_key"));
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = send("POST", "/v1/keys", CASES[i].body, CASES[i].status);
        CHECK(strstr(answer_text(&a, "detail"), CASES[i].words) != NULL, "%s: %s", CASES[i].body,
              answer_text(&a, "detail"));
        answer_free(&a);
    }
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM api_key"), before) == 0, "none of them was made");
}

static void listed(void) {
    struct made m = issue("{\"role\":\"FEED\",\"service\":\"city-and-hackney\",\"label\":\"spreadsheet\"}");
    struct answer a = send("GET", "/v1/keys?role=FEED&state=IN_FORCE&service=city-and-hackney", NULL, 200);
    check_text(&a, "metadata.total", "1");
    check_text(&a, "results.0.id", m.id);
    check_text(&a, "results.0.key", "(absent)");
    str text = buf_str(&a.body), secret = {m.key + strlen("qd_live_") + 11, 43};
    bool shows = false;
    for (size_t i = 0; i + secret.n <= text.n; i++)
        shows |= memcmp(text.p + i, secret.p, secret.n) == 0;
    CHECK(!shows, "no list has a secret");
    answer_free(&a);
    a = send("GET", "/v1/keys?provider=nobody", NULL, 200);
    check_text(&a, "metadata.total", "0");
    answer_free(&a);
    a = send("GET", "/v1/keys?limit=2", NULL, 200);
    CHECK(strcmp(answer_text(&a, "metadata.cursor"), "o2") == 0, "pages: %s",
          answer_text(&a, "metadata.cursor"));
    answer_free(&a);
    a = send("GET", "/v1/keys?state=LOST", NULL, 400);
    answer_free(&a);
    const char *const OTHERS[] = {s->commissioner, s->checker, s->homerton, m.key};
    for (size_t i = 0; i < 4; i++)
        CHECK(status_of(OTHERS[i], "/v1/keys", NULL) == 403, "only admins see keys: case %zu", i);
}

/* ---- the day of the last use ---- */

static void last_used(void) {
    struct made m = issue(PROVIDER_KEY ",\"label\":\"used\"}");
    char sql[200];
    snprintf(
        sql, sizeof sql,
        "SELECT coalesce((last_used_on - (now() AT TIME ZONE 'Europe/London')::date)::text, 'never') FROM api_key "
        "WHERE id = '%s'",
        m.id);
    CHECK(strcmp(service_sql(s, sql), "never") == 0, "%s", service_sql(s, sql));
    CHECK(status_of(m.key, OWN_RETURN, NULL) == 200, "used");
    const char *days = "";
    for (int i = 0; i < 3000; i++) {
        days = service_sql(s, sql);
        if (strcmp(days, "never") != 0) break;
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    }
    CHECK(strcmp(days, "0") == 0 || strcmp(days, "-1") == 0, "written by itself: %s", days);
}

/* ---- rotation ---- */

static void rotated(void) {
    struct made old = issue(PROVIDER_KEY ",\"addresses\":[\"127.0.0.0/8\"],\"label\":\"rotated\"}");
    char path[64], next[128];
    snprintf(path, sizeof path, "/v1/keys/%s/rotation", old.id);
    struct answer a = send("POST", path, "{\"overlapHours\":721}", 422);
    answer_free(&a);
    a = send("POST", path, "", 201);
    snprintf(next, sizeof next, "%s", answer_text(&a, "key"));
    check_text(&a, "role", "PROVIDER");
    check_text(&a, "provider", "homerton");
    check_text(&a, "label", "rotated");
    check_text(&a, "addresses.0", "127.0.0.0/8");
    char id[16], sql[300];
    snprintf(id, sizeof id, "%s", answer_text(&a, "id"));
    answer_free(&a);
    CHECK(status_of(old.key, OWN_RETURN, NULL) == 200 && status_of(next, OWN_RETURN, NULL) == 200,
          "both are good during the overlap");
    snprintf(
        sql, sizeof sql,
        "SELECT replaced_by = '%s' AND ends_at BETWEEN now() + interval '23 hours 59 minutes' AND now() + interval "
        "'24 hours' AND expires_at > ends_at FROM api_key WHERE id = '%s'",
        id, old.id);
    CHECK(strcmp(service_sql(s, sql), "t") == 0, "a day by default: %s", service_sql(s, sql));
    a = send("POST", path, "{}", 409);
    answer_free(&a);
    snprintf(path, sizeof path, "/v1/keys/%s/rotation", id);
    a = send("POST", path, "{\"overlapHours\":0,\"expiresDays\":7}", 201);
    answer_free(&a);
    CHECK(status_of(next, OWN_RETURN, NULL) == 401,
          "without overlap the old one has ended when the answer comes");
    a = send("POST", "/v1/keys/aaaaaaaaaa/rotation", "", 404);
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM audit WHERE action = 'KEY_ROTATED'"), "2") == 0,
          "each is told to the audit");
}

static void an_expired_key_is_not_rotated(void) {
    struct made m = issue(PROVIDER_KEY "}");
    char sql[200], path[64];
    snprintf(
        sql, sizeof sql,
        "UPDATE api_key SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day' WHERE id = "
        "'%s' RETURNING 1",
        m.id);
    CHECK(strcmp(service_sql(s, sql), "1") == 0, "%s", service_sql(s, sql));
    snprintf(path, sizeof path, "/v1/keys/%s/rotation", m.id);
    struct answer a = send("POST", path, "", 409);
    answer_free(&a);
}

/* A command tells a running service by the database. */
static bool becomes(const char *key, long status) {
    for (int i = 0; i < 3000; i++) {
        if (status_of(key, OWN_RETURN, NULL) == status) return true;
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    }
    return false;
}

static void by_command(void) {
    const char *make[] = {"key",         "issue",       "--database",       s->owner,     "--role",
                          "provider",    "--service",   "city-and-hackney", "--provider", "homerton",
                          "--addresses", "127.0.0.0/8", "--label",          "by command", NULL};
    struct buf out = BUF_EMPTY;
    char old[128], next[128];
    CHECK(service_command(make, &out) == 0, "issued");
    snprintf(old, sizeof old, "%.*s", STR_ARG(str_trim(buf_str(&out))));
    CHECK(becomes(old, 200), "a key of a command works");
    const char *rotate[] = {"key", "rotate",         old,  "--database", s->owner, "--overlap-hours",
                            "0",   "--expires-days", "30", NULL};
    buf_clear(&out);
    CHECK(service_command(rotate, &out) == 0, "rotated, by the text of the key itself");
    snprintf(next, sizeof next, "%.*s", STR_ARG(str_trim(buf_str(&out))));
    CHECK(becomes(old, 401) && becomes(next, 200), "the new one in the place of the old");
    CHECK(service_command(rotate, NULL) == 1, "once");
    const char *list[] = {"key", "list", "--database", s->owner, NULL};
    buf_clear(&out);
    CHECK(service_command(list, &out) == 0 && memmem(out.p, out.n, "127.0.0.0/8", 11) &&
              memmem(out.p, out.n, "by command", 10),
          "listed with where it may be used");
    CHECK(!memmem(out.p, out.n, next + strlen("qd_live_") + 11, 43), "and without its secret");
    const char *const BAD[][2] = {
        {"--overlap-hours", "721"}, {"--expires-days", "0"}, {"--overlap-hours", "x"}};
    for (size_t i = 0; i < 3; i++) {
        const char *wrong[] = {"key", "rotate", next, "--database", s->owner, BAD[i][0], BAD[i][1], NULL};
        CHECK(service_command(wrong, NULL) == 2, "%s %s is a slip", BAD[i][0], BAD[i][1]);
    }
    const char *scope[] = {"key",     "issue",   "--database",  s->owner, "--role",
                           "checker", "--scope", "CLIENT_ROWS", NULL};
    CHECK(service_command(scope, NULL) == 2, "a scope where there is none");
    buf_free(&out);
}

/* ---- revocation ---- */

/* Who looks into a key that leaked wants to know that it was used. */
static void used_and_revoked(void) {
    struct made m = issue(PROVIDER_KEY ",\"label\":\"leaked\"}");
    char sql[120], path[64];
    CHECK(status_of(m.key, OWN_RETURN, NULL) == 200, "used");
    snprintf(path, sizeof path, "/v1/keys/%s", m.id);
    struct answer a = send("DELETE", path, NULL, 200);
    answer_free(&a);
    snprintf(sql, sizeof sql, "SELECT last_used_on IS NOT NULL FROM api_key WHERE id = '%s'", m.id);
    bool told = false;
    for (int i = 0; i < 3000 && !told; i++) {
        told = strcmp(service_sql(s, sql), "t") == 0;
        if (!told) nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    }
    CHECK(told, "a use shortly before the revocation is kept");
}

static void revoked(void) {
    struct made m = issue(PROVIDER_KEY "}");
    struct keys *elsewhere = NULL; /* what another process knows */
    struct fault fault = {.err = OK};
    struct principal who;
    struct address here;
    char path[64];
    address_parse(STR("127.0.0.1"), &here);
    CHECK(keys_open(s->app, &fault, &elsewhere) == OK, "%s", fault.detail);
    if (!elsewhere) return;
    CHECK(keys_authenticate(elsewhere, str_of(m.key), NULL, &here, &who) == OK, "known elsewhere");
    snprintf(path, sizeof path, "/v1/keys/%s", m.id);
    struct answer a = send("DELETE", path, NULL, 200);
    CHECK(status_of(m.key, OWN_RETURN, NULL) == 401, "in force with the answer");
    check_text(&a, "state", "REVOKED");
    int ms = 0;
    while (ms < 60000 && keys_authenticate(elsewhere, str_of(m.key), NULL, &here, &who) == OK) {
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
        ms += 20;
    }
    CHECK(ms < 60000, "elsewhere soon");
    printf("\n    elsewhere after %d ms ", ms);
    keys_close(elsewhere);
    char first[40];
    snprintf(first, sizeof first, "%s", answer_text(&a, "revokedAt"));
    answer_free(&a);
    a = send("DELETE", path, NULL, 200);
    check_text(&a, "revokedAt", first);
    answer_free(&a);
    a = send("DELETE", "/v1/keys/aaaaaaaaaa", NULL, 404);
    answer_free(&a);
}

/* ---- an admin of one service ---- */

static void a_smaller_admin(void) {
    struct made small = issue("{\"role\":\"ADMIN\",\"service\":\"city-and-hackney\"}");
    struct answer a = service_get(s, small.key, "/v1/keys?limit=500");
    for (size_t i = 0; i < json_array_size(json_object_get(a.json, "results")); i++) {
        char path[40];
        snprintf(path, sizeof path, "results.%zu.service", i);
        check_text(&a, path, "city-and-hackney");
    }
    answer_free(&a);
    char path[64];
    snprintf(path, sizeof path, "/v1/keys/%.10s", s->admin + strlen("qd_live_"));
    a = service_ask(s, &(struct ask){.method = "DELETE", .path = path, .key = small.key});
    CHECK(a.status == 404, "the keys of no service are not its own: %ld", a.status);
    answer_free(&a);
    a = service_ask(s, &(struct ask){.method = "POST",
                                     .path = "/v1/keys",
                                     .key = small.key,
                                     .type = "application/json",
                                     .body = STR("{\"role\":\"ADMIN\"}")});
    CHECK(a.status == 422, "nor does it make greater ones: %ld", a.status);
    answer_free(&a);
}

/* ---- from where ---- */

/* The body of a refusal without what differs from request to request. */
static const char *refusal_of(const char *key, const char *header) {
    static char out[400];
    struct answer a = service_ask(s, &(struct ask){.path = OWN_RETURN, .key = key, .headers = {header}});
    snprintf(out, sizeof out, "%ld %s %s %s", a.status, answer_text(&a, "code"), answer_text(&a, "detail"),
             answer_header(&a, "www-authenticate"));
    answer_free(&a);
    return out;
}

static void from_where(void) {
    char usual[400];
    snprintf(usual, sizeof usual, "%s", refusal_of("nonsense", NULL));
    CHECK(strncmp(usual, "401 UNAUTHENTICATED ", 20) == 0, "%s", usual);
    struct made out = issue(PROVIDER_KEY ",\"addresses\":[\"192.0.2.0/24\",\"2001:db8::/32\"]}"),
                in = issue(PROVIDER_KEY ",\"addresses\":[\"2001:db8::/32\",\"127.0.0.1\"]}");
    CHECK(status_of(in.key, OWN_RETURN, NULL) == 200, "inside one of its ranges");
    CHECK(strcmp(refusal_of(out.key, NULL), usual) == 0, "outside, as any bad key: %s",
          refusal_of(out.key, NULL));
    CHECK(strcmp(refusal_of(out.key, "X-Forwarded-For: 192.0.2.7"), usual) == 0,
          "nobody is believed who is no proxy of ours");
    CHECK(service_stop(s) == 0, "stopped");
    s = service_start(&(struct service_options){
        .extra_flags = {"--trusted-proxies", "10.0.0.0/8,127.0.0.1", "--proxy-header", "x-forwarded-for"}});
    if (!s) return;
    out = issue(PROVIDER_KEY ",\"addresses\":[\"192.0.2.0/24\"]}");
    in = issue(PROVIDER_KEY ",\"addresses\":[\"127.0.0.1\"]}");
    CHECK(status_of(out.key, OWN_RETURN, "X-Forwarded-For: 192.0.2.7") == 200, "a proxy is believed");
    CHECK(status_of(out.key, OWN_RETURN, "X-Forwarded-For: 198.51.100.1, 192.0.2.7") == 200,
          "of its last hop");
    CHECK(status_of(out.key, OWN_RETURN, "X-Forwarded-For: 192.0.2.7, 198.51.100.1") == 401,
          "and of no other");
    CHECK(status_of(out.key, OWN_RETURN, "Forwarded: for=192.0.2.7") == 401,
          "in the header that was agreed on");
    CHECK(status_of(in.key, OWN_RETURN, NULL) == 401, "without its word nobody knows from where");
    CHECK(status_of(s->homerton, OWN_RETURN, NULL) == 200, "which does not matter to keys without ranges");
}

void suite_http_keys(void) {
    suite_add("http_keys", begin, end);
    case_add("an admin issues a key, and it works with the answer", issued);
    case_add("keys that make no sense are not made", refused);
    case_add("lists have filters and pages, and no secrets", listed);
    case_add("the day of the last use is written by itself", last_used);
    case_add("a rotated key and its successor overlap", rotated);
    case_add("an expired key is not rotated", an_expired_key_is_not_rotated);
    case_add("the same by command", by_command);
    case_add("revocation is in force with the answer, elsewhere soon", revoked);
    case_add("the last use before a revocation is kept", used_and_revoked);
    case_add("an admin of one service sees and makes its keys alone", a_smaller_admin);
    case_add("a key is good from its addresses alone, also behind a proxy", from_where);
}
