/* journeys: see the header. */
#include "tests/torture/journeys.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/support/episodes.h"
#include "tests/support/gzip.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define SERVICE "city-and-hackney"
#define HOMERTON "/v1/returns/" SERVICE "/homerton/2025-26-Q1"
#define JSON "application/json"
enum { ROWS = 40, MANY_ROWS = 700 };

/* ---- small things ---- */

static long number(struct scene *sc, const char *query) {
    return strtol(service_sql(sc->s, query), NULL, 10);
}

/* Each request over a connection of its own, so that its beginning and its end belong to it. */
static struct answer ask(struct scene *sc, const struct ask *what) {
    client_forget();
    return service_ask(sc->s, what);
}

static long status_of(struct answer *a) {
    long status = a->status;
    if (status >= 400 && status != 503 && status != 412)
        printf("\n    %ld %.*s", status, STR_ARG(buf_str(&a->body)));
    answer_free(a);
    return status;
}

static void need(bool holds, const struct scene *sc, const char *what) {
    CHECK(holds, "%s, turn %u", what, sc->turn);
}

static struct buf episodes(unsigned turn, unsigned rows) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < rows; i++) {
        char id[24], client[32];
        snprintf(id, sizeof id, "E-%u", i);
        snprintf(client, sizeof client, "C-%u-%u", turn, i);
        struct episode_row r = episode_good(id);
        r.client = client;
        if ((turn + i) % 3 == 0) r.outcome = "2", r.co = "";
        episode_add_csv(&b, &r);
    }
    return b;
}

static void note_sum(struct scene *sc, str body) {
    uint8_t sum[SHA256_BYTES];
    sha256_of(body, sum);
    hex_format(sum, SHA256_BYTES, sc->body_sha256);
}

static long put(struct scene *sc, const char *key, const char *path, const char *type, str body,
                const char *header) {
    struct answer a = ask(
        sc, &(struct ask){
                .method = "PUT", .path = path, .key = key, .type = type, .body = body, .headers = {header}});
    return status_of(&a);
}

/* An Idempotency-Key of the turn. */
static long post(struct scene *sc, const char *key, const char *path, const char *body) {
    char header[80];
    snprintf(header, sizeof header, "Idempotency-Key: turn-%u", sc->turn);
    struct answer a = ask(sc, &(struct ask){.method = "POST",
                                            .path = path,
                                            .key = key,
                                            .type = JSON,
                                            .body = str_of(body),
                                            .headers = {header}});
    return status_of(&a);
}

/* ---- uploads ---- */

/* How often the bytes are there as a version with all its rows, in the table and in its pack. */
static long versions_of_sum(struct scene *sc) {
    char query[900];
    snprintf(
        query, sizeof query,
        "SELECT count(*) + 1000 * count(*) FILTER (WHERE rows <> "
        "(SELECT count(*) FROM episode e WHERE v.part = 0 AND e.service = v.service AND e.provider = v.provider AND e.period = v.period AND e.version = v.version) + "
        "(SELECT count(*) FROM contact e WHERE v.part = 4 AND e.service = v.service AND e.provider = v.provider AND e.period = v.period AND e.version = v.version) OR rows <> "
        "(SELECT coalesce(sum(p.rows), 0) FROM pack p WHERE p.service = v.service AND p.provider = v.provider AND p.period = v.period AND p.part = v.part AND p.version = v.version)) "
        "FROM version v WHERE sha256 = '\\x%s'",
        sc->body_sha256);
    return number(sc, query);
}

static long upload_csv(struct scene *sc) {
    struct buf b = episodes(sc->turn, MANY_ROWS);
    note_sum(sc, buf_str(&b));
    long status = put(sc, sc->s->homerton, HOMERTON "/episodes?reason=nth", "text/csv", buf_str(&b), NULL);
    buf_free(&b);
    return status;
}

static long upload_json(struct scene *sc) {
    char body[300];
    int n = snprintf(body, sizeof body,
                     "{\"rows\":[{\"month\":\"2025-04\",\"callsReceived\":%u,\"callsAnsweredFirstTime\":3}]}",
                     10 + sc->turn);
    str bytes = {body, (size_t)n};
    note_sum(sc, bytes);
    return put(sc, sc->s->pharmacies, "/v1/returns/" SERVICE "/pharmacies/2025-26-Q1/contacts", JSON, bytes,
               NULL);
}

static long upload_gzip(struct scene *sc) {
    struct buf b = episodes(1000000 + sc->turn, ROWS), packed = BUF_EMPTY;
    gzip_add(&packed, buf_str(&b));
    note_sum(sc, buf_str(&packed));
    long status = put(sc, sc->s->pharmacies, "/v1/returns/" SERVICE "/pharmacies/2025-26-Q1/episodes",
                      "text/csv", buf_str(&packed), "Content-Encoding: gzip");
    buf_free(&b);
    buf_free(&packed);
    return status;
}

