/* key_format: how an API key is written: qd_<env>_<id>_<secret><checksum>. Pure; nothing is looked up here.
 *
 *     qd_live_ab2cdefg3h_<43 of base64url: 256 random bits><6 of base62: CRC-32 of everything before it>
 *
 * The prefix lets secret scanners find keys, the checksum finds typos before any lookup, the id names the key
 * in logs and audit. */
#ifndef QD_BASE_KEY_FORMAT_H
#define QD_BASE_KEY_FORMAT_H

#include "base/hash.h"

enum { KEY_ID_LENGTH = 10, KEY_SECRET_LENGTH = 43, KEY_CHECK_LENGTH = 6 };
enum {
    KEY_TEXT = 3 + 6 + 1 + KEY_ID_LENGTH + 1 + KEY_SECRET_LENGTH + KEY_CHECK_LENGTH + 1
}; /* with the NUL, env `sample` */

struct key_parts {
    bool sample; /* env is `sample`, not `live` */
    str id;
    uint8_t secret_sha256[SHA256_BYTES];
};
/* False when it is not written like a key, or its checksum is wrong. The id points into the credential. */
bool key_parse(str credential, struct key_parts *out);

/* The key that a connection showed last, with its digest, which is most of the work of reading it: who asks again and again over one connection
 * shows the same one. It holds a secret: key_forget() before its memory goes. Zeroed: none yet. */
struct key_seen {
    size_t n;
    char text[KEY_TEXT];
    struct key_parts parts; /* the id points into the text */
};
/* As key_parse(), and the same answer for the same credential, always; *out's id points into the credential or into what was seen. */
bool key_parse_again(struct key_seen *seen, str credential, struct key_parts *out);
void key_forget(struct key_seen *seen);

/* A new key from random bytes: its text, which is shown once and kept nowhere. key_parse() gives what is
 * stored. */
char *key_make(bool sample, char out[KEY_TEXT]);

#endif
