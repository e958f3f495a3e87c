/* Erasure and retention, over the whole program: a person is taken out of every table, version and pack, all figures stay as they were, now and as
 * they were known before, and years that are over lose their rows; a run that is killed leaves nothing half done. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

#define RETURNS "/v1/returns/city-and-hackney/homerton/"
static struct service *s;
static char reference_file[200];

static int begin(void) {
    s = service_start(&(struct service_options){.today = "2025-05-20", .commands_beside = true});
    return s ? 0 : 1;
}
static int end(void) {
    unlink(reference_file);
    return s ? service_stop(s) : 1;
}

static void put(const char *path, const char *body) {
    struct answer a = service_put(s, s->homerton, path, "text/csv", str_of(body));
    CHECK(a.status == 201 || a.status == 200, "%s: %ld %.*s", path, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static void put_episodes(const char *period, const struct episode_row *rows, size_t n) {
    char path[200];
    struct buf b = BUF_EMPTY;
    snprintf(path, sizeof path, RETURNS "%s/episodes", period);
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (size_t i = 0; i < n; i++)
        episode_add_csv(&b, &rows[i]);
    buf_add_char(&b, '\0');
    put(path, b.p);
    buf_free(&b);
}

/* ---- figures ---- */

static const char *const FIGURES[] = {
    "/v1/dashboards/city-and-hackney/2025-26-Q2",
    "/v1/dashboards/city-and-hackney/2025-26-Q1",
    "/v1/dashboards/city-and-hackney/2024-25-Q4",
    "/v1/breakdowns/city-and-hackney/2025-26-Q1?measure=setQuitDate&by=gender",
    "/v1/breakdowns/city-and-hackney/2025-26-Q1?measure=setQuitDate&by=ageBand",
    "/v1/breakdowns/city-and-hackney/2024-25-Q1?measure=setQuitDate&by=ethnicity",
    "/v1/completeness/city-and-hackney/2025-26-Q1",
    "/v1/completeness/city-and-hackney/2024-25-Q1",
    "/v1/supplement/city-and-hackney/2025-26-Q1",
    "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes/changes",
    "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes/restatement", /* counts both versions as known then */
    "/v1/national-returns/city-and-hackney/2025-26-Q1",
};
enum { FIGURE_COUNT = sizeof FIGURES / sizeof *FIGURES };
static struct buf figures[2][FIGURE_COUNT];

static void ask_figures(int which) {
    for (int i = 0; i < FIGURE_COUNT; i++) {
        struct answer a = service_get(s, s->commissioner, FIGURES[i]);
        buf_clear(&figures[which][i]);
        buf_add_str(&figures[which][i], buf_str(&a.body));
        CHECK(a.status == 200 || a.status == 400 || a.status == 404, "%s: %ld", FIGURES[i], a.status);
        answer_free(&a);
    }
}

static void check_figures(const char *after) {
    ask_figures(1);
    for (int i = 0; i < FIGURE_COUNT; i++)
        if (!memmem(figures[0][i].p, figures[0][i].n, "correlationId", 13))
            CHECK(str_eq(buf_str(&figures[0][i]), buf_str(&figures[1][i])), "%s: %s moved:\n%.*s\n%.*s",
                  after, FIGURES[i], STR_ARG(buf_str(&figures[0][i])), STR_ARG(buf_str(&figures[1][i])));
}

/* ---- what is there ---- */

static const char *tables_with(const char *text) {
    char sql[900];
    snprintf(
        sql, sizeof sql,
        "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class WHERE relnamespace = 'quarterday'::regnamespace "
        "AND relkind IN ('r', 'p', 'v') AND NOT relispartition AND (xpath('//n/text()', query_to_xml(format("
        "'SELECT count(*) AS n FROM %%I t WHERE position(''%s'' IN t::text) > 0', relname), false, false, '')))[1]::text <> '0'",
        text);
    return service_sql(s, sql);
}

