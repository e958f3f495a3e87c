/* certificate: self-signed certificates of every good and bad kind, for tests. */
#ifndef QD_TESTS_CERTIFICATE_H
#define QD_TESTS_CERTIFICATE_H

#include <stdbool.h>

enum certificate_kind {
    CERTIFICATE_GOOD,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_FUTURE,
    CERTIFICATE_ODD_CURVE,
    CERTIFICATE_SHORT_RSA
};

/* Writes two PEM files; the key's mode is 0600. False when GnuTLS or the disk fails. */
bool certificate_make(const char *cert_file, const char *key_file, enum certificate_kind kind);

#endif
