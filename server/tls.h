/* tls: the certificate and key of the server, checked when they are read, replaced without a restart. */
#ifndef QD_SERVER_TLS_H
#define QD_SERVER_TLS_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "base/err.h"

/* TLS 1.3 and 1.2, forward secrecy, authenticated ciphers; GnuTLS's default would accept TLS 1.0 with CBC. */
extern const char TLS_PRIORITIES[];

struct tls;

/* Reads and judges both files; the fault says what to do. */
enum err tls_new(const char *cert_file, const char *key_file, struct fault *fault, struct tls **out);
/* Reads them again. On failure those in force stay in force. */
enum err tls_reload(struct tls *tls, struct fault *fault);
/* What GnuTLS's retrieve callback must fill, for one handshake. Any thread. */
int tls_give(struct tls *tls, gnutls_pcert_st **chain, unsigned *chain_length, gnutls_privkey_t *key);
void tls_free(struct tls *tls);

#endif