/* The first half of the hash of an id, as the packs have it: halves stand in columns of their own. */
static char client_hash[40];
static void people(void) {
    struct episode_row rows[] = {episode_good("ERASE-E1"), episode_good("E-2"), episode_good("E-3")};
    rows[0].client = "ERASE-ME";
    rows[1].client = "C-2";
    rows[2].client = "C-3";
    rows[0].ethnic = "N";
    put_episodes("2025-26-Q1", rows, 3);
    rows[2].co = "2";
    put_episodes("2025-26-Q1", rows, 3);
    put(RETURNS "2025-26-Q2/follow-ups",
        "episodeId,stage,date,outcome\nERASE-E1,12W,2025-07-24,1\nE-2,12W,2025-07-24,2\n");
    put(RETURNS "2025-26-Q1/referrals",
        "referralId,receivedDate,contactedDate,referrerOrganisation,episodeId\nERASE-R1,2025-04-20,2025-04-21,A Practice,ERASE-E1\nR-2,2025-04-20,,,E-2\n");
    put(RETURNS "2025-26-Q1/harm-reduction",
        "pathwayId,startDate,clientId,episodeId\nERASE-P1,2025-05-01,ERASE-ME,\nP-2,2025-05-01,C-2,E-2\n");
    uint8_t half[8];
    struct hash128 hash = hash128_of(STR("ERASE-ME"));
    memcpy(half, &hash.a, sizeof half);
    hex_format(half, sizeof half, client_hash);
    CHECK(strcmp(tables_with(client_hash), "pack") == 0, "its hash is in packs: %s",
          tables_with(client_hash));
    ask_figures(0);
}

static char mark[400]; /* the line of the last erasure that found something */
static int erase(const char *reference, const char *owner) {
    snprintf(reference_file, sizeof reference_file, "%s/reference", s->home);
    FILE *f = fopen(reference_file, "w");
    fprintf(f, "%s\n", reference);
    fclose(f);
    const char *argv[] = {"erase",    "--service", "city-and-hackney", "--provider",   "homerton",
                          "--reason", "request 7", "--reference-file", reference_file, "--database",
                          owner,      NULL};
    struct buf out = BUF_EMPTY;
    int status = service_command(argv, &out), rows = -1;
    buf_add_char(&out, '\0');
    if (status == 0 && strstr(out.p, "\"rows\":")) rows = atoi(strstr(out.p, "\"rows\":") + 7);
    if (rows > 0) snprintf(mark, sizeof mark, "%s", out.p);
    buf_free(&out);
    return rows;
}

