/* The command-line client: the real binary against a real service, as its user has it: exit status, what goes to
 * standard output and to standard error, in a terminal and without one; what fails on the way. */
#include <fcntl.h>
#include <netinet/in.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/certificate.h"
#include "tests/support/episodes.h"
#include "tests/support/fake_service.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static char dir[64];

struct result {
    int status; /* of the exit; 128 + signal */
    struct buf out, err;
};

static const char *
at(const char *name) { /* a path in the suite's folder; good until the twelfth call after */
    static char paths[12][160];
    static int turn;
    char *p = paths[turn++ % 12];
    snprintf(p, sizeof paths[0], "%s/%s", dir, name);
    return p;
}

static void write_file(const char *name, str bytes, mode_t mode) {
    int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        if (n <= 0) break;
        done += (size_t)n;
    }
    fchmod(fd, mode);
    close(fd);
}

static int begin(void) {
    snprintf(dir, sizeof dir, "/tmp/qd-test-client-XXXXXX");
    if (!mkdtemp(dir)) return 1;
    s = service_start(NULL);
    if (!s) return 1;
    struct buf run = BUF_EMPTY;
    buf_printf(
        &run,
        "{\"url\":\"%s\",\"caFile\":\"%s\",\"pid\":%d,\"keys\":{\"admin\":\"%s\",\"commissioner\":\"%s\",",
        s->url, s->ca_file, (int)s->pid, s->admin, s->commissioner);
    buf_printf(&run, "\"checker\":\"%s\",\"providers\":{\"homerton\":\"%s\",\"pharmacies\":\"%s\"}}}",
               s->checker, s->homerton, s->pharmacies);
    write_file("run.json", buf_str(&run), 0600);
    buf_free(&run);
    write_file("key", str_of(s->homerton), 0600);
    return 0;
}

static int end(void) {
    const char *rm[] = {"rm", "-rf", dir, NULL};
    pid_t pid = fork();
    if (pid == 0) {
        execvp(rm[0], (char *const *)(void *)rm);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    return s ? service_stop(s) : 1;
}

/* ---- running it ---- */

enum { ARGS_MAX = 24 };

static void exec_client(const char *const *args) {
    const char *binary = getenv("QUARTERDAY_TEST_BINARY");
    const char *argv[ARGS_MAX + 2] = {binary ? binary : "build/quarterday"};
    for (size_t i = 0; i < ARGS_MAX && args[i]; i++)
        argv[i + 1] = args[i];
    static const char *const OURS[] = {"URL", "KEY_FILE", "CA_FILE", "RUN", "SERVICE", "PROVIDER", "PERIOD"};
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++) {
        char name[40];
        snprintf(name, sizeof name, "QUARTERDAY_%s", OURS[i]);
        unsetenv(name);
    }
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    execv(argv[0], (char *const *)(void *)argv);
    _exit(127);
}

static void drain(int fd, struct buf *to) {
    char piece[65536];
    ssize_t n;
    while ((n = read(fd, piece, sizeof piece)) > 0)
        buf_add(to, piece, (size_t)n);
    close(fd);
}