static long dry_run(struct scene *sc) {
    struct buf b = episodes(2000000 + sc->turn, MANY_ROWS);
    note_sum(sc, buf_str(&b));
    long status =
        put(sc, sc->s->homerton, HOMERTON "/episodes?dryRun=true&reason=nth", "text/csv", buf_str(&b), NULL);
    buf_free(&b);
    return status;
}
/* A dry run leaves nothing: what is there once is the turn itself. */
static long nothing_is_there(struct scene *sc) {
    return 1 + versions_of_sum(sc);
}

static long lookup(struct scene *sc) {
    char path[80], body[80];
    snprintf(path, sizeof path, "/v1/lookups/imd?edition=e%u", sc->turn);
    int n = snprintf(body, sizeof body, "lsoa,quintile\nE0100%04u,2\n", sc->turn % 10000);
    return put(sc, sc->s->admin, path, "text/csv", (str){body, (size_t)n}, NULL);
}
static long editions(struct scene *sc) {
    char query[120];
    snprintf(query, sizeof query, "SELECT count(*) FROM lookup WHERE edition = 'e%u'", sc->turn);
    return number(sc, query);
}

/* ---- reads ---- */

static const struct {
    const char *path;
    bool admin;
} READS[] = {
    {"/v1/dashboards/" SERVICE "/2025-26-Q1", false},
    {"/v1/breakdowns/" SERVICE "/2025-26-Q1?measure=quit4&by=gender", false},
    {"/v1/kpis/" SERVICE "/1.4/2025-26-Q1/explanation", false},
    {"/v1/completeness/" SERVICE "/2025-26-Q1", false},
    {"/v1/returns?period=2025-26-Q1", false},
    {"/v1/national-returns/" SERVICE "/2025-26-Q1", false},
    {"/v1/payments/" SERVICE "/2025-26", false},
    {"/v1/action-plans", false},
    {"/v1/calendar?year=2025-26", false},
    {"/v1/events?after=0", false},
    {"/v1/feeds/kpi-results.csv?to=2025-26-Q1", false},
    {"/v1/feeds/returns.json?to=2025-26-Q1", false},
    {"/v1/feeds/action-plans.csv", false},
    {"/v1/audit?service=" SERVICE, true},
    {"/v1/keys", true},
};
enum { READ_COUNT = sizeof READS / sizeof *READS };

static struct answer read_one(struct scene *sc, size_t i) {
    return service_ask(sc->s, &(struct ask){.path = READS[i].path,
                                            .key = READS[i].admin ? sc->s->admin : sc->s->commissioner});
}

/* New contents, so that nothing is answered from memory. */
static void change(struct scene *sc) {
    struct buf b = episodes(3000000 + sc->turn, ROWS);
    long status = put(sc, sc->s->homerton, HOMERTON "/episodes?reason=nth", "text/csv", buf_str(&b), NULL);
    need(status == 200 || status == 201, sc, "the contents are changed");
    for (size_t i = 0; i < READ_COUNT; i++)
        answer_free(&sc->known[i]);
    buf_free(&b);
}

/* A key's day of use is noted beside the answer and may fail with it, so that it can come later than the reading: left out here. */
static void leave_out_days_of_use(struct buf *body) {
    static const char name[] = "\"lastUsedOn\":";
    size_t to = 0;
    for (size_t at = 0; at < body->n; at++) {
        if (body->n - at >= sizeof name && memcmp(body->p + at, name, sizeof name - 1) == 0)
            while (at < body->n && body->p[at] != ',' && body->p[at] != '}')
                at++;
        if (at < body->n) body->p[to++] = body->p[at];
    }
    body->n = to;
}

/* What was read in this turn before, while something failed, must have been what is read now. */
static long read_all(struct scene *sc) {
    long status = 200;
    client_forget();
    for (size_t i = 0; i < READ_COUNT; i++) {
        struct answer a = read_one(sc, i), *known = &sc->known[i];
        leave_out_days_of_use(&a.body);
        bool same =
            known->status != 200 || a.status != 200 || str_eq(buf_str(&a.body), buf_str(&known->body));
        if (!same)
            printf("\n    %s: %.*s\n    before: %.*s", READS[i].path, STR_ARG(buf_str(&a.body)),
                   STR_ARG(buf_str(&known->body)));
        if (status == 200) status = same ? a.status : WRONG_ANSWER;
        answer_free(known);
        *known = a;
    }
    return status;
}

/* ---- the commissioner's work ---- */

