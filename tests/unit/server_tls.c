/* server_tls: which certificates and key files the server starts with, and what a reload takes. */
#include "server/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/certificate.h"
#include "tests/support/suite.h"

static char dir[64], cert[96], key[96], other_key[96];

static int begin(void) {
    snprintf(dir, sizeof dir, "/tmp/quarterday-tls-XXXXXX");
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
    return rmdir(dir);
}

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

void suite_server_tls(void) {
    suite_add("server_tls", begin, end);
    case_add("certificates are judged at the start", judges_certificates);
    case_add("so are the files", judges_files);
    case_add("a reload replaces only by something good", reloads);
}