static int status_of(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Standard error goes to a file, so that neither pipe can fill up while the other is read. `in` is standard input; -1: ours. */
static struct result run_with(int in, const char *const *args) {
    struct result r = {.out = BUF_EMPTY, .err = BUF_EMPTY};
    int fds[2], err = open(at("stderr"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (err < 0 || pipe2(fds, O_CLOEXEC) != 0) return r;
    pid_t pid = fork();
    if (pid == 0) {
        if (in >= 0) dup2(in, STDIN_FILENO);
        dup2(fds[1], STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        exec_client(args);
    }
    close(fds[1]);
    drain(fds[0], &r.out);
    r.status = status_of(pid);
    lseek(err, 0, SEEK_SET);
    drain(err, &r.err);
    return r;
}
#define RUN(...) run_with(-1, (const char *const[]){__VA_ARGS__, NULL})

static void done(struct result *r) {
    buf_free(&r->out);
    buf_free(&r->err);
}

static bool has(const struct buf *b, const char *text) {
    return b->n && memmem(b->p, b->n, text, strlen(text)) != NULL;
}
/* Checks status and a piece of what was said; says all of it when not. */
static void expect(struct result r, const char *label, int status, const char *out, const char *err) {
    CHECK(r.status == status && (!out || has(&r.out, out)) && (!err || has(&r.err, err)),
          "%s: %d, expected %d, '%s', '%s'; said: %.*s / %.*s", label, r.status, status, out ? out : "",
          err ? err : "", STR_ARG(buf_str(&r.out)), STR_ARG(buf_str(&r.err)));
    done(&r);
}

#define AS_RUN "--run", dir, "--service", "city-and-hackney"
#define AS_HOMERTON AS_RUN, "--provider", "homerton"

static void write_episodes(const char *name, size_t rows, const char *wrong_date) {
    struct buf csv = BUF_EMPTY;
    buf_add_cstr(&csv, EPISODE_HEADER "\n");
    for (size_t i = 0; i < rows; i++) {
        char id[24];
        snprintf(id, sizeof id, "E-%zu", i);
        struct episode_row row = episode_good(id);
        row.client = id;
        if (wrong_date && i == 1) row.quit = wrong_date;
        episode_add_csv(&csv, &row);
    }
    write_file(name, buf_str(&csv), 0600);
    buf_free(&csv);
}

/* ---- cases ---- */

static void submits(void) {
    write_episodes("episodes.csv", 3, NULL);
    write_file("foll\xc3\xb6w_follow-ups 2025-26-Q1.csv",
               STR("episodeId,stage,date,outcome\nE-0,12W,2025-08-01,1\n"), 0600);
    expect(
        RUN("submit", at("episodes.csv"), AS_HOMERTON, "--period", "2025-26-Q1", "--dry-run"), "dry run", 0,
        "would be accepted; nothing was stored: episodes of homerton, 2025-26-Q1, version 1\n  3 rows: 3 created",
        NULL);
    expect(RUN("submit", at("foll\xc3\xb6w_follow-ups 2025-26-Q1.csv"), at("episodes.csv"), AS_HOMERTON,
               "--period", "2025-26-Q1"),
           "episodes go first", 0, "follow-ups of homerton, 2025-26-Q1, version 1\n  1 row: 1 created", NULL);
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM episode"), "3") == 0, "stored");
    struct result r = RUN("submit", at("episodes.csv"), AS_HOMERTON, "--period", "2025-26-Q1", "--json");
    json_t *receipt = json_loadb(r.out.p, r.out.n, 0, NULL);
    CHECK(r.status == 0 && json_integer_value(json_object_get(receipt, "version")) == 1 &&
              json_is_false(json_object_get(receipt, "stored")),
          "the same bytes: %.*s", STR_ARG(buf_str(&r.out)));
    json_decref(receipt);
    done(&r);
    write_episodes("episodes.csv", 4, NULL);
    expect(RUN("submit", at("episodes.csv"), AS_HOMERTON, "--period", "2025-26-Q1", "--if-match", "v9"),
           "stale", 1, "refused: error STALE: ", NULL);
    expect(RUN("submit", at("episodes.csv"), AS_HOMERTON, "--period", "2025-26-Q1", "--if-match", "v1"),
           "moved KPIs", 0, "↑", NULL);
}

static void refused(void) {
    write_episodes("bad.csv", 3, "2025-02-31");
    struct buf want = BUF_EMPTY;
    /* Line 3 of the file, its fourth field. */
    buf_printf(&want, "%s:3:4: error BAD_DATE: quitDate: ", at("bad.csv"));
    buf_add_char(&want, '\0');
    expect(RUN("submit", at("bad.csv"), AS_HOMERTON, "--period", "2025-26-Q2", "--part", "episodes"),
           "refused", 1, want.p, NULL);
    expect(RUN("check", at("bad.csv"), "--period", "2025-26-Q1"), "checked", 1, want.p,
           "Only the service can tell");
    buf_free(&want);
    write_file("open.csv", STR("episodeId,stage,date,outcome\n\"E-0,12W\n"), 0600);
    expect(RUN("submit", at("open.csv"), AS_HOMERTON, "--period", "2025-26-Q2", "--part", "follow-ups"),
           "malformed", 1, "refused: error MALFORMED: ", NULL);
    expect(RUN("check", at("open.csv"), "--period", "2025-26-Q2", "--part", "follow-ups"), "malformed here",
           1, "refused: error MALFORMED: ", NULL);
}

/* The same file, by the service and without it. */
static void same_words(void) {
    static const struct {
        const char *label, *part;
        str body;
    } CASES[] = {
        {"cells and codes", "referrals",
         STR("referralId,receivedDate,contactedDate,source\nR-1,2025-04-31,x,MOON\nR-1,14/04/2025,,GP\n,15/04/2025,,SELF\n")},
        {"unknown and repeated columns", "contacts",
         STR("Month;NHS number;callz;callsReceived;calls_received\n2025-13;1;2;-3;4\n")},
        {"missing column", "training-sessions", STR("sessionId,date\nT-1,2025-05-01\n")},
        {"Windows-1252", "sites", STR("siteId,name,localAuthority,imdQuintile\nS 1,Caf\xe9,Hackney,9\n")},
        {"line breaks in quotes", "advisers",
         STR("adviserId,organisation,certifiedDate\n\"A\n1\",\"x\ny\",never\nA-2,z,2025-01-01,9\n")},
        {"JSON", "harm-reduction",
         STR("{\"rows\":[{\"pathwayId\":7,\"startDate\":\"2025-01-01\",\"outcome\":\"NONE\"},{}]}")},
        {"spreadsheets", "web-analytics", STR("month,uniqueVisitors\n2025-04,#REF!\n1.2E+05,=1+1\n")},
        {"empty", "media-activity", STR("")},
        {"NUL", "media-activity", STR("date,\0channel\n")},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        write_file("same", CASES[i].body, 0600);
        struct result here = RUN("check", at("same"), "--part", CASES[i].part, "--period", "2025-26-Q1",
                                 "--today", "2026-02-20", "--json");
        struct result there = RUN("submit", at("same"), AS_HOMERTON, "--part", CASES[i].part, "--period",
                                  "2025-26-Q1", "--dry-run", "--json");
        json_t *x = json_loadb(here.out.p, here.out.n, 0, NULL),
               *y = json_loadb(there.out.p, there.out.n, 0, NULL);
        CHECK(here.status == 1 && there.status == 1, "%s: %d, %d", CASES[i].label, here.status, there.status);
        static const char *const FIELDS[] = {"rows",    "errorCount", "warningCount", "suppressedCount",
                                             "summary", "truncated",  "errors"};
        bool is_read = json_object_get(y, "errors") != NULL;
        for (size_t k = 0; is_read && k < sizeof FIELDS / sizeof *FIELDS; k++)
            CHECK(json_object_get(x, FIELDS[k]) &&
                      json_equal(json_object_get(x, FIELDS[k]), json_object_get(y, FIELDS[k])),
                  "%s: %s: %.*s / %.*s", CASES[i].label, FIELDS[k], STR_ARG(buf_str(&here.out)),
                  STR_ARG(buf_str(&there.out)));
        CHECK(is_read || (json_object_get(x, "detail") &&
                          json_equal(json_object_get(x, "detail"), json_object_get(y, "detail")) &&
                          json_equal(json_object_get(x, "code"), json_object_get(y, "code"))),
              "%s: %.*s / %.*s", CASES[i].label, STR_ARG(buf_str(&here.out)), STR_ARG(buf_str(&there.out)));
        json_decref(x);
        json_decref(y);
        done(&here);
        done(&there);
    }
}

/* What `check` cannot know it names, for each part its own. */
static void names_what_is_left(void) {
    static const struct {
        const char *part, *body, *left, *not_left;
    } CASES[] = {
        {"episodes", "episodeId\n", "LOOKUP_DIFFERS", "the destination"},
        {"episodes", "episodeId\n", "--postcodes FILE looks it up here", "the same lists loaded"},
        {"episodes", "episodeId\n", "EPISODES_AND_NATIONAL", "FOLLOW_UP_OUTSIDE_WINDOW"},
        {"follow-ups", "episodeId\n", "FOLLOW_UP_OUTSIDE_WINDOW", "LOOKUP_DIFFERS"},
        {"referrals", "referralId\n", "the destination is in the list of sites", "LOOKUP_DIFFERS"},
        {"harm-reduction", "pathwayId\n", "rows name were returned (UNKNOWN_EPISODE)", "the destination"},
        {"national", "part\n", "EPISODES_AND_NATIONAL", "UNKNOWN_EPISODE"},
        {"contacts", "month\n", "the return is open", "EPISODES_AND_NATIONAL"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        write_file("left", str_of(CASES[i].body), 0600);
        struct result r = RUN("check", at("left"), "--part", CASES[i].part, "--period", "2025-26-Q1");
        buf_add_char(&r.err, '\0');
        CHECK(strstr(r.err.p, CASES[i].left) && !strstr(r.err.p, CASES[i].not_left), "%s: %s", CASES[i].part,
              r.err.p);
        buf_free(&r.out);
        buf_free(&r.err);
    }
}

static void reads(void) {
    expect(RUN("status", AS_RUN, "--period", "2025-26-Q1"), "status", 0, "pharmacies  2025-26-Q1", NULL);
    expect(RUN("status", AS_RUN, "--provider", "homerton", "--as", "homerton", "--json"), "status as JSON", 0,
           "{\"results\":[", NULL);
    expect(RUN("kpis", AS_RUN, "--period", "2025-26-Q1"), "kpis", 0, "KPI   status", NULL);
    expect(RUN("kpis", "1.9", AS_RUN, "--period", "2025-26-Q1"), "one KPI", 0,
           "\n  tolerance      RELATIVE 5", NULL);
    expect(RUN("kpis", "9.9", AS_RUN, "--period", "2025-26-Q1"), "no such KPI", 2, NULL,
           "there is no KPI '9.9'");
    expect(RUN("template", "follow-ups", AS_RUN), "template", 0, "episodeId,stage,date,outcome", NULL);
    expect(RUN("template", "follow-ups", AS_RUN, "--guide", "-o", at("guide.csv")), "into a file", 0, NULL,
           NULL);
    CHECK(access(at("guide.csv"), R_OK) == 0, "written");
    expect(RUN("template", "follow-ups", AS_RUN, "-o", at("none/guide.csv")), "nowhere", 2, NULL,
           "cannot be written");
    expect(RUN("check", "completeness", AS_RUN, "--period", "2025-26-Q1"), "not ready", 1, "NOT READY", NULL);
    expect(RUN("check", "completeness", AS_RUN, "--period", "2025-26-Q1"), "whom to tell what", 1,
           "\n  To send: pharmacies, 2025-26-Q1: ", NULL);
    expect(RUN("check", "completeness", AS_RUN, "--period", "2025-26-Q1", "--json"), "as JSON", 1,
           "\"ready\":false", NULL);
    expect(RUN("check", "completeness", "--run", dir, "--service", "no-such", "--period", "2025-26-Q1"),
           "unknown service", 2, NULL, "404 NOT_FOUND");
}

static void cannot_ask(void) {
    write_file("wrong", STR("qd_live_ab2cdefg3h_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh811KC7F\n"), 0600);
    write_file("seen", str_of(s->homerton), 0644);
    write_file("two", STR("a b\n"), 0600);
    write_file("nocert", STR("nothing\n"), 0600);
    const char *ca = s->ca_file, *url = s->url;
    certificate_make(at("other.pem"), at("other.key"), CERTIFICATE_GOOD);
    expect(RUN("status", "--url", url, "--key-file", at("wrong"), "--ca-file", ca), "wrong key", 2, NULL,
           "401 UNAUTHENTICATED");
    expect(RUN("status", "--url", url, "--key-file", at("seen"), "--ca-file", ca), "others can read the key",
           2, NULL, "chmod 600");
    expect(RUN("status", "--url", url, "--key-file", at("two"), "--ca-file", ca), "no key", 2, NULL,
           "the key alone");
    expect(RUN("status", "--url", url, "--ca-file", ca), "no key file", 2, NULL, "--key-file");
    expect(RUN("status", "--key-file", at("key")), "no address", 2, NULL, "--url");
    expect(RUN("status", "--url", "http://127.0.0.1:1", "--key-file", at("key")), "http", 2, NULL,
           "not encrypted");
    expect(RUN("status", "--url", url, "--key-file", at("key")), "self-signed", 2, NULL, "is not trusted");
    expect(RUN("status", "--url", url, "--key-file", at("key"), "--ca-file", at("other.pem")),
           "another's certificate", 2, NULL, "is not trusted");
    expect(RUN("status", "--url", url, "--key-file", at("key"), "--ca-file", at("nocert")), "no certificate",
           2, NULL, "");
    expect(RUN("status", "--url", url, "--key-file", at("key"), "--ca-file", at("absent")), "no such file", 2,
           NULL, "cannot be read");
    expect(RUN("status", "--url", "https://no-such-host.invalid", "--key-file", at("key")), "no such host", 2,
           NULL, "cannot be found");
    expect(RUN("status", "--url", "https://127.0.0.1:1", "--key-file", at("key")), "nobody there", 2, NULL,
           "nobody answers");
    expect(RUN("submit", at("absent.csv"), AS_HOMERTON, "--period", "2025-26-Q1"), "no file", 2, NULL,
           "cannot be opened");
    expect(RUN("submit", dir, AS_HOMERTON, "--period", "2025-26-Q1"), "a folder", 2, NULL, "is a folder");
    expect(RUN("submit", at("episodes.csv"), AS_RUN, "--provider", "pharmacies", "--as", "homerton",
               "--period", "2025-26-Q1"),
           "another's return", 2, NULL, "404 NOT_FOUND");
    expect(RUN("submit", at("episodes.csv"), AS_HOMERTON, "--as", "commissioner", "--period", "2025-26-Q1"),
           "no right", 2, NULL, "403 FORBIDDEN");
    expect(RUN("check", "--help"), "help", 0, "Exit status:", NULL);
    chmod(at("run.json"), 0644);
    expect(RUN("status", AS_RUN), "others can read run.json", 2, NULL, "chmod 600");
    chmod(at("run.json"), 0600);
}

/* ---- a service in trouble ---- */

#define RECEIPT                                                                                                            \
    "{\"part\":\"episodes\",\"provider\":\"homerton\",\"period\":\"2025-26-Q1\",\"version\":1,\"stored\":true,\"rows\":3," \
    "\"created\":3,\"onTime\":true,\"deadline\":\"2025-08-14\"}"
#define PROBLEM "{\"code\":\"BUSY\",\"detail\":\"Too much at once.\"}"

static bool start_fake(struct fake_service *f, const struct fake_step *steps, size_t count,
                       unsigned wait_ms) {
    bool good = certificate_make(at("fake.pem"), at("fake.key"), CERTIFICATE_GOOD) &&
                fake_service_start(f, at("fake.pem"), at("fake.key"), steps, count, wait_ms);
    CHECK(good, "the fake service starts");
    return good;
}
#define TO_FAKE(f)                                                                                           \
    "--url", (f)->url, "--key-file", at("key"), "--ca-file", at("fake.pem"), "--service",                    \
        "city-and-hackney", "--provider", "homerton", "--period", "2025-26-Q1"

/* What says "later" and what is lost is sent again, the same bytes from their beginning; what may not be, is not. */
static void tries_again(void) {
    static const struct {
        const char *label;
        struct fake_step steps[3];
        size_t count;
        unsigned requests;
        const char *match;
        int status;
        const char *out, *err;
    } CASES[] = {
        {"lost, then busy, then taken",
         {{0, NULL, NULL}, {503, "1", PROBLEM}, {201, NULL, RECEIPT}},
         3,
         3,
         NULL,
         0,
         "accepted: episodes of homerton",
         NULL},
        {"lost, with If-Match",
         {{0, NULL, NULL}, {201, NULL, RECEIPT}},
         2,
         1,
         "v1",
         2,
         NULL,
         "Whether the file was stored is not known"},
        {"busy, with If-Match",
         {{503, "1", PROBLEM}, {201, NULL, RECEIPT}},
         2,
         2,
         "v1",
         0,
         "accepted: episodes of homerton",
         NULL},
        {"busy for good", {{429, "1", PROBLEM}}, 1, 5, NULL, 2, NULL, "asked for patience five times"},
        {"broken", {{500, "1", PROBLEM}}, 1, 1, NULL, 2, NULL, "500 BUSY: Too much at once."},
    };
    write_episodes("tried.csv", 3, NULL);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct fake_service f;
        if (!start_fake(&f, CASES[i].steps, CASES[i].count, 0)) return;
        expect(RUN("submit", at("tried.csv"), TO_FAKE(&f), "--part", "episodes",
                   CASES[i].match ? "--if-match" : "--quiet", CASES[i].match),
               CASES[i].label, CASES[i].status, CASES[i].out, CASES[i].err);
        fake_service_end(&f);
        CHECK(f.requests == CASES[i].requests, "%s: %u requests", CASES[i].label, f.requests);
        for (unsigned k = 0; k < f.requests; k++)
            CHECK(f.bodies[k].n > 0 && str_eq(buf_str(&f.bodies[k]), buf_str(&f.bodies[0])),
                  "%s: request %u has the whole file", CASES[i].label, k);
        fake_service_stop(&f);
    }
}

/* Standard input, a file or a pipe; what came through a pipe can be sent again too. */
static void standard_input(void) {
    static const struct fake_step STEPS[] = {{0, NULL, NULL}, {201, NULL, RECEIPT}};
    int pipes[2];
    write_episodes("in.csv", 3, NULL);
    int file = open(at("in.csv"), O_RDONLY | O_CLOEXEC);
    const char *const real[] = {"submit", "-", AS_HOMERTON, "--period", "2025-26-Q1", "--dry-run", NULL};
    expect(run_with(file, real), "a file", 0, "-: would be accepted; nothing was stored: episodes", NULL);
    close(file);
    struct fake_service f;
    if (!start_fake(&f, STEPS, 2, 0) || pipe2(pipes, O_CLOEXEC) != 0) return;
    const char bytes[] = EPISODE_HEADER "\nE-1\n";
    CHECK(write(pipes[1], bytes, sizeof bytes - 1) == (ssize_t)sizeof bytes - 1, "into the pipe");
    close(pipes[1]);
    const char *const fake[] = {"submit", "-", TO_FAKE(&f), NULL};
    expect(run_with(pipes[0], fake), "a pipe", 0, "-: accepted: episodes of homerton", NULL);
    close(pipes[0]);
    fake_service_end(&f);
    CHECK(f.requests == 2 && str_eq(buf_str(&f.bodies[1]), (str){bytes, sizeof bytes - 1}),
          "%u requests, the last has %zu bytes", f.requests, f.bodies[1].n);
    fake_service_stop(&f);
}

/* A signal in the middle of an upload ends it in order; the same as Ctrl-C. */
static void signals_while_sending(void) {
    static const struct fake_step STEPS[] = {{201, NULL, RECEIPT}};
    static const int SIGNALS[] = {SIGTERM, SIGINT};
    write_episodes("long.csv", 150000, NULL);
    for (size_t i = 0; i < 2; i++) {
        struct fake_service f;
        if (!start_fake(&f, STEPS, 1, 20)) return;
        const char *const args[] = {"submit", at("long.csv"), TO_FAKE(&f), "--part", "episodes", NULL};
        int err = open(at("signalled"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        pid_t pid = fork();
        if (pid == 0) {
            dup2(err, STDERR_FILENO);
            exec_client(args);
        }
        for (int tries = 0; tries < 6000 && f.pieces < 3; tries++)
            usleep(10000);
        kill(pid, SIGNALS[i]);
        struct buf said = BUF_EMPTY;
        int status = status_of(pid);
        lseek(err, 0, SEEK_SET);
        drain(err, &said);
        fake_service_stop(&f);
        CHECK(status == 130 && has(&said, "interrupted; nothing was stored"), "signal %d: %d, %.*s",
              SIGNALS[i], status, STR_ARG(buf_str(&said)));
        buf_free(&said);
    }
}

/* The same lists here and there give the same words, and without them a row may leave its authority to the service. */
static void looks_up(void) {
#define PLACES "episodeId,clientId,localAuthority,postcode,lsoa,imdQuintile,quitDate,ageAtQuitDate\n"
    static const char POSTCODES[] = "pcds,lsoa11cd,lad21cd\nE8 1EA,E01001785,E09000012\nE8 1EB,E01001786,\n";
    static const char QUINTILES[] = "lsoa11cd,imd19_decile\nE01001785,3\n";
    write_file("postcodes.csv", str_of(POSTCODES), 0600);
    write_file("imd.csv", str_of(QUINTILES), 0600);
    write_file("good.csv", STR(PLACES "P-1,C-1,,e81ea,,,2025-05-01,40\n"), 0600);
    write_file("mixed.csv",
               STR(PLACES
                   "P-1,C-1,,E8 1EA,,5,2025-05-01,40\nP-2,C-2,,E8 1EB,,,2025-05-01,40\n"
                   "P-3,C-3,,E8 9ZZ,,,2025-05-01,40\nP-4,C-4,E09000001,E8 1EA,E01000001,,2025-05-01,40\n"),
               0600);
    const char *const period = "2025-26-Q1";
    expect(RUN("check", at("good.csv"), "--part", "episodes", "--period", period), "left to the service", 0,
           "good: episodes", "the authority of 1 row that leaves localAuthority to the postcode");
    expect(RUN("check", at("good.csv"), "--part", "episodes", "--period", period, "--postcodes",
               at("postcodes.csv"), "--imd", at("imd.csv")),
           "looked up", 0, "good: episodes", "whether the service has the same lists loaded");
    expect(
        RUN("check", at("good.csv"), "--part", "episodes", "--period", period, "--postcodes", at("imd.csv")),
        "another list", 2, NULL, "is no list to look up in: 1 error, the first in line 1: ");
    expect(RUN("check", at("good.csv"), "--part", "episodes", "--period", period, "--imd", at("absent.csv")),
           "no list", 2, NULL, "cannot be opened");
    struct answer a = service_put(s, s->admin, "/v1/lookups/postcodes", "text/csv", str_of(POSTCODES));
    CHECK(a.status == 201, "%ld", a.status);
    answer_free(&a);
    a = service_put(s, s->admin, "/v1/lookups/imd?edition=2019", "text/csv", str_of(QUINTILES));
    CHECK(a.status == 201, "%ld", a.status);
    answer_free(&a);
    struct result here =
                      RUN("check", at("mixed.csv"), "--part", "episodes", "--period", period, "--today",
                          "2026-02-20", "--json", "--postcodes", at("postcodes.csv"), "--imd", at("imd.csv")),
                  there = RUN("submit", at("mixed.csv"), AS_HOMERTON, "--part", "episodes", "--period",
                              period, "--dry-run", "--json");
    json_t *x = json_loadb(here.out.p, here.out.n, 0, NULL),
           *y = json_loadb(there.out.p, there.out.n, 0, NULL);
    CHECK(here.status == 1 && json_array_size(json_object_get(x, "errors")) > 2 &&
              json_equal(json_object_get(x, "errors"), json_object_get(y, "errors")),
          "%.*s / %.*s", STR_ARG(buf_str(&here.out)), STR_ARG(buf_str(&there.out)));
    json_decref(x);
    json_decref(y);
    done(&here);
    done(&there);
}

/* A file of some megabytes in a terminal, sent to somebody who takes it slowly; *out has what was seen. */
static pid_t start_upload(const struct fake_service *f, const char *quiet, int *out_terminal) {
    struct winsize size = {.ws_row = 24, .ws_col = 100};
    pid_t pid = forkpty(out_terminal, NULL, NULL, &size);
    if (pid == 0) {
        const char *args[] = {"submit",   at("big.csv"), TO_FAKE(f), "--part",
                              "episodes", "--dry-run",   quiet,      NULL};
        exec_client(args);
    }
    return pid;
}

static void in_a_terminal(void) {
    static const struct fake_step STEPS[] = {{201, NULL, RECEIPT}};
    write_episodes("big.csv", 30000, NULL);
    struct buf seen = BUF_EMPTY;
    struct fake_service f;
    int terminal;
    if (!start_fake(&f, STEPS, 1, 5)) return;
    pid_t pid = start_upload(&f, NULL, &terminal);
    drain(terminal, &seen);
    CHECK(status_of(pid) == 0 && has(&seen, "accepted: episodes"), "accepted: %.*s", STR_ARG(buf_str(&seen)));
    CHECK(has(&seen, "\r") && has(&seen, " MB") && has(&seen, "\033[K"), "progress was shown: %.*s",
          STR_ARG(buf_str(&seen)));
    buf_clear(&seen);
    pid = start_upload(&f, "--quiet", &terminal);
    drain(terminal, &seen);
    CHECK(status_of(pid) == 0 && !has(&seen, "\033[K"), "none with --quiet");
    buf_free(&seen);
    struct result r = RUN("submit", at("big.csv"), TO_FAKE(&f), "--part", "episodes", "--dry-run");
    CHECK(r.status == 0 && !has(&r.err, "\r"), "none without a terminal: %.*s", STR_ARG(buf_str(&r.err)));
    done(&r);
    fake_service_stop(&f);
}

/* Somebody who takes the connection and never says anything; Ctrl-C ends it at once, in words. */
static void interrupted(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    int deaf = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), terminal;
    char url[64];
    if (bind(deaf, (struct sockaddr *)(void *)&address, n) != 0 || listen(deaf, 4) != 0) return;
    getsockname(deaf, (struct sockaddr *)(void *)&address, &n);
    snprintf(url, sizeof url, "https://127.0.0.1:%d", ntohs(address.sin_port));
    pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
    if (pid == 0) {
        const char *args[] = {"submit",     at("episodes.csv"), "--url",    url,          "--key-file",
                              at("key"),    "--ca-file",        s->ca_file, "--service",  "city-and-hackney",
                              "--provider", "homerton",         "--period", "2025-26-Q1", NULL};
        exec_client(args);
    }
    int taken = accept4(deaf, NULL, NULL, SOCK_CLOEXEC);
    usleep(200000);
    CHECK(write(terminal, "\003", 1) == 1, "Ctrl-C");
    struct buf seen = BUF_EMPTY;
    drain(terminal, &seen);
    CHECK(status_of(pid) == 130 && has(&seen, "interrupted; nothing was stored"), "%.*s",
          STR_ARG(buf_str(&seen)));
    buf_free(&seen);
    close(taken);
    close(deaf);
}

void suite_http_client(void) {
    suite_add("http_client", begin, end);
    case_add("files are sent in the right order; the receipt says what happened", submits);
    case_add("a refusal is said as file:line:column, by the service and without it", refused);
    case_add("check says to the letter what the service says", same_words);
    case_add("check names what only the service can tell", names_what_is_left);
    case_add("status, kpis, template, completeness", reads);
    case_add("what cannot be asked is explained, and ends with 2", cannot_ask);
    case_add("a long upload has a progress bar in a terminal only", in_a_terminal);
    case_add("Ctrl-C ends cleanly", interrupted);
    case_add("what is lost or told to come later is sent again, where that does no harm", tries_again);
    case_add("standard input is sent too, and again", standard_input);
    case_add("a signal in the middle of an upload ends it in order", signals_while_sending);
    case_add("check looks up what it is given the lists for", looks_up);
}
