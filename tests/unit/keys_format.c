/* How keys are written: every typo is found before anything is looked up. */
#include <string.h>

#include "base/key_format.h"
#include "tests/support/suite.h"

/* Made once and kept: keys in the field must stay good whatever changes here. */
static const char LIVE[] = "qd_live_ab2cdefg3h_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh811KC7F";

static void made_and_read(void) {
    for (int i = 0; i < 1000; i++) {
        char text[KEY_TEXT], other[KEY_TEXT];
        struct key_parts parts, more;
        bool sample = i % 2;
        key_make(sample, text);
        CHECK(key_parse(str_of(text), &parts) && parts.sample == sample && parts.id.n == KEY_ID_LENGTH, "%s",
              text);
        key_make(sample, other);
        CHECK(key_parse(str_of(other), &more) && !str_eq(parts.id, more.id) &&
                  memcmp(parts.secret_sha256, more.secret_sha256, 32) != 0,
              "two keys share nothing");
    }
}

static void known_key(void) {
    struct key_parts parts;
    char hex[SHA256_HEX];
    uint8_t digest[SHA256_BYTES];
    CHECK(key_parse(str_of(LIVE), &parts) && !parts.sample && str_is(parts.id, "ab2cdefg3h"), "%s", LIVE);
    sha256_of(STR("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"), digest);
    CHECK(memcmp(parts.secret_sha256, digest, sizeof digest) == 0, "%s",
          hex_format(parts.secret_sha256, sizeof digest, hex));
}

static void typos(void) {
    struct key_parts parts;
    char text[sizeof LIVE];
    size_t accepted = 0;
    for (size_t at = 0; at < sizeof LIVE - 1; at++)
        for (const char *c = "aZ0_-=q \n\x7f\xc3"; *c; c++) {
            memcpy(text, LIVE, sizeof LIVE);
            if (text[at] == *c) continue;
            text[at] = *c;
            accepted += key_parse(str_of(text), &parts);
        }
    CHECK(accepted == 0, "%zu keys with one wrong character were accepted", accepted);
    for (size_t at = 0; at + 2 < sizeof LIVE; at++) {
        memcpy(text, LIVE, sizeof LIVE);
        if (text[at] == text[at + 1]) continue;
        text[at] = LIVE[at + 1];
        text[at + 1] = LIVE[at];
        accepted += key_parse(str_of(text), &parts);
    }
    CHECK(accepted == 0, "%zu keys with two characters swapped were accepted", accepted);
    for (size_t n = 0; n < sizeof LIVE - 1; n++)
        accepted += key_parse((str){LIVE, n}, &parts);
    CHECK(accepted == 0, "%zu keys that were cut were accepted", accepted);
}

static void strangers(void) {
    static const char *const LIST[] = {
        "",
        "qd_",
        "qd_live_",
        "qd_test_ab2cdefg3h_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8LVYsOL",
        "Bearer x",
        "qd_live_AB2CDEFG3H_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8000000",
        "qd_live_________________________________________________________________"};
    struct key_parts parts;
    for (size_t i = 0; i < sizeof LIST / sizeof LIST[0]; i++)
        CHECK(!key_parse(str_of(LIST[i]), &parts), "%s", LIST[i]);
    CHECK(!key_parse(STR_NONE, &parts), "nothing at all");
}

/* ---- over a connection ---- */

static bool parts_same(const struct key_parts *a, const struct key_parts *b) {
    return a->sample == b->sample && str_eq(a->id, b->id) &&
           memcmp(a->secret_sha256, b->secret_sha256, sizeof a->secret_sha256) == 0;
}

/* Whatever was seen before, it is read as by key_parse(). */
static void reads_the_same(struct key_seen *seen, str credential) {
    struct key_parts parts = {0}, again = {0};
    bool good = key_parse(credential, &parts);
    CHECK(key_parse_again(seen, credential, &again) == good && (!good || parts_same(&parts, &again)), "%.*s",
          STR_ARG(credential));
}

static void seen_again(void) {
    struct key_seen seen = {0};
    char keys[2][KEY_TEXT], text[KEY_TEXT];
    for (int round = 0; round < 20; round++) {
        key_make(round % 2, keys[0]);
        key_make(round % 3, keys[1]);
        reads_the_same(&seen, str_of(keys[0]));
        reads_the_same(&seen, str_of(keys[0]));
        reads_the_same(&seen, str_of(keys[1]));
        reads_the_same(&seen, str_of(keys[0]));
        for (size_t at = 0; keys[0][at]; at++) {
            memcpy(text, keys[0], sizeof text);
            text[at] ^= 1;
            reads_the_same(&seen, str_of(text));
            reads_the_same(&seen, (str){keys[0], at});
            reads_the_same(&seen, str_of(keys[0]));
        }
    }
    reads_the_same(&seen, STR_NONE);
    CHECK(str_eq((str){seen.text, seen.n}, str_of(keys[0])),
          "what is wrong does not take the place of a key");
    /* The credential's memory is the request's; what was seen outlives it. */
    struct key_parts again;
    memcpy(text, keys[0], sizeof text);
    key_forget(&seen);
    key_parse_again(&seen, str_of(text), &again);
    memset(text, 0, sizeof text);
    CHECK(key_parse_again(&seen, str_of(keys[0]), &again) &&
              str_eq(again.id, (str){keys[0] + (again.sample ? 10 : 8), 10}),
          "its id");
    key_forget(&seen);
    size_t left = 0;
    for (size_t i = 0; i < sizeof seen; i++)
        left += ((const unsigned char *)&seen)[i] != 0;
    CHECK(left == 0, "nothing is left of it");
    reads_the_same(&seen, STR_NONE);
    reads_the_same(&seen, STR(""));
}

void suite_keys_format(void) {
    suite_add("keys format", NULL, NULL);
    case_add("what is made can be read, and no two are alike", made_and_read);
    case_add("a key of old is still good", known_key);
    case_add("every single typo is found", typos);
    case_add("what is no key is refused", strangers);
    case_add("over a connection a key is read as ever", seen_again);
}
