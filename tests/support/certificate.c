/* certificate: by GnuTLS itself; needs no certtool and no child process. */
#include "tests/support/certificate.h"

#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"

static bool write_file(const char *path, const void *bytes, size_t n) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool done = write(fd, bytes, n) == (ssize_t)n && fchmod(fd, 0600) == 0;
    return close(fd) == 0 && done;
}

static int generate(gnutls_x509_privkey_t key, enum certificate_kind kind) {
    if (kind == CERTIFICATE_SHORT_RSA) return gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, 1024, 0);
    unsigned curve = kind == CERTIFICATE_ODD_CURVE ? GNUTLS_ECC_CURVE_SECP224R1 : GNUTLS_ECC_CURVE_SECP256R1;
    return gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(curve), 0);
}

static bool sign(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, enum certificate_kind kind) {
    enum { DAY = 86400 };
    time_t now = time(NULL);
    time_t from = kind == CERTIFICATE_FUTURE ? now + DAY : now - 2 * DAY,
           to = kind == CERTIFICATE_EXPIRED ? now - DAY : now + 9 * DAY;
    unsigned char serial[8];
    random_bytes(serial, sizeof serial);
    serial[0] = (unsigned char)((serial[0] & 0x7f) | 1); /* positive */
    return gnutls_x509_crt_set_version(crt, 3) >= 0 &&
           gnutls_x509_crt_set_serial(crt, serial, sizeof serial) >= 0 &&
           gnutls_x509_crt_set_activation_time(crt, from) >= 0 &&
           gnutls_x509_crt_set_expiration_time(crt, to) >= 0 &&
           gnutls_x509_crt_set_dn(crt, "CN=localhost", NULL) >= 0 && gnutls_x509_crt_set_key(crt, key) >= 0 &&
           gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, "localhost", 9, GNUTLS_FSAN_SET) >=
               0 &&
           gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) >= 0;
}

static bool export(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *cert_file,
                   const char *key_file) {
    char pem[8192];
    size_t n = sizeof pem;
    if (gnutls_x509_crt_export(crt, GNUTLS_X509_FMT_PEM, pem, &n) < 0 || !write_file(cert_file, pem, n))
        return false;
    n = sizeof pem;
    return gnutls_x509_privkey_export(key, GNUTLS_X509_FMT_PEM, pem, &n) >= 0 && write_file(key_file, pem, n);
}

bool certificate_make(const char *cert_file, const char *key_file, enum certificate_kind kind) {
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t crt = NULL;
    bool done = gnutls_x509_privkey_init(&key) >= 0 && gnutls_x509_crt_init(&crt) >= 0 &&
                generate(key, kind) >= 0 && sign(crt, key, kind) && export(crt, key, cert_file, key_file);
    if (crt) gnutls_x509_crt_deinit(crt);
    if (key) gnutls_x509_privkey_deinit(key);
    return done;
}
