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

void suite_keys_format(void) {
    suite_add("keys format", NULL, NULL);
    case_add("what is made can be read, and no two are alike", made_and_read);
    case_add("a key of old is still good", known_key);
    case_add("every single typo is found", typos);
    case_add("what is no key is refused", strangers);
}
