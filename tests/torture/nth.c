/* The n-th call fails: of files, of sockets, of libpq, of libmicrohttpd, of the allocator, in the running service and in its commands, by
 * tests/preload/nth.c. For each journey (journeys.c): how many calls does it make? Then each of them fails in turn. The service does not
 * crash and does not hang; whoever is told 2xx has it once and whole, whoever is not has it once or not at all; the same request succeeds
 * right afterwards without a restart; and no file stays open.
 *
 * Only memory may end the process: ours ends by itself where there is none (base/arena.h), and libraries are not all safe. There the promise
 * is that nothing acknowledged is lost, and that it is there again once it is started again.
 *
 * `make test` fails one call of each function, for each kind in half of the journeys; `make torture CYCLES=n` n calls of each function in
 * all journeys, and all calls where there are no more. QUARTERDAY_TEST_JOURNEY="plan note" is one journey alone. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/preload/nth_board.h"
#include "tests/support/suite.h"
#include "tests/torture/clock.h"
#include "tests/torture/cluster.h"
#include "tests/torture/journeys.h"

static const char *const KINDS[] = {"",
#define X(id, name, meaning) name,
                                    NTH_KINDS(X)
#undef X
};

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
/* No answer for so long: it hangs. */
enum { PATIENCE_S = 60, SETTLES_MS = 60000, FILES_MORE = 12 };

static struct scene sc;
static struct nth_board *board;
static char board_file[80], preload[700], board_variable[120], sanitizer[700];
static struct service_options options;
static unsigned crashes; /* of which memory is the reason */

/* ---- the shim ---- */

static bool board_make(void) {
    snprintf(board_file, sizeof board_file, "/tmp/qd-test-board-XXXXXX");
    int fd = mkstemp(board_file);
    if (fd < 0 || ftruncate(fd, sizeof *board) != 0) return false;
    void *map = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    board = map == MAP_FAILED ? NULL : map;
    return board != NULL;
}

/* nth.so lies beside the runner. */
static bool variables_make(void) {
    char self[512];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0) return false;
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s/nth.so", self);
    snprintf(board_variable, sizeof board_variable, "NTH_BOARD=%s", board_file);
    const char *given = getenv("ASAN_OPTIONS");
    snprintf(sanitizer, sizeof sanitizer, "ASAN_OPTIONS=%.600s:verify_asan_link_order=0", given ? given : "");
    options =
        (struct service_options){.extra_flags = {"--gzip-ratio", "100"},
                                 .environment = {preload, board_variable, SANITIZED ? sanitizer : NULL}};
    return access(preload + strlen("LD_PRELOAD="), R_OK) == 0;
}

/* For what is started without options: commands. */
static void variables_export(bool on) {
    char *const all[] = {preload, board_variable, sanitizer};
    for (size_t i = 0; i < (SANITIZED ? 3 : 2); i++) {
        char name[40];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(all[i], "="), all[i]);
        if (on) putenv(all[i]);
        else unsetenv(name);
    }
}

static void arm(enum nth_kind kind, uint32_t only, uint64_t n) {
    board->kind = NTH_NONE;
    for (size_t i = 0; i < NTH_NAMES; i++)
        board->names[i].calls = 0;
    board->failed = 0;
    board->only = only;
    board->fail_at = n;
    board->kind = kind;
}
static void disarm(void) {
    board->kind = NTH_NONE;
}

/* ---- the service ---- */

static int set_owner_rights(const char *sql) {
    return cluster_sql(sql) ? 0 : 1;
}

static int begin(void) {
    const char *patience = getenv("NTH_PATIENCE");
    client_patience_s = patience ? atol(patience) : PATIENCE_S;
    if (!board_make() || !variables_make()) return 1;
    sc = (struct scene){.s = service_start(&options)};
    if (!sc.s || set_owner_rights("ALTER ROLE quarterday_owner BYPASSRLS") != 0) return 1;
    return journeys_begin(&sc) ? 0 : 1;
}

static int end(void) {
    journeys_end(&sc);
    client_patience_s = 120;
    client_forget();
    int status = sc.s ? service_stop(sc.s) : 1;
    if (board) munmap(board, sizeof *board);
    unlink(board_file);
    return set_owner_rights("ALTER ROLE quarterday_owner NOBYPASSRLS") | status;
}

static bool is_dead(int *out_status) {
    if (waitpid(sc.s->pid, out_status, WNOHANG) != sc.s->pid) return false;
    sc.s->pid = 0;
    return true;
}

