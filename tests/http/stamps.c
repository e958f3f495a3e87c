/* Three processes on one database, uploads on the first: who asks another one with the receipt's stamp never gets what was before, also while the connection
 * on which processes hear of each other is cut again and again, also when the first is killed in the middle. Readers without a stamp keep the answers of all
 * three in memory meanwhile. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/database.h"
#include "tests/support/pg_proxy.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

enum { INSTANCES = 3, ROUNDS = 40, KILLS = 8 };
static struct service *of[INSTANCES];
#define DASHBOARD "/v1/dashboards/city-and-hackney/2025-26-Q1"
static const char *const PATH = "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes";
static const char *const FROM_MEMORY = "\"from\":\"memory\"";

static int begin(void) {
    of[0] = service_start(NULL);
    for (int i = 1; i < INSTANCES; i++)
        of[i] = of[0] ? service_join(of[0], NULL) : NULL;
    return of[1] && of[2] ? 0 : 1;
}

static int end(void) {
    int wrong = 0;
    for (int i = INSTANCES - 1; i >= 0; i--)
        wrong += of[i] ? service_stop(of[i]) : 1;
    return wrong;
}

/* ---- one upload, one question ---- */

static struct buf people(int n) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n");
    for (int i = 0; i < n; i++)
        buf_printf(&b, "E-%d,C-%d,E09000012,2025-05-01,40\n", i, i);
    return b;
}

/* The receipt's stamp; "" where there was no receipt. */
static bool send(const struct service *to, int n, char after[160]) {
    struct buf b = people(n);
    struct answer a = service_put(to, to->homerton, PATH, "text/csv", buf_str(&b));
    bool taken = a.status == 200 || a.status == 201;
    snprintf(after, 160, "Quarterday-After: %s", taken ? answer_header(&a, "quarterday-stamp") : "");
    answer_free(&a);
    buf_free(&b);
    return taken;
}

/* How many people the dashboard counts; -1 where it was no dashboard. */
static int counted(const struct service *by, const char *after) {
    struct answer a =
        service_ask(by, &(struct ask){.path = DASHBOARD, .key = by->commissioner, .headers = {after}});
    const json_t *n = answer_at(&a, "kpis.0.quarter.numerator");
    int people = a.status == 200 && json_is_integer(n) ? (int)json_integer_value(n) : -1;
    CHECK(people >= 0, "%s: %ld %.300s", after ? after : "without a stamp", a.status,
          a.body.n ? a.body.p : "");
    answer_free(&a);
    return people;
}

static void check_all(int n, const char *after, const char *when) {
    for (int i = 0; i < INSTANCES; i++) {
        int people = counted(of[i], after);
        CHECK(people == n, "%s: process %d counts %d of %d (%s)", when, i, people, n, after);
    }
}

/* Without a stamp: soon. */
static void check_follows(const struct service *s, int n, const char *when) {
    int people = -1;
    for (int tries = 0; tries < 3000 && people != n; tries++) {
        people = counted(s, NULL);
        if (people != n) usleep(10000);
    }
    CHECK(people == n, "%s: stays at %d of %d", when, people, n);
}

/* ---- readers ---- */

static atomic_bool enough;

/* What this reader sees in one process never goes back. */
static void *read_on(void *context) {
    const struct service *s = context;
    for (int before = 0; !atomic_load(&enough);) {
        struct answer a = service_get(s, s->commissioner, DASHBOARD);
        const json_t *n = answer_at(&a, "kpis.0.quarter.numerator");
        int now = json_is_integer(n) ? (int)json_integer_value(n) : before;
        if (now < before) CHECK(false, "a reader sees %d after %d", now, before);
        before = now;
        answer_free(&a);
    }
    client_forget();
    return NULL;
}

static void with_readers(void (*work)(void)) {
    pthread_t readers[INSTANCES];
    atomic_store(&enough, false);
    for (int i = 0; i < INSTANCES; i++)
        pthread_create(&readers[i], NULL, read_on, of[i]);
    work();
    atomic_store(&enough, true);
    for (int i = 0; i < INSTANCES; i++)
        pthread_join(readers[i], NULL);
}

/* ---- cases ---- */

static int sent; /* grows, so that a reader can tell what is older */

static void upload_and_ask(void) {
    char after[160];
    for (int round = 0; round < ROUNDS; round++) {
        CHECK(send(of[0], ++sent, after), "a receipt");
        check_all(sent, after, "straight after the receipt");
    }
}

static void never_older(void) {
    int before = service_log_lines(of[1], FROM_MEMORY);
    with_readers(upload_and_ask);
    CHECK(service_log_lines(of[1], FROM_MEMORY) > before, "memory had part in it");
}