static void a_person(void) {
    CHECK(erase("ERASE-ME", s->app) == -1, "the application may not");
    CHECK(strcmp(tables_with("ERASE-"), "episode follow_up harm_reduction referral row_pack") == 0, "%s",
          tables_with("ERASE-"));
    int rows = erase("ERASE-ME", s->owner);
    CHECK(rows == 5, "two versions of the episode, a follow-up, a referral, a pathway: %d", rows);
    CHECK(strcmp(tables_with("ERASE-"), "") == 0, "nothing is left of the ids: %s", tables_with("ERASE-"));
    CHECK(strcmp(tables_with(client_hash), "") == 0, "nor of the hash: %s", tables_with(client_hash));
    CHECK(
        strcmp(
            service_sql(
                s,
                "SELECT count(*) FROM episode WHERE quit_date IS NULL AND gender IS NULL AND client_id LIKE 'erased-%' AND "
                "episode_id LIKE 'erased-%'"),
            "2") == 0,
        "two rows are blank");
    CHECK(
        strcmp(
            service_sql(
                s,
                "SELECT count(DISTINCT episode_id) FROM (SELECT episode_id FROM episode UNION ALL SELECT episode_id FROM follow_up "
                "UNION ALL SELECT episode_id FROM referral) x WHERE episode_id LIKE 'erased-%'"),
            "1") == 0,
        "and still know each other");
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM episode WHERE period = 8100 AND quit_date IS NOT NULL"),
                 "4") == 0,
          "all others are whole");
    check_figures("erased");
    CHECK(erase("ERASE-ME", s->owner) == 0, "the second time there is nothing");
    CHECK(
        strcmp(
            service_sql(
                s,
                "SELECT count(*) FILTER (WHERE detail::text LIKE "
                "'{\"provider\":\"homerton\",\"rows\":5,\"reason\":\"request 7\",\"digest\":\"%\"}') || ' ' || count(*) "
                "FROM audit WHERE action = 'SUBJECT_ERASED'"),
            "1 1") == 0,
        "%s",
        service_sql(s, "SELECT string_agg(detail::text, ' ') FROM audit WHERE action = 'SUBJECT_ERASED'"));
    struct answer a = service_ask(s, &(struct ask){.path = "/v1/subjects/city-and-hackney",
                                                   .key = s->homerton,
                                                   .headers = {"Subject-Reference: ERASE-ME"}});
    CHECK(a.status == 404, "it is not known any more: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->homerton, RETURNS "2025-26-Q1/episodes?version=1");
    CHECK(a.status == 200 && strcmp(answer_text(&a, "erasedRows"), "1") == 0 &&
              strncmp(answer_text(&a, "rows.0.clientId"), "erased-", 7) == 0 &&
              strcmp(answer_text(&a, "rows.0.quitDate"), "null") == 0 &&
              strcmp(answer_text(&a, "rows.1.clientId"), "C-2") == 0,
          "a version says how many of its rows were erased: %.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

/* ---- years ---- */

static void put_year(size_t from, size_t to) {
    static const char *const QUITS[][2] = {
        {"2024-25-Q1", "2024-05-01"}, {"2024-25-Q4", "2025-02-01"}, {"2025-26-Q2", "2025-07-01"}};
    for (size_t i = from; i < to; i++) {
        struct episode_row rows[40];
        char ids[40][24], clients[40][24], seen[16];
        for (size_t n = 0; n < 40; n++) {
            snprintf(ids[n], sizeof ids[n], "OLD-%zu-%zu", i, n);
            snprintf(clients[n], sizeof clients[n], "OLDC-%zu", n);
            snprintf(seen, sizeof seen, "%.7s-28", QUITS[i][1]);
            rows[n] = episode_good(ids[n]);
            rows[n].client = clients[n];
            rows[n].quit = QUITS[i][1];
            rows[n].followed_up = seen;
        }
        put_episodes(QUITS[i][0], rows, 40);
    }
}

/* Sent while that year was open; then the service goes on in the next. */
static void last_year(void) {
    put_year(0, 2);
    put(RETURNS "2024-25-Q2/follow-ups", "episodeId,stage,date,outcome\nOLD-0-0,12W,2024-07-24,1\n");
    service_kill(s);
    CHECK(service_restart(s, &(struct service_options){.commands_beside = true}), "another day");
}

static void this_year(void) {
    put_year(2, 3);
    put(RETURNS "2025-26-Q1/follow-ups", "episodeId,stage,date,outcome\nOLD-0-1,52W,2025-05-01,1\n");
    ask_figures(0);
}

static int retire(bool dry, const char *today) {
    const char *argv[] = {"retention", "--keep-years",           "0", "--today", today, "--database",
                          s->owner,    dry ? "--dry-run" : NULL, NULL};
    struct buf out = BUF_EMPTY;
    int status = service_command(argv, &out), rows = -1;
    buf_add_char(&out, '\0');
    const char *found = status == 0 ? strstr(out.p, "\"rows\":") : NULL;
    if (found) rows = atoi(found + 7);
    buf_free(&out);
    return rows;
}

/* Old rows that are whole, of both years. */
static int whole(void) {
    return atoi(service_sql(s, "SELECT count(*) FROM episode WHERE period < 8100 AND quit_date IS NOT NULL"));
}

/* The pack tells the same as the rows: as many of its records are changed. Asked at once, as what was killed may still be at its COMMIT. */
static void killed(void) {
    static const char PACKS_AND_WHOLE[] =
        "SELECT md5(string_agg(facts::text, '' ORDER BY period, part, version)) || ' ' || (SELECT count(*) FROM episode "
        "WHERE period < 8100 AND quit_date IS NOT NULL) FROM pack WHERE period < 8100";
    enum { SUM = 32 };
    char before[80];
    snprintf(before, sizeof before, "%s", service_sql(s, PACKS_AND_WHOLE));
    const char *binary = getenv("QUARTERDAY_TEST_BINARY");
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            fclose(stdout);
            execl(binary ? binary : "build/quarterday", "quarterday", "retention", "--keep-years", "0",
                  "--today", "2026-02-20", "--database", s->owner, (char *)NULL);
            _exit(127);
        }
        nanosleep(&(struct timespec){0, 4000000L * (i + 1)}, NULL);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        const char *now = service_sql(s, PACKS_AND_WHOLE);
        bool packs_are_old = strncmp(now, before, SUM) == 0;
        int rows = strlen(now) > SUM ? atoi(now + SUM) : -1;
        CHECK((packs_are_old && rows == 80) || (!packs_are_old && rows == 0),
              "kill %d: %d rows are whole, packs %s", i, rows, packs_are_old ? "as before" : "changed");
    }
}

