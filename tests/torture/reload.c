/* SIGHUP under load: certificates are replaced again and again while clients ask over connections that stay open and others come anew. No
 * request is lost, the next handshake shows the new certificate, and one that is no good changes nothing but the log. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/certificate.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"
#include "tests/support/text_file.h"
#include "tests/support/tls_client.h"
#include "tests/torture/clock.h"
#include "tests/torture/crowd.h"

enum { KEPT = 3, CLIENTS = KEPT + 1, RELOADS = 8, EACH_COMMIT = 2000, NEVER_MS = 120000 };
#define REQUEST "GET /v1 HTTP/1.1\r\nHost: localhost\r\n\r\n"

static struct service *s;
static uint16_t port;
static char dir[64], cert[96], key[96];
static atomic_uint answered, lost, handshakes;
static atomic_bool go_on;

static int begin(void) {
    snprintf(dir, sizeof dir, "/tmp/quarterday-reload-XXXXXX");
    if (!mkdtemp(dir)) return 1;
    snprintf(cert, sizeof cert, "%s/cert.pem", dir);
    snprintf(key, sizeof key, "%s/key.pem", dir);
    if (!certificate_make(cert, key, CERTIFICATE_GOOD)) return 1;
    s = service_start(
        &(struct service_options){.extra_flags = {"--cert", cert, "--key", key, "--idle-seconds", "600"}});
    if (!s) return 1;
    port = (uint16_t)strtoul(strrchr(s->url, ':') + 1, NULL, 10);
    return 0;
}

static int end(void) {
    int status = s ? service_stop(s) : 1;
    unlink(cert);
    unlink(key);
    rmdir(dir);
    return status;
}

/* ---- clients ---- */

static bool ask_once(struct tls_client *c) {
    struct tls_answer a = {0};
    bool good = c && tls_send_text(c, REQUEST) && tls_receive(c, &a, NEVER_MS) && a.status == 200;
    tls_answer_free(&a);
    atomic_fetch_add(good ? &answered : &lost, 1);
    return good;
}

static void *ask_on(void *context) {
    bool is_kept = context != NULL;
    struct tls_client *c = NULL;
    for (bool good = true; good && atomic_load(&go_on); nap_us(200)) {
        if (!c) c = tls_connect(port), atomic_fetch_add(&handshakes, 1);
        good = ask_once(c);
        if (is_kept && good) continue;
        tls_close(c);
        c = NULL;
    }
    tls_close(c);
    return NULL;
}

/* ---- what is shown ---- */

static void shown_now(struct buf *out) {
    struct tls_client *c = tls_connect(port);
    buf_clear(out);
    if (c) buf_add_str(out, tls_certificate(c));
    tls_close(c);
}

static bool is_shown(const struct buf *before, struct buf *now) {
    for (long until = now_ms() + NEVER_MS; now_ms() < until; nap_us(10000)) {
        shown_now(now);
        if (now->n && !str_eq(buf_str(before), buf_str(now))) return true;
    }
    return false;
}

static unsigned log_lines(const char *words) {
    struct buf log = BUF_EMPTY;
    text_file_read(s->log_file, &log);
    unsigned n = 0;
    for (const char *at = log.n ? log.p : ""; (at = strstr(at, words)); at++)
        n++;
    buf_free(&log);
    return n;
}

static bool log_comes_to(const char *words, unsigned count) {
    for (long until = now_ms() + NEVER_MS; now_ms() < until; nap_us(10000))
        if (log_lines(words) >= count) return true;
    return false;
}

/* ---- cases ---- */

