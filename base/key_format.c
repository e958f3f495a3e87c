/* key_format: see the header. The secret may hold '_' (base64url), so a key is cut by lengths, not by
 * separators. */
#include "base/key_format.h"

#include <stdio.h>

static const char BASE32[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char BASE62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char BASE64URL[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static bool is_base32(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
}

static bool is_base64url(char c) {
    return ascii_is_alnum(c) || c == '-' || c == '_';
}

static bool all_of(str s, bool (*belongs)(char)) {
    for (size_t i = 0; i < s.n; i++)
        if (!belongs(s.p[i])) return false;
    return true;
}

static void write_check(str before, char out[KEY_CHECK_LENGTH]) {
    uint32_t crc = crc32_of(before);
    for (int i = KEY_CHECK_LENGTH - 1; i >= 0; i--) {
        out[i] = BASE62[crc % 62];
        crc /= 62;
    }
}

bool key_parse(str credential, struct key_parts *out) {
    const str live = STR("qd_live_"), sample = STR("qd_sample_");
    bool is_sample = str_starts_with(credential, sample);
    if (!is_sample && !str_starts_with(credential, live)) return false;
    size_t prefix = is_sample ? sample.n : live.n;
    if (credential.n != prefix + KEY_ID_LENGTH + 1 + KEY_SECRET_LENGTH + KEY_CHECK_LENGTH) return false;
    str id = str_sub(credential, prefix, prefix + KEY_ID_LENGTH);
    size_t begin = prefix + KEY_ID_LENGTH + 1, end = begin + KEY_SECRET_LENGTH;
    str secret = str_sub(credential, begin, end);
    if (credential.p[begin - 1] != '_' || !all_of(id, is_base32) || !all_of(secret, is_base64url))
        return false;
    char check[KEY_CHECK_LENGTH];
    write_check(str_sub(credential, 0, end), check);
    if (memcmp(check, credential.p + end, sizeof check) != 0) return false;
    out->sample = is_sample;
    out->id = id;
    sha256_of(secret, out->secret_sha256);
    return true;
}

/* How much of it is right does not show in the time. */
static bool is_seen(const struct key_seen *seen, str credential) {
    return seen->n && seen->n == credential.n && secret_eq(seen->text, credential.p, credential.n);
}

bool key_parse_again(struct key_seen *seen, str credential, struct key_parts *out) {
    if (is_seen(seen, credential)) {
        *out = seen->parts;
        return true;
    }
    if (!key_parse(credential, out)) return false;
    key_forget(seen);
    if (credential.n > sizeof seen->text) return true;
    memcpy(seen->text, credential.p, credential.n);
    seen->n = credential.n;
    seen->parts = *out;
    seen->parts.id.p = seen->text + (out->id.p - credential.p);
    return true;
}

void key_forget(struct key_seen *seen) {
    explicit_bzero(seen, sizeof *seen);
}

/* 32 bytes as 43 characters, without padding; the last one carries 4 bits. */
static void write_base64url(const uint8_t bytes[32], char out[KEY_SECRET_LENGTH]) {
    uint32_t bits = 0;
    unsigned held = 0;
    size_t n = 0;
    for (size_t i = 0; i < 32; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            out[n++] = BASE64URL[bits >> (held - 6) & 63];
    }
    out[n] = BASE64URL[bits << (6 - held) & 63];
}

char *key_make(bool sample, char out[KEY_TEXT]) {
    uint8_t id[KEY_ID_LENGTH], secret[32];
    random_bytes(id, sizeof id);
    random_bytes(secret, sizeof secret);
    int n = snprintf(out, KEY_TEXT, "qd_%s_", sample ? "sample" : "live");
    char *p = out + n;
    for (size_t i = 0; i < sizeof id; i++)
        *p++ = BASE32[id[i] % 32];
    *p++ = '_';
    write_base64url(secret, p);
    p += KEY_SECRET_LENGTH;
    write_check((str){out, (size_t)(p - out)}, p);
    p[KEY_CHECK_LENGTH] = '\0';
    explicit_bzero(secret, sizeof secret);
    return out;
}