/* Does the log end in words of ours, or in a stack whose innermost frame that is not libc's is a library's? The frame is printed, and all
 * of the stack where it may not be. */
static bool crash_is_allowed(const char *when) {
    struct buf stack = BUF_EMPTY;
    FILE *f = fopen(sc.s->log_file, "re");
    char line[600], frame[600] = "";
    bool ours = false, in_stack = false;
    while (f && fgets(line, sizeof line, f)) {
        if (strstr(line, "quarterday: out of memory") || strstr(line, "quarterday: GnuTLS cannot"))
            ours = true;
        if (strstr(line, "nth: the service died here")) in_stack = true, frame[0] = '\0';
        if (in_stack) buf_add_cstr(&stack, line);
        if (in_stack && !frame[0] && line[0] == '/' && !strstr(line, "nth.so") && !strstr(line, "/libc.so"))
            snprintf(frame, sizeof frame, "%.*s", (int)strcspn(line, "\n"), line);
    }
    if (f) fclose(f);
    bool library = frame[0] && !strstr(frame, "quarterday");
    if (!ours) printf("\n    %s: died in %s ", when, frame);
    if (!ours && !library) printf("\n%.*s", STR_ARG(buf_str(&stack)));
    buf_free(&stack);
    return ours || library;
}

/* Of a service that has closed a connection it is not known at once whether it is ending. */
static bool is_alive(int *out_status) {
    for (long until = now_ms() + SETTLES_MS; now_ms() < until; nap_us(5000)) {
        if (is_dead(out_status)) return false;
        client_forget();
        struct answer a = service_get(sc.s, NULL, "/health/live");
        long status = a.status;
        answer_free(&a);
        if (status == 200) return true;
    }
    return true; /* and what follows will fail */
}

/* After a fault: still there? If not, may that be, and is it there again after a start? */
static void see_to_service(const char *when, enum nth_kind kind) {
    int status = 0;
    if (is_alive(&status)) return;
    CHECK(kind == NTH_MEMORY && crash_is_allowed(when), "%s: the service ended with status %d; %s", when,
          status, sc.s->log_file);
    crashes++;
    if (truncate(sc.s->log_file, 0) != 0) CHECK(false, "%s: the log", when);
    CHECK(service_restart(sc.s, &options), "%s: it starts again", when);
}

/* ---- one fault ---- */

struct tally {
    uint64_t calls;
    unsigned tried, hit, good, refused, unanswered, other;
};

static bool is_good(long status) {
    return status == 200 || status == 201;
}

static long act(const struct journey *j) {
    if (j->is_process) variables_export(true);
    long status = j->act(&sc);
    if (j->is_process) variables_export(false);
    return status;
}

/* The same again succeeds; but a change of a version that was made already is refused as stale. */
static void again(const struct journey *j, const char *when, bool was_there) {
    long status = act(j);
    CHECK(is_good(status) || (status == 412 && was_there), "%s: the same again is answered %ld", when,
          status);
}

/* Returns whether it is there. */
static bool judge(const struct journey *j, const char *when, enum nth_kind kind, long status,
                  struct tally *t) {
    bool dies = kind == NTH_MEMORY && status < 0;
    CHECK(is_good(status) || status == 0 || status == 503 || status == 500 || dies, "%s: answered %ld", when,
          status);
    t->hit += board->failed;
    t->good += is_good(status);
    t->refused += status == 503;
    t->unanswered += status <= 0;
    t->other += status == 500;
    long count = j->count ? j->count(&sc) : 1;
    CHECK(count == 1 || (count == 0 && !is_good(status)), "%s: answered %ld, and it is there %ld times", when,
          status, count);
    return count > 0;
}

/* What fails: the n-th call of a function, of so many. */
struct fault_at {
    enum nth_kind kind;
    uint32_t name;
    uint64_t n, calls;
};

