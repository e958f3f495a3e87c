/* The rows of a large return go into their table while the next ones are judged. So what is refused at its last row had rows in the
 * database: nothing of them may stay, and the connection must be good for the next upload. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

enum { ROWS = 4000 }; /* some 1.1 MB for the database: the first quarter of it begins the COPY */

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

enum last_row { GOOD, OF_NO_AGE, LIKE_THE_FIRST };

static struct buf return_of(unsigned edition, enum last_row last) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < ROWS; i++) {
        char id[24], client[32];
        bool is_last = i + 1 == ROWS;
        snprintf(id, sizeof id, "E-%u", is_last && last == LIKE_THE_FIRST ? 0 : i);
        snprintf(client, sizeof client, "C-%u-%u", edition, i);
        struct episode_row r = episode_good(id);
        r.client = client;
        if (is_last && last == OF_NO_AGE) r.age = "none";
        episode_add_csv(&b, &r);
    }
    return b;
}

static struct answer put(unsigned edition, enum last_row last, const char *query) {
    char path[120];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes%s", query);
    struct buf b = return_of(edition, last);
    struct answer a = service_put(s, s->homerton, path, "text/csv", buf_str(&b));
    buf_free(&b);
    return a;
}

static void check_stored(unsigned versions) {
    const char *rows = service_sql(
        s, "SELECT count(*) || ' of ' || count(DISTINCT version) FROM episode WHERE provider = 'homerton'");
    char want[40];
    snprintf(want, sizeof want, "%u of %u", versions * ROWS, versions);
    CHECK(strcmp(rows, want) == 0, "%s, expected %s", rows, want);
}

static void good_rows_are_stored_once(void) {
    struct answer a = put(1, GOOD, "");
    CHECK(a.status == 201, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    check_stored(1);
    a = put(1, GOOD, "");
    CHECK(a.status == 200, "the same bytes: %ld", a.status);
    check_text(&a, "version", "1");
    answer_free(&a);
    check_stored(1);
    a = put(2, GOOD, "?dryRun=true");
    CHECK(a.status == 200, "a dry run: %ld", a.status);
    answer_free(&a);
    check_stored(1);
}

static void what_is_refused_leaves_nothing(void) {
    static const struct {
        enum last_row last;
        const char *code;
    } CASES[] = {{OF_NO_AGE, "BAD_NUMBER"}, {LIKE_THE_FIRST, "DUPLICATE"}};
    for (unsigned i = 0; i < 2; i++) {
        struct answer a = put(10 + i, CASES[i].last, "");
        CHECK(a.status == 422, "%u: %ld %.300s", i, a.status, a.body.n ? a.body.p : "");
        check_text(&a, "errors.0.code", CASES[i].code);
        answer_free(&a);
        check_stored(1 + i);
        a = put(20 + i, GOOD, "");
        CHECK(a.status == 200, "and the next one is good: %ld %.300s", a.status, a.body.n ? a.body.p : "");
        answer_free(&a);
        check_stored(2 + i);
    }
}

/* ---- connections lost meanwhile ---- */

struct killer {
    pthread_t thread;
    atomic_bool over;
    unsigned at_most, killed;
};

/* PostgreSQL says in its processes' titles what they are at. */
static bool is_copying(pid_t pid) {
    char path[40], title[200] = "";
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(title, 1, sizeof title - 1, f) : 0;
    if (f) fclose(f);
    title[n] = '\0';
    return strstr(title, "COPY") != NULL;
}

static void *kill_copying(void *context) {
    struct killer *k = context;
    while (!atomic_load(&k->over) && k->killed < k->at_most) {
        char pids[1000];
        snprintf(pids, sizeof pids, "%s",
                 service_sql(
                     s,
                     "SELECT coalesce(string_agg(pid::text, ' '), '') FROM pg_stat_activity WHERE datname = "
                     "current_database() AND usename = 'quarterday_app'"));
        for (str rest = str_of(pids); rest.n && k->killed < k->at_most;) {
            uint64_t pid = 0;
            if (!str_to_uint(str_cut(&rest, ' '), 1u << 30, &pid) || pid < 2 || !is_copying((pid_t)pid))
                continue;
            k->killed += kill((pid_t)pid, SIGTERM) == 0;
        }
    }
    return NULL;
}

/* Killed once, the upload is done again by the service; killed each time, it is refused; either way all of it is there or nothing. */
static void connections_lost_meanwhile(void) {
    unsigned stored = 3, killed = 0;
    for (unsigned i = 0; i < 60 && killed < 12; i++) {
        struct killer k = {.at_most = i % 2 ? 1 : 1000};
        atomic_init(&k.over, false);
        pthread_create(&k.thread, NULL, kill_copying, &k);
        struct answer a = put(30 + i, GOOD, "");
        atomic_store(&k.over, true);
        pthread_join(k.thread, NULL);
        CHECK(a.status == 200 || (a.status == 503 && k.killed > 1), "%u, killed %u times: %ld", i, k.killed,
              a.status);
        stored += a.status == 200;
        killed += k.killed;
        answer_free(&a);
    }
    printf("\n    %u connections ended ", killed);
    CHECK(killed > 0, "a connection was ended while rows arrived");
    check_stored(stored);
}

void suite_http_arriving(void) {
    suite_add("http_arriving", begin, end);
    case_add("good rows are stored, once", good_rows_are_stored_once);
    case_add("what is refused at its last row leaves nothing", what_is_refused_leaves_nothing);
    case_add("a connection lost meanwhile", connections_lost_meanwhile);
}