static void nothing_is_lost(void) {
    pthread_t clients[CLIENTS];
    struct buf before = BUF_EMPTY, now = BUF_EMPTY;
    unsigned wanted = torture_cycles(EACH_COMMIT, 1), reloads = 0;
    atomic_store(&go_on, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_create(&clients[i], NULL, ask_on, i < KEPT ? &clients[i] : NULL);
    shown_now(&before);
    while (atomic_load(&lost) == 0 && (reloads < RELOADS || atomic_load(&answered) < wanted)) {
        CHECK(certificate_make(cert, key, CERTIFICATE_GOOD) && kill(s->pid, SIGHUP) == 0, "a new pair");
        if (!is_shown(&before, &now)) break;
        reloads++;
        struct buf old = before;
        before = now;
        now = old;
    }
    atomic_store(&go_on, false);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i], NULL);
    CHECK(atomic_load(&lost) == 0, "%u requests were lost", atomic_load(&lost));
    CHECK(reloads >= RELOADS && atomic_load(&answered) >= wanted, "%u reloads are seen, %u requests answered",
          reloads, atomic_load(&answered));
    CHECK(log_comes_to("\"event\":\"certificate-reloaded\"", reloads), "each has its line in the log");
    printf("\n    %u requests, %u lost, over %u connections and %u reloads ", atomic_load(&answered),
           atomic_load(&lost), atomic_load(&handshakes), reloads);
    buf_free(&before);
    buf_free(&now);
}

/* Each leaves the files wrong in one way. */
static bool spoil_expired(void) {
    return certificate_make(cert, key, CERTIFICATE_EXPIRED);
}
static bool spoil_mode(void) {
    return certificate_make(cert, key, CERTIFICATE_GOOD) && chmod(key, 0644) == 0;
}
static bool spoil_pair(void) {
    char other[96];
    snprintf(other, sizeof other, "%s/other.pem", dir);
    bool done =
        certificate_make(cert, key, CERTIFICATE_GOOD) && certificate_make(cert, other, CERTIFICATE_GOOD);
    unlink(other);
    return done;
}
static bool spoil_text(void) {
    return certificate_make(cert, key, CERTIFICATE_GOOD) && truncate(cert, 100) == 0;
}
static bool spoil_by_removing(void) {
    return unlink(cert) == 0;
}

static void what_is_no_good_is_left_aside(void) {
    static const struct {
        const char *label;
        bool (*spoil)(void);
        const char *words;
    } CASES[] = {
        {"expired", spoil_expired, "expired on 20"},
        {"a key that others can read", spoil_mode, "can be read by others (mode 644)"},
        {"a key of another certificate", spoil_pair, "does not belong to the certificate"},
        {"half a file", spoil_text, "is not a PEM chain"},
        {"no file", spoil_by_removing, "Cannot open"},
    };
    struct buf good = BUF_EMPTY, now = BUF_EMPTY;
    struct tls_client *kept = tls_connect(port);
    shown_now(&good);
    for (unsigned i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        CHECK(CASES[i].spoil() && kill(s->pid, SIGHUP) == 0, "%s: made", CASES[i].label);
        CHECK(log_comes_to("\"event\":\"certificate-kept\"", i + 1), "%s: the log says that it is not taken",
              CASES[i].label);
        CHECK(log_lines(CASES[i].words) == 1, "%s: and why", CASES[i].label);
        shown_now(&now);
        CHECK(good.n && str_eq(buf_str(&good), buf_str(&now)), "%s: the good one stays in force",
              CASES[i].label);
        CHECK(ask_once(kept), "%s: a kept connection goes on", CASES[i].label);
    }
    CHECK(certificate_make(cert, key, CERTIFICATE_GOOD) && kill(s->pid, SIGHUP) == 0 && is_shown(&good, &now),
          "the next good one is taken");
    CHECK(ask_once(kept), "a kept connection still goes on");
    tls_close(kept);
    buf_free(&good);
    buf_free(&now);
}

void suite_torture_reload(void) {
    suite_add("torture_reload", begin, end);
    case_add("no request is lost while the certificate is replaced", nothing_is_lost);
    case_add("a bad certificate or key is left aside, and the log says why", what_is_no_good_is_left_aside);
}