static void retired(void) {
    CHECK(retire(true, "2024-05-01") == 0, "then nothing was old");
    CHECK(whole() == 80, "nothing is touched yet");
    CHECK(retire(true, "2026-02-20") == 81, "80 episodes and a follow-up are: %d",
          retire(true, "2026-02-20"));
    CHECK(whole() == 80, "a dry run changes nothing");
    killed();
    CHECK(retire(false, "2026-02-20") >= 0 && whole() == 0, "whatever was killed, a whole run ends it");
    CHECK(retire(false, "2026-02-20") == 0 && retire(true, "2026-02-20") == 0, "and another finds nothing");
    CHECK(
        strcmp(
            service_sql(
                s,
                "SELECT string_agg(DISTINCT episode_id, ' ') FROM episode WHERE period < 8100 AND episode_id NOT LIKE 'erased-%'"),
            "OLD-0-1") == 0,
        "an episode that a later year still names keeps its id: %s",
        service_sql(
            s,
            "SELECT string_agg(DISTINCT episode_id, ' ') FROM episode WHERE period < 8100 AND episode_id NOT LIKE 'erased-%'"));
    check_figures("retired");
    CHECK(retire(false, "2026-05-01") == 49,
          "the next year, all that is left of it, and the id that had stayed");
    CHECK(strcmp(tables_with("OLD-"), "") == 0 && strcmp(tables_with("OLDC-"), "") == 0,
          "nothing is left: %s", tables_with("OLD-"));
    check_figures("retired again");
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM audit WHERE action = 'CLIENT_ROWS_RETIRED'"), "2") == 0,
          "a line for each run that found something");
}

/* As after a restore: rows about the person are there again, and what was kept is the line of the erasure. */
static int again(const char *text, int *out_rows) {
    FILE *f = fopen(reference_file, "w");
    fputs(text, f);
    fclose(f);
    const char *argv[] = {"erase", "--again", reference_file, "--database", s->owner, NULL};
    struct buf out = BUF_EMPTY;
    int status = service_command(argv, &out);
    buf_add_char(&out, '\0');
    const char *found = strstr(out.p, "\"rows\":");
    *out_rows = found ? atoi(found + 7) : -1;
    buf_free(&out);
    return status;
}

static void after_a_restore(void) {
    int rows;
    CHECK(!strstr(mark, "ERASE-ME"), "what is kept has no reference: %s", mark);
    CHECK(again(mark, &rows) == 0 && rows == 0, "nothing is there: %d", rows);
    put(RETURNS "2025-26-Q2/harm-reduction",
        "pathwayId,startDate,clientId\nERASE-P9,2025-07-01,ERASE-ME\nP-8,2025-07-01,C-8\n");
    CHECK(again(mark, &rows) == 0 && rows == 1, "the pathway goes: %d", rows);
    CHECK(strcmp(tables_with("ERASE-"), "") == 0 &&
              strcmp(tables_with("C-8"), "harm_reduction row_pack") == 0,
          "and nobody else's: %s", tables_with("ERASE-"));
    put(RETURNS "2025-26-Q2/harm-reduction",
        "pathwayId,startDate,clientId\nERASE-P9,2025-07-01,ERASE-ME\nP-8,2025-07-02,C-8\n");
    char log[600];
    snprintf(log, sizeof log, "quarterday erase: connect: the database system is starting up\n\n%s", mark);
    CHECK(again(log, &rows) == 0 && rows == 1, "a log with complaints will do: %d", rows);
    CHECK(again("{\"rows\":5}\n", &rows) == 1, "a line that is none is said");
}

static void without_a_number(void) {
    const char *argv[] = {"retention", "--database", s->owner, NULL};
    CHECK(service_command(argv, NULL) == 2, "there is no silent default");
}

void suite_http_erasure(void) {
    suite_add("http_erasure", begin, end);
    case_add("a year that is over", last_year);
    case_add("people with episodes, follow-ups, referrals and pathways", people);
    case_add("one is erased from every version, and no figure moves", a_person);
    case_add("the rest of this year", this_year);
    case_add("lose their rows, once, whenever a run is killed, and no figure moves", retired);
    case_add("after a restore an erasure is done again by the line that was kept of it", after_a_restore);
    case_add("how many years are kept must be said", without_a_number);
}
