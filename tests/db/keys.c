/* Keys in memory: who is let in, and how soon a change is known. */
#include "server/keys.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/key_format.h"
#include "tests/db/fixture.h"

static const struct address HERE = {{[10] = 0xff, 0xff, 127, 0, 0, 1}};

struct issued {
    char text[KEY_TEXT];
    struct store_key key;
};

static struct issued issue(enum role role, int64_t seconds, bool sample) {
    struct issued out = {.key = {.role = (int)role,
                                 .service = SERVICE,
                                 .audience = STR("internal"),
                                 .revoked_at = INSTANT_NONE,
                                 .sample = sample}};
    struct key_parts parts;
    key_make(sample, out.text);
    key_parse(str_of(out.text), &parts);
    static char ids[64][KEY_ID_LENGTH];
    static size_t n;
    memcpy(ids[n % 64], parts.id.p, KEY_ID_LENGTH);
    out.key.id = (str){ids[n++ % 64], KEY_ID_LENGTH};
    memcpy(out.key.secret_sha256, parts.secret_sha256, SHA256_BYTES);
    out.key.provider = role == ROLE_PROVIDER ? ONE : STR("");
    out.key.expires_at = instant_now() + seconds * 1000000;
    out.key.created_at = seconds > 0 ? instant_now() : out.key.expires_at - 1000000;
    CHECK(store_key_put(fx.db, &out.key, STR("operator")) == OK, "%s", db_last_error(fx.db));
    return out;
}

static void nap(void) {
    nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
}

/* Over a connection that has shown the key before, and over one that has not. */
static enum err ask_both(struct keys *keys, struct key_seen *seen, const char *text) {
    struct principal who, again;
    enum err e = keys_authenticate(keys, str_of(text), seen, &HERE, &again),
             fresh = keys_authenticate(keys, str_of(text), NULL, &HERE, &who);
    return e == fresh ? e : ERR_INTERNAL;
}

/* How long until the answer is that; -1 when it does not come. */
static int until(struct keys *keys, const char *text, enum err wanted) {
    struct key_seen seen = {0};
    int ms = -1;
    for (int i = 0; i < 3000 && ms < 0; i++) {
        if (ask_both(keys, &seen, text) == wanted) ms = i * 20;
        else nap();
    }
    key_forget(&seen);
    return ms;
}

static void who_is_let_in(void) {
    struct issued provider = issue(ROLE_PROVIDER, 3600, false), sample = issue(ROLE_CHECKER, 3600, true),
                  expired = issue(ROLE_ADMIN, -10, false), revoked = issue(ROLE_ADMIN, 3600, false);
    CHECK(store_key_revoke(fx.db, revoked.key.id, STR("operator")) == OK, "%s", db_last_error(fx.db));
    struct keys *keys = NULL;
    struct fault fault = {.err = OK};
    CHECK(keys_open(fx.app, &fault, &keys) == OK, "%s", fault.detail);
    if (!keys) return;
    struct principal who;
    CHECK(keys_authenticate(keys, str_of(provider.text), NULL, &HERE, &who) == OK &&
              who.role == ROLE_PROVIDER && strcmp(who.service, "svc") == 0 &&
              strcmp(who.provider, "one") == 0 && strcmp(who.audience, "internal") == 0 &&
              str_is(provider.key.id, who.key_id),
          "a provider is who it is");
    CHECK(keys_authenticate(keys, str_of(sample.text), NULL, &HERE, &who) == OK && who.role == ROLE_CHECKER &&
              !who.provider[0],
          "a checker");
    CHECK(keys_have_sample(keys), "a sample key is in force");
    struct issued stranger = {.text = ""};
    key_make(false, stranger.text);
    char mixed[KEY_TEXT]; /* the id of one key, the secret of another, a good checksum */
    snprintf(mixed, sizeof mixed, "%s", provider.text);
    memcpy(mixed + 8, stranger.text + 8, KEY_ID_LENGTH);
    const char *const REFUSED[] = {expired.text, revoked.text, stranger.text, mixed, "", "nonsense"};
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        struct principal untouched = {.role = ROLE_ANYONE};
        CHECK(keys_authenticate(keys, str_of(REFUSED[i]), NULL, &HERE, &untouched) == ERR_UNAUTHENTICATED &&
                  untouched.role == ROLE_ANYONE && !untouched.key_id[0],
              "case %zu", i);
    }
    struct key_seen seen = {0};
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        CHECK(ask_both(keys, &seen, provider.text) == OK, "good over a connection");
        CHECK(ask_both(keys, &seen, REFUSED[i]) == ERR_UNAUTHENTICATED &&
                  ask_both(keys, &seen, REFUSED[i]) == ERR_UNAUTHENTICATED,
              "case %zu behind it, twice", i);
    }
    key_forget(&seen);
    keys_close(keys);
}

