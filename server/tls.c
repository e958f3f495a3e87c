/* tls: owns the key material. A handshake keeps pointers into the bundle that it was given, so a replaced bundle lives on
 * for longer than any handshake may take and goes at a later reload.
 *
 * Must not be lenient: a key that others can read, an expired certificate or a pair that does not fit stops the start, since
 * each of them would otherwise be found out by somebody else. */
#include "server/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

const char TLS_PRIORITIES[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:"
    "+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE";

enum { CHAIN_MAX = 8, FILE_MAX = 1 << 20, RETIRED_SECONDS = 60, RSA_BITS_MIN = 2048 };

struct bundle {
    struct bundle *older;
    time_t retired_at;
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned length;
    gnutls_privkey_t key;
};

struct tls {
    char *cert_file, *key_file;
    pthread_mutex_t lock;
    struct bundle *current; /* its older ones are retired */
};

static void bundle_free(struct bundle *b) {
    for (unsigned i = 0; i < b->length; i++)
        gnutls_pcert_deinit(&b->chain[i]);
    if (b->key) gnutls_privkey_deinit(b->key);
    free(b);
}

/* ---- files ---- */

struct file {
    unsigned char *bytes;
    size_t n;
};

static void file_forget(struct file *f) {
    if (f->bytes) explicit_bzero(f->bytes, f->n);
    free(f->bytes);
    *f = (struct file){NULL, 0};
}

static enum err read_fd(int fd, const char *path, struct fault *fault, struct file *out) {
    struct file f = {must_alloc(FILE_MAX), 0};
    ssize_t n;
    while (f.n < FILE_MAX && (n = read(fd, f.bytes + f.n, FILE_MAX - f.n)) != 0) {
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            file_forget(&f);
            return fail(fault, ERR_UNAVAILABLE, "Cannot read %s: %s", path, strerror(errno));
        }
        f.n += (size_t)n;
    }
    *out = f;
    return OK;
}

static enum err read_file(const char *path, bool secret, struct fault *fault, struct file *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail(fault, ERR_UNAVAILABLE, "Cannot open %s: %s", path, strerror(errno));
    struct stat info;
    enum err e = OK;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        e = fail(fault, ERR_UNAVAILABLE, "%s is not a file", path);
    else if (secret && (info.st_mode & (S_IRWXO | S_IWGRP)))
        e = fail(fault, ERR_UNAVAILABLE, "The key file %s can be read by others (mode %03o): chmod 600 %s",
                 path, (unsigned)info.st_mode & 0777u, path);
    if (!e) e = read_fd(fd, path, fault, out);
    close(fd);
    return e;
}

/* ---- judgement ---- */

static enum err judge_dates(gnutls_x509_crt_t crt, const char *path, struct fault *fault) {
    time_t now = time(NULL), from = gnutls_x509_crt_get_activation_time(crt),
           to = gnutls_x509_crt_get_expiration_time(crt);
    struct tm day;
    char text[16] = "";
    if (now > to) {
        if (gmtime_r(&to, &day)) strftime(text, sizeof text, "%Y-%m-%d", &day);
        return fail(fault, ERR_UNAVAILABLE, "The certificate %s expired on %s: install a new one", path,
                    text);
    }
    if (now + 60 < from) { /* a minute for clocks that differ */
        if (gmtime_r(&from, &day)) strftime(text, sizeof text, "%Y-%m-%d", &day);
        return fail(fault, ERR_UNAVAILABLE, "The certificate %s is valid from %s only: is the clock right?",
                    path, text);
    }
    return OK;
}

/* Some curves that certtool makes by itself are unknown to TLS 1.3, where they only show as failed handshakes. */
static enum err judge_key_kind(gnutls_x509_crt_t crt, const char *path, struct fault *fault) {
    unsigned bits = 0;
    int kind = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
    if (kind == GNUTLS_PK_EDDSA_ED25519) return OK;
    if ((kind == GNUTLS_PK_RSA || kind == GNUTLS_PK_RSA_PSS) && bits >= RSA_BITS_MIN) return OK;
    gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
    if (kind == GNUTLS_PK_ECDSA && gnutls_x509_crt_get_pk_ecc_raw(crt, &curve, NULL, NULL) >= 0 &&
        (curve == GNUTLS_ECC_CURVE_SECP256R1 || curve == GNUTLS_ECC_CURVE_SECP384R1 ||
         curve == GNUTLS_ECC_CURVE_SECP521R1))
        return OK;
    return fail(
        fault, ERR_UNAVAILABLE,
        "The certificate %s has a key that TLS 1.3 clients refuse: make one with ECDSA on secp256r1, Ed25519 or RSA of %d bits",
        path, RSA_BITS_MIN);
}

static enum err judge_pair(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const struct tls *tls,
                           struct fault *fault) {
    unsigned char of_crt[64], of_key[64];
    size_t n = sizeof of_crt, k = sizeof of_key;
    if (gnutls_x509_crt_get_key_id(crt, 0, of_crt, &n) < 0 ||
        gnutls_x509_privkey_get_key_id(key, 0, of_key, &k) < 0 || n != k || memcmp(of_crt, of_key, n) != 0)
        return fail(fault, ERR_UNAVAILABLE, "The key %s does not belong to the certificate %s", tls->key_file,
                    tls->cert_file);
    return OK;
}