static void fail_one(const struct journey *j, const struct fault_at *f, struct tally *t) {
    char when[160];
    sc.turn++;
    if (j->prepare) j->prepare(&sc);
    arm(f->kind, f->name + 1, f->n);
    long began = now_ms(), status = act(j), took = now_ms() - began;
    disarm();
    sc.crashed = status < 0;
    snprintf(when, sizeof when, "%s, turn %u, %s %.35s %llu of %llu%s", j->name, sc.turn, KINDS[f->kind],
             board->names[f->name].name, (unsigned long long)f->n, (unsigned long long)f->calls,
             board->failed ? "" : " (not reached)");
    t->tried++;
    see_to_service(when, f->kind);
    CHECK(took < PATIENCE_S * 1000, "%s: %ld ms", when, took);
    again(j, when, judge(j, when, f->kind, status, t));
    see_to_service(when, NTH_NONE);
    long count = j->count ? j->count(&sc) : 1;
    CHECK(count == 1, "%s: in the end it is there %ld times", when, count);
}

/* How often does it call each function while all is well? */
static void count_calls(const struct journey *j, enum nth_kind kind, uint64_t calls[NTH_NAMES]) {
    sc.turn++;
    if (j->prepare) j->prepare(&sc);
    arm(kind, 0, 0);
    long status = act(j);
    disarm();
    for (size_t i = 0; i < NTH_NAMES; i++)
        calls[i] = board->names[i].calls;
    CHECK(is_good(status), "%s: answered %ld while nothing fails", j->name, status);
    long count = j->count ? j->count(&sc) : 1;
    CHECK(count == 1, "%s: it is there %ld times", j->name, count);
}

/* ---- all of them ---- */

/* One of each of `sample` equal pieces of 1 to calls. */
static uint64_t nth_of_sample(uint64_t calls, uint64_t i, uint64_t sample) {
    static uint32_t chance = 20260220;
    uint64_t from = calls * i / sample, to = calls * (i + 1) / sample;
    chance = chance * 1664525u + 1013904223u;
    return from + 1 + (chance >> 8) % (to - from);
}

static void fail_each(const struct journey *j, enum nth_kind kind) {
    struct tally t = {.calls = 0};
    uint64_t calls[NTH_NAMES];
    const char *cycles = getenv("QUARTERDAY_TEST_CYCLES");
    count_calls(j, kind, calls);
    for (uint32_t i = 0; i < NTH_NAMES; i++) {
        uint64_t sample = cycles ? strtoul(cycles, NULL, 10) : 1;
        if (sample > calls[i]) sample = calls[i];
        t.calls += calls[i];
        for (uint64_t k = 0; k < sample && sc.s->pid > 0; k++) {
            struct fault_at f = {kind, i, nth_of_sample(calls[i], k, sample), calls[i]};
            fail_one(j, &f, &t);
        }
    }
    if (t.tried)
        printf(
            "\n    %-12s %-8s %5llu calls: %4u failed, of them %u done all the same, %u refused (503), %u unanswered, %u 500 ",
            j->name, KINDS[kind], (unsigned long long)t.calls, t.hit, t.good, t.refused, t.unanswered,
            t.other);
}

/* Each commit fails a kind in every other journey, so that each journey has half of the kinds; sanitizers, which are slow, in every fourth. */
static bool is_chosen(unsigned i, enum nth_kind kind) {
    const char *one = getenv("QUARTERDAY_TEST_JOURNEY");
    if (one) return strcmp(one, JOURNEYS[i].name) == 0;
    return getenv("QUARTERDAY_TEST_CYCLES") || (i + kind) % (SANITIZED ? 4 : 2) == 0;
}

static void all_journeys(enum nth_kind kind) {
    unsigned before = service_open_files(sc.s), after = 0;
    for (unsigned i = 0; i < JOURNEY_COUNT; i++)
        if (is_chosen(i, kind)) fail_each(&JOURNEYS[i], kind);
    client_forget();
    for (long until = now_ms() + SETTLES_MS; now_ms() < until; nap_us(20000)) {
        after = service_open_files(sc.s);
        if (after <= before + FILES_MORE) break;
    }
    printf("\n    %u files open before, %u after ", before, after);
    CHECK(after <= before + FILES_MORE, "files are closed again: %u before, %u after", before, after);
}

#define X(id, name, meaning)                                                                                 \
    static void fail_##id(void) {                                                                            \
        all_journeys(NTH_##id);                                                                              \
    }
NTH_KINDS(X)
#undef X

void suite_torture_nth(void) {
#define X(id, name, meaning)                                                                                 \
    if (!SANITIZED || NTH_##id != NTH_MEMORY) {                                                              \
        suite_add("torture_nth_" name, begin, end);                                                          \
        case_add("the n-th call fails: " meaning, fail_##id);                                                \
    }
    NTH_KINDS(X)
#undef X
}
