/* server_spool: bodies in memory, on disk, at the cap, on a disk that is full; crews; certificates. */
#include "server/spool.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "server/crew.h"
#include "server/tls.h"
#include "tests/support/certificate.h"
#include "tests/support/suite.h"

static char dir[64], cert[96], key[96], other_key[96];

static int begin(void) {
    snprintf(dir, sizeof dir, "/tmp/quarterday-spool-XXXXXX");
    if (!mkdtemp(dir)) return 1;
    snprintf(cert, sizeof cert, "%s/cert.pem", dir);
    snprintf(key, sizeof key, "%s/key.pem", dir);
    snprintf(other_key, sizeof other_key, "%s/other.pem", dir);
    return 0;
}

static int end(void) {
    unlink(cert);
    unlink(key);
    unlink(other_key);
    return rmdir(dir); /* fails when a spool left a file behind */
}

/* ---- spool ---- */

static unsigned char byte_at(size_t i) {
    return (unsigned char)(i * 131 + i / 251);
}

static void keeps_bytes(void) {
    static const struct {
        const char *label;
        size_t total, piece;
        bool on_disk;
    } CASES[] = {
        {"nothing", 0, 1, false},
        {"one byte", 1, 1, false},
        {"exactly what memory takes", SPOOL_MEMORY_MAX, 1000, false},
        {"one byte more", SPOOL_MEMORY_MAX + 1, 1000, true},
        {"at once to disk", 3 * SPOOL_MEMORY_MAX, 3 * SPOOL_MEMORY_MAX, true},
        {"many pieces", 1 << 20, 8192, true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct spool s;
        spool_begin(&s, dir, 1 << 20);
        unsigned char *bytes = must_alloc(CASES[i].total);
        for (size_t k = 0; k < CASES[i].total; k++)
            bytes[k] = byte_at(k);
        enum err e = OK;
        for (size_t at = 0; !e && at < CASES[i].total; at += CASES[i].piece) {
            size_t left = CASES[i].total - at;
            e = spool_add(&s, bytes + at, left < CASES[i].piece ? left : CASES[i].piece, NULL);
        }
        str view = STR_NONE;
        CHECK(e == OK && spool_view(&s, NULL, &view) == OK, "%s: accepted", CASES[i].label);
        CHECK(view.n == CASES[i].total && (!view.n || memcmp(view.p, bytes, view.n) == 0),
              "%s: the same %zu bytes", CASES[i].label, view.n);
        CHECK((s.fd >= 0) == CASES[i].on_disk, "%s: %s", CASES[i].label,
              CASES[i].on_disk ? "on disk" : "in memory");
        spool_free(&s);
        free(bytes);
    }
}

static void refuses_more(void) {
    struct spool s;
    struct fault f = {0};
    char bytes[100] = {0};
    spool_begin(&s, dir, 150);
    CHECK(spool_add(&s, bytes, 100, &f) == OK && spool_add(&s, bytes, 50, &f) == OK, "up to the cap");
    CHECK(spool_add(&s, bytes, 1, &f) == ERR_BODY_TOO_LARGE && strstr(f.detail, "150"), "a byte more: %s",
          f.detail);
    spool_free(&s);
    spool_begin(&s, dir, SIZE_MAX);
    s.length = SIZE_MAX - 5;
    CHECK(spool_add(&s, bytes, 10, &f) == ERR_BODY_TOO_LARGE, "no wrap around");
    s.length = 0;
    spool_free(&s);
}

static void tells_of_bad_disks(void) {
    static char many[SPOOL_MEMORY_MAX + 1];
    struct spool s;
    struct fault f = {0};
    spool_begin(&s, "/nonexistent/quarterday", sizeof many);
    CHECK(spool_add(&s, many, sizeof many, &f) == ERR_UNAVAILABLE &&
              strstr(f.detail, "/nonexistent/quarterday"),
          "no such folder: %s", f.detail);
    spool_free(&s);
    spool_begin(&s, dir, 10u << 20);
    CHECK(spool_add(&s, many, sizeof many, &f) == OK && s.fd >= 0, "a file");
    int full = fileno(fopen("/dev/full", "we"));
    dup2(full, s.fd); /* the disk fills up */
    close(full);
    CHECK(spool_add(&s, many, sizeof many, &f) == ERR_UNAVAILABLE && strstr(f.detail, "No space left"),
          "a full disk: %s", f.detail);
    spool_free(&s);
}

/* ---- crew ---- */

struct task {
    struct job job;
    atomic_int *log; /* counts runs; refused ones count 1000 */
    long nap_ms;
};

static void run_task(struct job *job, void *worker, bool refused) {
    struct task *t = (struct task *)job;
    struct timespec nap = {0, t->nap_ms * 1000000};
    if (!refused && t->nap_ms) nanosleep(&nap, NULL);
    atomic_fetch_add(t->log, refused ? 1000 : *(int *)worker);
}

static int ONE = 1;
static atomic_int begun, ended;

static void *begin_worker(void *context) {
    atomic_fetch_add(&begun, 1);
    return context;
}

static void end_worker(void *worker) {
    (void)worker;
    atomic_fetch_add(&ended, 1);
}

static void works(void) {
    enum { TASKS = 200 };
    static struct task tasks[TASKS];
    atomic_int log = 0;
    struct crew *crew = NULL;
    struct crew_settings settings = {"test", 3, TASKS, 10000, begin_worker, end_worker, &ONE};
    atomic_store(&begun, 0);
    atomic_store(&ended, 0);
    CHECK(crew_start(&settings, NULL, &crew) == OK, "starts");
    for (size_t i = 0; i < TASKS; i++) {
        tasks[i] = (struct task){.job.run = run_task, .log = &log};
        if (crew_reserve(crew)) crew_push(crew, &tasks[i].job);
    }
    for (int i = 0; i < 500 && atomic_load(&log) < TASKS; i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    CHECK(atomic_load(&log) == TASKS, "each job runs once: %d", atomic_load(&log));
    crew_stop(crew);
    CHECK(!crew_reserve(crew), "after the stop there is no place");
    crew_free(crew);
    CHECK(atomic_load(&begun) == 3 && atomic_load(&ended) == 3, "each worker began and ended: %d, %d",
          atomic_load(&begun), atomic_load(&ended));
}

static void is_bounded(void) {
    static struct task tasks[8];
    atomic_int log = 0;
    struct crew *crew = NULL;
    struct crew_settings settings = {"test", 1, 2, 10000, begin_worker, end_worker, &ONE};
    CHECK(crew_start(&settings, NULL, &crew) == OK, "starts");
    unsigned taken = 0;
    for (size_t i = 0; i < 8; i++) {
        tasks[i] = (struct task){.job.run = run_task, .log = &log, .nap_ms = 300};
        if (!crew_reserve(crew)) continue;
        taken++;
        crew_push(crew, &tasks[i].job);
    }
    CHECK(taken == 2 || taken == 3, "two wait, perhaps one runs already: %u", taken);
    crew_stop(crew);
    crew_free(crew);
    int result = atomic_load(&log);
    CHECK(result / 1000 + result % 1000 == (int)taken && result >= 1000,
          "what ran, ran; what waited was refused: %d of %u", result, taken);
}

static void loses_patience(void) {
    static struct task tasks[2];
    atomic_int log = 0;
    struct crew *crew = NULL;
    struct crew_settings settings = {"test", 1, 4, 50, begin_worker, end_worker, &ONE};
    CHECK(crew_start(&settings, NULL, &crew) == OK, "starts");
    for (size_t i = 0; i < 2; i++) {
        tasks[i] = (struct task){.job.run = run_task, .log = &log, .nap_ms = 200};
        if (crew_reserve(crew)) crew_push(crew, &tasks[i].job);
        nanosleep(&(struct timespec){0, 20000000}, NULL);
    }
    for (int i = 0; i < 200 && atomic_load(&log) < 1001; i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    CHECK(atomic_load(&log) == 1001, "the second waited too long: %d", atomic_load(&log));
    crew_stop(crew);
    crew_free(crew);
}

/* ---- certificates ---- */

static void judges_certificates(void) {
    static const struct {
        const char *label;
        enum certificate_kind kind;
        const char *words; /* NULL: accepted */
    } CASES[] = {
        {"a good pair", CERTIFICATE_GOOD, NULL},
        {"an expired certificate", CERTIFICATE_EXPIRED, "expired on 20"},
        {"a certificate of tomorrow", CERTIFICATE_FUTURE, "valid from 20"},
        {"a curve that TLS 1.3 does not know", CERTIFICATE_ODD_CURVE, "secp256r1"},
        {"a short RSA key", CERTIFICATE_SHORT_RSA, "2048"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct tls *tls = NULL;
        struct fault f = {0};
        if (!certificate_make(cert, key, CASES[i].kind)) {
            CHECK(CASES[i].kind == CERTIFICATE_ODD_CURVE || CASES[i].kind == CERTIFICATE_SHORT_RSA,
                  "%s: cannot be made here", CASES[i].label);
            continue;
        }
        enum err e = tls_new(cert, key, &f, &tls);
        if (!CASES[i].words) CHECK(e == OK, "%s: %s", CASES[i].label, f.detail);
        else CHECK(e != OK && strstr(f.detail, CASES[i].words), "%s: %s", CASES[i].label, f.detail);
        if (!e) tls_free(tls);
    }
}

static void judges_files(void) {
    struct tls *tls = NULL;
    struct fault f = {0};
    CHECK(certificate_make(cert, other_key, CERTIFICATE_GOOD) &&
              certificate_make(cert, key, CERTIFICATE_GOOD),
          "two pairs");
    CHECK(tls_new(cert, other_key, &f, &tls) != OK && strstr(f.detail, "does not belong"),
          "a key of another certificate: %s", f.detail);
    CHECK(tls_new(cert, "/nonexistent", &f, &tls) != OK && strstr(f.detail, "/nonexistent"), "no file: %s",
          f.detail);
    CHECK(tls_new(cert, dir, &f, &tls) != OK && strstr(f.detail, "not a file"), "a folder: %s", f.detail);
    CHECK(tls_new(cert, cert, &f, &tls) != OK && strstr(f.detail, "not a PEM key"),
          "a certificate for a key: %s", f.detail);
    CHECK(tls_new(key, key, &f, &tls) != OK && strstr(f.detail, "not a PEM chain"),
          "a key for a certificate: %s", f.detail);
    CHECK(tls_new(NULL, NULL, &f, &tls) != OK, "nothing");
    static const struct {
        mode_t mode;
        bool accepted;
    } MODES[] = {{0400, true},  {0600, true},  {0640, true}, {0644, false},
                 {0604, false}, {0660, false}, {0601, false}};
    for (size_t i = 0; i < sizeof MODES / sizeof *MODES; i++) {
        chmod(key, MODES[i].mode);
        enum err e = tls_new(cert, key, &f, &tls);
        CHECK((e == OK) == MODES[i].accepted, "mode %03o: %s", (unsigned)MODES[i].mode, f.detail);
        if (e)
            CHECK(strstr(f.detail, "chmod 600"), "mode %03o says what to do: %s", (unsigned)MODES[i].mode,
                  f.detail);
        else tls_free(tls);
    }
    chmod(key, 0600);
}

static void reloads(void) {
    struct tls *tls = NULL;
    struct fault f = {0};
    CHECK(certificate_make(cert, key, CERTIFICATE_GOOD) && tls_new(cert, key, &f, &tls) == OK, "starts: %s",
          f.detail);
    gnutls_pcert_st *before, *after;
    unsigned n;
    gnutls_privkey_t k;
    tls_give(tls, &before, &n, &k);
    CHECK(certificate_make(cert, key, CERTIFICATE_EXPIRED) && tls_reload(tls, &f) != OK,
          "an expired one is not taken");
    tls_give(tls, &after, &n, &k);
    CHECK(before == after && n == 1, "the old one stays in force");
    CHECK(certificate_make(cert, key, CERTIFICATE_GOOD) && tls_reload(tls, &f) == OK, "a good one is: %s",
          f.detail);
    tls_give(tls, &after, &n, &k);
    CHECK(before != after, "and is in force");
    CHECK(before[0].cert.size > 0 && before[0].cert.data[0] == 0x30,
          "the old one is still there for handshakes under way");
    tls_free(tls);
}

void suite_server_spool(void) {
    suite_add("server_spool", begin, end);
    case_add("a body is the same bytes, in memory or on disk", keeps_bytes);
    case_add("the cap is exact", refuses_more);
    case_add("a disk that fails is a 503 with the system's words", tells_of_bad_disks);
    case_add("a crew runs each job once", works);
    case_add("its queue is bounded, and empties when it stops", is_bounded);
    case_add("a job that waited too long is refused", loses_patience);
    case_add("certificates are judged at the start", judges_certificates);
    case_add("so are the files", judges_files);
    case_add("a reload replaces only by something good", reloads);
}