/* ---- loading ---- */

static enum err take_key(struct bundle *b, gnutls_x509_crt_t leaf, const struct tls *tls,
                         struct fault *fault) {
    struct file f = {NULL, 0};
    enum err e = read_file(tls->key_file, true, fault, &f);
    if (e) return e;
    gnutls_x509_privkey_t key = NULL;
    gnutls_datum_t pem = {f.bytes, (unsigned)f.n};
    int rc = gnutls_x509_privkey_init(&key);
    if (rc >= 0) rc = gnutls_x509_privkey_import2(key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    file_forget(&f);
    if (rc < 0)
        e = fail(fault, ERR_UNAVAILABLE, "The key %s is not a PEM key without password: %s", tls->key_file,
                 gnutls_strerror(rc));
    else e = judge_pair(leaf, key, tls, fault);
    if (!e && (gnutls_privkey_init(&b->key) < 0 ||
               gnutls_privkey_import_x509(b->key, key, GNUTLS_PRIVKEY_IMPORT_COPY) < 0))
        e = fail(fault, ERR_UNAVAILABLE, "The key %s cannot be used by GnuTLS", tls->key_file);
    if (key) gnutls_x509_privkey_deinit(key);
    return e;
}

static enum err take_chain(struct bundle *b, gnutls_x509_crt_t *chain, unsigned n, const struct tls *tls,
                           struct fault *fault) {
    enum err e = judge_dates(chain[0], tls->cert_file, fault);
    if (!e) e = judge_key_kind(chain[0], tls->cert_file, fault);
    for (unsigned i = 0; !e && i < n; i++) {
        if (gnutls_pcert_import_x509(&b->chain[i], chain[i], 0) < 0)
            e = fail(fault, ERR_UNAVAILABLE, "The certificate %s cannot be used by GnuTLS", tls->cert_file);
        else b->length++;
    }
    return e ? e : take_key(b, chain[0], tls, fault);
}

static enum err load(const struct tls *tls, struct fault *fault, struct bundle **out) {
    struct file f = {NULL, 0};
    enum err e = read_file(tls->cert_file, false, fault, &f);
    if (e) return e;
    gnutls_x509_crt_t chain[CHAIN_MAX];
    unsigned n = CHAIN_MAX;
    gnutls_datum_t pem = {f.bytes, (unsigned)f.n};
    int rc = gnutls_x509_crt_list_import(chain, &n, &pem, GNUTLS_X509_FMT_PEM,
                                         GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
    file_forget(&f);
    if (rc < 1)
        return fail(fault, ERR_UNAVAILABLE,
                    "The certificate %s is not a PEM chain of at most %d certificates: %s", tls->cert_file,
                    CHAIN_MAX, gnutls_strerror(rc));
    struct bundle *b = must_calloc(1, sizeof *b);
    e = take_chain(b, chain, (unsigned)rc, tls, fault);
    for (int i = 0; i < rc; i++)
        gnutls_x509_crt_deinit(chain[i]);
    if (e) bundle_free(b);
    else *out = b;
    return e;
}

enum err tls_new(const char *cert_file, const char *key_file, struct fault *fault, struct tls **out) {
    if (!cert_file || !key_file) return fail(fault, ERR_UNAVAILABLE, "A certificate and a key are needed");
    struct tls *tls = must_calloc(1, sizeof *tls);
    tls->cert_file = must_strdup(cert_file);
    tls->key_file = must_strdup(key_file);
    pthread_mutex_init(&tls->lock, NULL);
    enum err e = load(tls, fault, &tls->current);
    if (e) tls_free(tls);
    else *out = tls;
    return e;
}

static void drop_long_retired(struct bundle *current, time_t now) {
    for (struct bundle **at = &current->older; *at;) {
        struct bundle *b = *at;
        if (now - b->retired_at <= RETIRED_SECONDS) {
            at = &b->older;
            continue;
        }
        *at = b->older;
        bundle_free(b);
    }
}

enum err tls_reload(struct tls *tls, struct fault *fault) {
    struct bundle *fresh = NULL;
    enum err e = load(tls, fault, &fresh);
    if (e) return e;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&tls->lock);
    tls->current->retired_at = now.tv_sec;
    fresh->older = tls->current;
    tls->current = fresh;
    drop_long_retired(fresh, now.tv_sec);
    pthread_mutex_unlock(&tls->lock);
    return OK;
}

int tls_give(struct tls *tls, gnutls_pcert_st **chain, unsigned *chain_length, gnutls_privkey_t *key) {
    pthread_mutex_lock(&tls->lock);
    struct bundle *b = tls->current;
    pthread_mutex_unlock(&tls->lock);
    *chain = b->chain;
    *chain_length = b->length;
    *key = b->key;
    return 0;
}

void tls_free(struct tls *tls) {
    while (tls->current) {
        struct bundle *older = tls->current->older;
        bundle_free(tls->current);
        tls->current = older;
    }
    pthread_mutex_destroy(&tls->lock);
    free(tls->cert_file);
    free(tls->key_file);
    free(tls);
}
