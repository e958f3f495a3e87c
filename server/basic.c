/* basic: decoded by GnuTLS; the decoded bytes are wiped, but for the password that is handed on. */
#include "server/basic.h"

#include <gnutls/gnutls.h>
#include <string.h>

enum { CREDENTIAL_MAX = 1024 };

static str password_of(struct arena *arena, const gnutls_datum_t *plain) {
    str rest = {(const char *)plain->data, plain->size};
    str_cut(&rest, ':');
    if (!rest.p || memchr(rest.p, '\0', rest.n)) return STR_NONE;
    return arena_str(arena, rest);
}

str basic_password(struct arena *arena, str credential) {
    gnutls_datum_t plain = {NULL, 0};
    if (!credential.n || credential.n > CREDENTIAL_MAX) return STR_NONE;
    gnutls_datum_t coded = {(unsigned char *)(uintptr_t)credential.p, (unsigned)credential.n};
    if (gnutls_base64_decode2(&coded, &plain) != GNUTLS_E_SUCCESS) return STR_NONE;
    str password = password_of(arena, &plain);
    gnutls_memset(plain.data, 0, plain.size);
    gnutls_free(plain.data);
    return password;
}