static void sign_prepare(struct scene *sc) {
    struct buf b = episodes(4000000 + sc->turn, ROWS);
    long status = put(sc, sc->s->homerton, HOMERTON "/episodes?reason=nth", "text/csv", buf_str(&b), NULL);
    buf_free(&b);
    need(status == 200 || status == 201, sc, "there is something new to sign");
    sc->before = number(sc, "SELECT count(*) FROM sign_off");
}
static long sign(struct scene *sc) {
    return post(sc, sc->s->homerton, HOMERTON "/submission", "{}");
}
static long signed_since(struct scene *sc) {
    return number(sc, "SELECT count(*) FROM sign_off") - sc->before;
}

static void plan_prepare(struct scene *sc) {
    struct answer a = service_get(sc->s, sc->s->commissioner, sc->path);
    snprintf(sc->match, sizeof sc->match, "%.20s", answer_header(&a, "etag"));
    sc->before = (long)json_integer_value(answer_at(&a, "version"));
    need(a.status == 200 && sc->before > 0, sc, "the plan can be read");
    answer_free(&a);
}
static long plan_patch(struct scene *sc) {
    char header[60], body[80];
    snprintf(header, sizeof header, "If-Match: %s", sc->match);
    snprintf(body, sizeof body, "{\"what\":\"More clinics, turn %u\"}", sc->turn);
    struct answer a = ask(sc, &(struct ask){.method = "PATCH",
                                            .path = sc->path,
                                            .key = sc->s->commissioner,
                                            .type = JSON,
                                            .body = str_of(body),
                                            .headers = {header}});
    return status_of(&a);
}
static long plan_version(struct scene *sc) {
    struct answer a = service_get(sc->s, sc->s->commissioner, sc->path);
    long now = (long)json_integer_value(answer_at(&a, "version"));
    answer_free(&a);
    return now - sc->before;
}

static void note_prepare(struct scene *sc) {
    sc->before = number(sc, "SELECT count(*) FROM plan_update");
}
static long note(struct scene *sc) {
    char path[240], body[80];
    snprintf(path, sizeof path, "%s/updates", sc->path);
    snprintf(body, sizeof body, "{\"month\":\"2026-01\",\"text\":\"Turn %u\"}", sc->turn);
    return post(sc, sc->s->commissioner, path, body);
}
static long notes_since(struct scene *sc) {
    return number(sc, "SELECT count(*) FROM plan_update") - sc->before;
}

static long framework(struct scene *sc) {
    struct buf text = BUF_EMPTY;
    sample_text_copy(&text);
    json_t *f = json_loadb(text.p, text.n, 0, NULL);
    char title[60];
    snprintf(title, sizeof title, "Turn %u", sc->turn);
    json_object_set_new(f, "name", json_string(title));
    char *changed = json_dumps(f, JSON_COMPACT);
    long status = put(sc, sc->s->commissioner, "/v1/frameworks/" SERVICE, JSON, str_of(changed), NULL);
    free(changed);
    json_decref(f);
    buf_free(&text);
    return status;
}
static long framework_versions(struct scene *sc) {
    char query[160];
    snprintf(query, sizeof query, "SELECT count(*) FROM framework WHERE body LIKE '%%\"Turn %u\"%%'",
             sc->turn);
    return number(sc, query);
}

static long issue_key(struct scene *sc) {
    char body[120];
    snprintf(body, sizeof body,
             "{\"role\":\"COMMISSIONER\",\"service\":\"" SERVICE "\",\"label\":\"turn %u\"}", sc->turn);
    return post(sc, sc->s->admin, "/v1/keys", body);
}
static long keys_issued(struct scene *sc) {
    char query[160];
    snprintf(query, sizeof query, "SELECT count(*) FROM api_key WHERE label = 'turn %u'", sc->turn);
    return number(sc, query);
}

/* ---- commands ---- */

static long status_of_exit(int status) {
    if (status >= 128) return 128 - status;
    return status == 0 ? 200 : 503;
}

static long run(const char *const argv[]) {
    return status_of_exit(service_command(argv, NULL));
}

static long audit_verify(struct scene *sc) {
    const char *const argv[] = {"audit", "verify", "--database", sc->s->owner, NULL};
    return run(argv);
}

/* Each try has a folder of its own: copies are named by the second. */
static long backup(struct scene *sc) {
    char to[200];
    for (unsigned try = 0; try < 10; try++) {
        snprintf(to, sizeof to, "%s/copies-%u-%u", sc->work, sc->turn, try);
        if (mkdir(to, 0700) == 0) break;
    }
    const char *const argv[] = {"backup", "--to", to, "--database", sc->s->owner, NULL};
    return run(argv);
}