static int cut(const char *application) {
    char sql[300];
    uint64_t n = 0;
    snprintf(
        sql, sizeof sql,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND "
        "application_name = '%s'",
        application);
    str_to_uint(str_of(database_ask(of[0]->app, sql)), 100, &n);
    return (int)n;
}

static void cut_and_ask(void) {
    char after[160];
    int cuts = 0;
    for (int round = 0; round < ROUNDS; round++) {
        if (round % 3 == 0) cuts += cut("quarterday watch");
        CHECK(send(of[0], ++sent, after), "a receipt");
        check_all(sent, after, "while nobody hears of it");
    }
    CHECK(cuts >= INSTANCES, "connections were cut: %d", cuts);
}

/* Without a stamp, too, each of them comes to the newest, and then serves from memory again. */
static void not_heard(void) {
    with_readers(cut_and_ask);
    for (int i = 0; i < INSTANCES; i++) {
        check_follows(of[i], sent, "after the last cut");
        int before = service_log_lines(of[i], FROM_MEMORY), after = before;
        for (int tries = 0; tries < 3000 && after == before; tries++) {
            counted(of[i], NULL);
            after = service_log_lines(of[i], FROM_MEMORY);
            if (after == before) usleep(10000);
        }
        CHECK(after > before, "process %d serves from memory again", i);
    }
}

static pid_t kill_after_us(pid_t victim, unsigned micros) {
    pid_t child = fork();
    if (child == 0) {
        struct timespec t = {micros / 1000000, micros % 1000000 * 1000};
        nanosleep(&t, NULL);
        kill(victim, SIGKILL);
        _exit(0);
    }
    return child;
}

/* Whether the upload was stored, only the database knows; the others come to what it says. */
static void killed(void) {
    char after[160];
    uint32_t chance = 20261127;
    client_is_quiet = true;
    for (int kill = 0; kill < KILLS; kill++) {
        chance = chance * 1664525u + 1013904223u;
        pid_t killer = 0;
        for (bool taken = true; taken;) {
            taken = send(of[0], ++sent, after);
            if (!killer) killer = kill_after_us(of[0]->pid, chance % 60000);
        }
        waitpid(killer, NULL, 0);
        waitpid(of[0]->pid, NULL, 0);
        /* Waits for what the killed process's connection is still at. */
        service_sql(of[0], "SELECT stamp FROM provider WHERE provider = 'homerton' FOR UPDATE");
        uint64_t stored = 0;
        str_to_uint(
            str_of(service_sql(
                of[0],
                "select rows from version where period = 2025 * 4 and part = 0 order by version desc limit 1")),
            1u << 30, &stored);
        check_follows(of[1], (int)stored, "after a kill");
        check_follows(of[2], (int)stored, "after a kill");
        CHECK(service_restart(of[0], NULL), "starts again");
        check_follows(of[0], (int)stored, "started again");
        sent = (int)stored + 1;
    }
    client_is_quiet = false;
}

/* ---- a COMMIT without an answer ---- */

/* The proxy loses every second COMMIT, some before and some after it was done. What is answered from memory is never older than a receipt. */
static void commit_lost(void) {
    char conninfo[512];
    snprintf(conninfo, sizeof conninfo, "%s", of[0]->app);
    struct pg_proxy *proxy = pg_proxy_start(conninfo, sizeof conninfo);
    CHECK(proxy, "a proxy");
    if (!proxy) return;
    struct service *s = service_join(of[0], &(struct service_options){.database = conninfo});
    CHECK(s, "a process behind it");
    char after[160];
    for (int round = 0; s && round < ROUNDS; round++) {
        counted(s, NULL);
        pg_proxy_break(proxy, 2);
        bool taken = send(s, ++sent, after);
        pg_proxy_break(proxy, 0);
        if (!taken) continue;
        int people = counted(s, NULL);
        CHECK(people == sent, "a receipt for %d, and then %d", sent, people);
        CHECK(strlen(after) > strlen("Quarterday-After: city"), "stamped: %s", after);
        check_all(sent, after, "after a lost COMMIT");
    }
    CHECK(pg_proxy_broken(proxy, BREAK_UNANSWERED) + pg_proxy_broken(proxy, BREAK_ANSWER_KEPT) > 0,
          "some were lost");
    CHECK(s && service_stop(s) == 0, "stopped");
    pg_proxy_stop(proxy);
}

void suite_http_stamps(void) {
    suite_add("http_stamps", begin, end);
    case_add("with the receipt's stamp no process answers with what was before, under load", never_older);
    case_add("nor while the connections are cut on which they hear of each other", not_heard);
    case_add("a process killed in an upload leaves the others with what is stored", killed);
    case_add("a COMMIT whose answer is lost leaves nothing stale", commit_lost);
}