static void changes_are_known(void) {
    struct keys *keys = NULL;
    struct fault fault = {.err = OK};
    CHECK(keys_open(fx.app, &fault, &keys) == OK, "%s", fault.detail);
    if (!keys) return;
    struct issued k = issue(ROLE_COMMISSIONER, 3600, false);
    int ms = until(keys, k.text, OK);
    CHECK(ms >= 0, "a new key is known");
    printf("\n    a new key is known after %d ms", ms);
    CHECK(store_key_revoke(fx.db, k.key.id, STR("operator")) == OK, "%s", db_last_error(fx.db));
    ms = until(keys, k.text, ERR_UNAUTHENTICATED);
    CHECK(ms >= 0, "a revoked one");
    printf(", a revoked one after %d ms", ms);
    struct issued other = issue(ROLE_COMMISSIONER, 3600, false);
    CHECK(until(keys, other.text, OK) >= 0, "known");
    database_ask(
        fx.app,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'quarterday keys'");
    struct principal who;
    CHECK(keys_authenticate(keys, str_of(other.text), NULL, &HERE, &who) == OK,
          "while the connection is gone the last state stays");
    CHECK(database_do(fx.app, "UPDATE api_key SET revoked_at = now() WHERE revoked_at IS NULL"),
          "revoked without a notice");
    ms = until(keys, other.text, ERR_UNAUTHENTICATED);
    CHECK(ms >= 0, "even unheard it is known");
    printf(", an unheard one after %d ms ", ms);
    keys_close(keys);
}

struct asker {
    pthread_t thread;
    struct keys *keys;
    const char *text;
    int refused;
};

static void *ask_often(void *context) {
    struct asker *a = context;
    struct principal who;
    for (int i = 0; i < 20000; i++)
        a->refused += keys_authenticate(a->keys, str_of(a->text), NULL, &HERE, &who) != OK ||
                      strcmp(who.service, "svc") != 0;
    return NULL;
}

static void many_ask(void) {
    struct issued k = issue(ROLE_COMMISSIONER, 3600, false);
    struct keys *keys = NULL;
    struct fault fault = {.err = OK};
    CHECK(keys_open(fx.app, &fault, &keys) == OK, "%s", fault.detail);
    if (!keys) return;
    struct asker askers[4];
    for (int i = 0; i < 4; i++) {
        askers[i] = (struct asker){.keys = keys, .text = k.text};
        pthread_create(&askers[i].thread, NULL, ask_often, &askers[i]);
    }
    for (int i = 0; i < 5; i++)
        issue(ROLE_CHECKER, 3600, false); /* each makes the snapshot anew */
    for (int i = 0; i < 4; i++) {
        pthread_join(askers[i].thread, NULL);
        CHECK(askers[i].refused == 0, "%d refused", askers[i].refused);
    }
    keys_close(keys);
}

static void no_database(void) {
    struct keys *keys = NULL;
    struct fault fault = {.err = OK};
    CHECK(keys_open("host=/nowhere dbname=none", &fault, &keys) == ERR_UNAVAILABLE && fault.detail[0] &&
              !keys,
          "%s", fault.detail);
}

void suite_db_keys(void) {
    suite_add("db keys", fixture_begin, fixture_end);
    case_add("who is let in, and that all others look alike", who_is_let_in);
    case_add("issued and revoked keys are known at once", changes_are_known);
    case_add("threads ask while the keys are replaced", many_ask);
    case_add("without a database there are no keys", no_database);
}