static int shell(const char *script, const char *argument) {
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", script, "sh", argument, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A thousand where there is half a copy. Tried again, there may be two. */
static long copies(struct scene *sc) {
    char to[200];
    snprintf(to, sizeof to, "%s/copies-%u-", sc->work, sc->turn);
    if (sc->crashed) shell("rm -rf \"$1\"*/*.new", to); /* no copy, as its name says */
    int n = shell(
        "n=0; for d in \"$1\"*/* \"$1\"*/.[a-z]*; do [ -e \"$d\" ] || continue; n=1; "
        "[ -s \"$d/dump\" ] && [ -s \"$d/manifest.json\" ] && [ \"${d%.new}\" = \"$d\" ] || exit 99; done; exit $n",
        to);
    return n == 0 || n == 1 ? n : 1000;
}

static long calendar(struct scene *sc) {
    const char *const argv[] = {"run-calendar", "--database", sc->s->app, "--today", "2026-02-20", NULL};
    return run(argv);
}

/* A second service beside the first: ready and ending well when told to, or ended by itself with a message. */
static long start(struct scene *sc) {
    struct service other = *sc->s;
    snprintf(other.home, sizeof other.home, "%.100s", sc->work);
    snprintf(other.log_file, sizeof other.log_file, "%.100s/log", sc->work);
    other.pid = 0;
    other.ended = -1;
    if (!service_restart(&other, NULL)) {
        if (other.pid > 0) service_kill(&other); /* it hangs */
        if (other.ended < 0) return 0;
        return WIFSIGNALED(other.ended) ? -WTERMSIG(other.ended) : 503;
    }
    struct answer a = client_send(other.url, other.ca_file, &(struct ask){.path = "/health/ready"});
    long answered = a.status;
    answer_free(&a);
    client_forget();
    int status = -1;
    kill(other.pid, SIGTERM);
    waitpid(other.pid, &status, 0);
    if (WIFSIGNALED(status)) return -WTERMSIG(status);
    return WEXITSTATUS(status) == 0 ? answered : 500;
}

/* ---- all of them ---- */

const struct journey JOURNEYS[] = {
    {"upload CSV", false, NULL, upload_csv, versions_of_sum},
    {"upload JSON", false, NULL, upload_json, versions_of_sum},
    {"upload gzip", false, NULL, upload_gzip, versions_of_sum},
    {"dry run", false, NULL, dry_run, nothing_is_there},
    {"lookup", false, NULL, lookup, editions},
    {"reads", false, change, read_all, NULL},
    {"sign-off", false, sign_prepare, sign, signed_since},
    {"plan change", false, plan_prepare, plan_patch, plan_version},
    {"plan note", false, note_prepare, note, notes_since},
    {"framework", false, NULL, framework, framework_versions},
    {"key", false, NULL, issue_key, keys_issued},
    {"audit verify", true, NULL, audit_verify, NULL},
    {"backup", true, NULL, backup, copies},
    {"calendar", true, NULL, calendar, NULL},
    {"start", true, NULL, start, NULL},
};
const unsigned JOURNEY_COUNT = sizeof JOURNEYS / sizeof *JOURNEYS;

static bool send_nil_parts(struct scene *sc) {
    static const char *const PARTS[] = {"follow-ups", "referrals", "contacts", "training-sessions"};
    bool good = true;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        char path[120];
        snprintf(path, sizeof path, "/v1/templates/%s", PARTS[i]);
        struct answer t = service_get(sc->s, sc->s->homerton, path);
        snprintf(path, sizeof path, HOMERTON "/%s", PARTS[i]);
        good = good && put(sc, sc->s->homerton, path, "text/csv", buf_str(&t.body), NULL) == 201;
        answer_free(&t);
    }
    return good;
}

static bool open_plan(struct scene *sc) {
    struct answer a =
        service_ask(sc->s, &(struct ask){.method = "POST",
                                         .path = "/v1/action-plans",
                                         .key = sc->s->commissioner,
                                         .type = JSON,
                                         .body = STR("{\"kpi\":\"1.4\",\"openedFor\":\"2025-26-Q1\"}")});
    snprintf(sc->path, sizeof sc->path, "/v1/action-plans/%.60s", answer_text(&a, "id"));
    if (a.status != 201) printf("\n    %ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    bool good = a.status == 201;
    answer_free(&a);
    return good;
}

bool journeys_begin(struct scene *sc) {
    sc->known = calloc(READ_COUNT, sizeof *sc->known);
    snprintf(sc->work, sizeof sc->work, "/tmp/qd-test-nth-XXXXXX");
    if (!sc->known || !mkdtemp(sc->work)) return false;
    long first = upload_csv(sc);
    return first == 201 && send_nil_parts(sc) && open_plan(sc);
}

void journeys_end(struct scene *sc) {
    for (size_t i = 0; sc->known && i < READ_COUNT; i++)
        answer_free(&sc->known[i]);
    free(sc->known);
    if (sc->work[0]) shell("rm -rf \"$1\"", sc->work);
}
