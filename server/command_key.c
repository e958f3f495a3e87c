/* `quarterday key issue|list|revoke`: API keys from the command line. An issued key is printed alone on
 * standard output, once; only its hash is stored. */
#include <stdio.h>
#include <stdlib.h>

#include "db/store.h"
#include "server/command.h"
#include "server/http.h"
#include "server/key_format.h"

enum { DAYS_DEFAULT = 180, DAYS_MOST = 365 };
enum { FLAG_ROLE, FLAG_SERVICE, FLAG_PROVIDER, FLAG_AUDIENCE, FLAG_LABEL, FLAG_DAYS, FLAG_SAMPLE, FLAG_END };

static const struct {
    const char *name;
    enum role role;
} ROLES[] = {{"admin", ROLE_ADMIN},
             {"commissioner", ROLE_COMMISSIONER},
             {"checker", ROLE_CHECKER},
             {"provider", ROLE_PROVIDER},
             {"feed", ROLE_FEED}};

static const char *role_name(int role) {
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++)
        if ((int)ROLES[i].role == role) return ROLES[i].name;
    return "?";
}

static const char *given(const struct command *c, int flag) {
    return c->arguments.flags[flag].value;
}
static str given_or_empty(const struct command *c, int flag) {
    const char *v = given(c, flag);
    return v ? str_of(v) : STR("");
}

/* ---- issue ---- */

/* 0: go on. */
static int read_role(const struct command *c, int *out) {
    const char *name = given(c, FLAG_ROLE);
    if (!name) return command_misused(c, "--role is missing: admin, commissioner, checker, provider or feed");
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        if (!str_is(str_of(name), ROLES[i].name)) continue;
        *out = (int)ROLES[i].role;
        return 0;
    }
    return command_misused(c, "--role is '%s'; it must be admin, commissioner, checker, provider or feed",
                           name);
}

static bool is_plain(str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) return false;
    return s.n <= 200 && str_is_utf8(s, NULL);
}

static int check_scope(const struct command *c, const struct store_key *k) {
    if (k->role == ROLE_PROVIDER && (!k->service.n || !k->provider.n))
        return command_misused(c, "a provider's key needs --service and --provider");
    if (k->role != ROLE_PROVIDER && k->provider.n)
        return command_misused(c, "only a provider's key has --provider");
    if (k->role == ROLE_COMMISSIONER && !k->service.n)
        return command_misused(c, "a commissioner's key needs --service");
    if (k->role == ROLE_FEED && !k->service.n) return command_misused(c, "a feed key needs --service");
    if (k->role == ROLE_FEED && str_is(k->audience, "public"))
        return command_misused(c, "feeds hold exact figures; a feed key is for the audience internal");
    if (!str_is(k->audience, "internal") && !str_is(k->audience, "public"))
        return command_misused(c, "--audience is '%.*s'; it must be internal or public",
                               STR_ARG(k->audience));
    if (!is_plain(k->label))
        return command_misused(c, "--label must be UTF-8 without control characters, at most 200 bytes");
    return 0;
}

static int read_key(const struct command *c, struct store_key *k) {
    uint64_t days = DAYS_DEFAULT;
    const char *text = given(c, FLAG_DAYS);
    if (text && (!str_to_uint(str_of(text), DAYS_MOST, &days) || days == 0))
        return command_misused(c, "--expires-days is '%s'; it must be a whole number from 1 to %d", text,
                               DAYS_MOST);
    int status = read_role(c, &k->role);
    if (status) return status;
    k->service = given_or_empty(c, FLAG_SERVICE);
    k->provider = given_or_empty(c, FLAG_PROVIDER);
    k->audience = given(c, FLAG_AUDIENCE) ? given_or_empty(c, FLAG_AUDIENCE) : STR("internal");
    k->label = given_or_empty(c, FLAG_LABEL);
    k->sample = given(c, FLAG_SAMPLE) != NULL;
    k->created_at = instant_now();
    k->expires_at = k->created_at + (int64_t)days * 86400 * 1000000;
    k->revoked_at = INSTANT_NONE;
    return check_scope(c, k);
}

/* A key for something that does not exist would open nothing, and nobody would know why. */
static int check_exists(struct command *c, const struct store_key *k) {
    struct arena a = ARENA_EMPTY;
    struct store_service service;
    struct store_provider *list = NULL;
    size_t n = 0;
    int status = EXIT_DONE;
    enum err e = k->service.n ? store_service_get(c->db, k->service, INSTANT_NONE, &a, &service) : OK;
    if (e == OK && k->provider.n) e = store_providers_list(c->db, k->service, &a, &list, &n);
    bool found = k->provider.n == 0;
    for (size_t i = 0; i < n; i++)
        found |= str_eq(list[i].id, k->provider);
    if (e == ERR_NOT_FOUND) {
        command_say(c,
                    "there is no service '%.*s'; load its framework first (quarterday framework load FILE)",
                    STR_ARG(k->service));
        status = EXIT_FAILED;
    } else if (e != OK) {
        status = command_failed(c, e, NULL);
    } else if (!found) {
        command_say(c, "the service %.*s has no provider '%.*s'; its framework names them",
                    STR_ARG(k->service), STR_ARG(k->provider));
        status = EXIT_FAILED;
    }
    arena_free(&a);
    return status;
}

static int issue(struct command *c) {
    struct store_key k = {.role = 0};
    char text[KEY_TEXT], until[INSTANT_TEXT];
    int status = read_key(c, &k);
    if (status) return status;
    if (!command_database(c, false)) return EXIT_MISUSED;
    status = check_exists(c, &k);
    if (status) return status;
    struct key_parts parts;
    key_parse(str_of(key_make(k.sample, text)), &parts);
    k.id = parts.id;
    memcpy(k.secret_sha256, parts.secret_sha256, sizeof k.secret_sha256);
    enum err e = store_key_put(c->db, &k, STR("operator"));
    if (e != OK) return command_failed(c, e, NULL);
    printf("%s\n", text);
    if (fflush(stdout) != 0) {
        command_say(c, "the key could not be written out; revoke it: quarterday key revoke %.*s",
                    STR_ARG(k.id));
        return EXIT_FAILED;
    }
    command_say(c, "%s key %.*s, good until %s; this is the only time that it is shown", role_name(k.role),
                STR_ARG(k.id), instant_format(k.expires_at, until));
    explicit_bzero(text, sizeof text);
    return EXIT_DONE;
}

/* ---- list, revoke ---- */

static const char *state_of(const struct store_key *k) {
    if (k->revoked_at != INSTANT_NONE) return "revoked";
    return k->expires_at <= instant_now() ? "expired" : "in force";
}

static int list(struct command *c) {
    if (!command_database(c, false)) return EXIT_MISUSED;
    struct arena a = ARENA_EMPTY;
    struct store_key *keys;
    size_t n;
    enum err e = store_keys_list(c->db, &a, &keys, &n);
    if (e == OK)
        printf("%-10s  %-8s  %-12s  %-20s  %-16s  %-8s  %-10s  %s\n", "id", "state", "role", "service",
               "provider", "audience", "expires", "label");
    for (size_t i = 0; e == OK && i < n; i++) {
        char until[INSTANT_TEXT];
        printf("%-10.*s  %-8s  %-12s  %-20.*s  %-16.*s  %-8.*s  %-10.10s  %.*s\n", STR_ARG(keys[i].id),
               state_of(&keys[i]), role_name(keys[i].role), STR_ARG(keys[i].service),
               STR_ARG(keys[i].provider), STR_ARG(keys[i].audience),
               instant_format(keys[i].expires_at, until), STR_ARG(keys[i].label));
    }
    arena_free(&a);
    return e == OK ? EXIT_DONE : command_failed(c, e, NULL);
}

/* Takes the id; also a whole key, because that is what somebody who has found one has at hand. */
static int revoke(struct command *c, const char *text) {
    struct key_parts parts;
    str id = key_parse(str_of(text), &parts) ? parts.id : str_of(text);
    if (!command_database(c, false)) return EXIT_MISUSED;
    enum err e = store_key_revoke(c->db, id, STR("operator"));
    if (e == OK)
        command_say(c, "key %.*s is revoked; running services refuse it within two seconds", STR_ARG(id));
    else if (e == ERR_NOT_FOUND)
        command_say(c, "there is no key with the id '%.*s'; see quarterday key list", STR_ARG(id));
    else return command_failed(c, e, NULL);
    return e == OK ? EXIT_DONE : EXIT_FAILED;
}

static int key(struct command *c) {
    const struct arguments *a = &c->arguments;
    str what = a->word_count > 0 ? str_of(a->words[0]) : STR("");
    if (str_is(what, "issue") && a->word_count == 1) return issue(c);
    if (str_is(what, "list") && a->word_count == 1) return list(c);
    if (str_is(what, "revoke") && a->word_count == 2) return revoke(c, a->words[1]);
    if (str_is(what, "revoke")) return command_misused(c, "which key? Give its id (quarterday key list)");
    return command_misused(c, "say what to do: issue, list or revoke");
}

int command_key(int argc, char **argv) {
    struct flag flags[] = {
        [FLAG_ROLE] = {"role", "ROLE", "admin, commissioner, checker, provider or feed", NULL},
        [FLAG_SERVICE] = {"service", "SERVICE", "what it opens; needed for commissioner, provider and feed",
                          NULL},
        [FLAG_PROVIDER] = {"provider", "PROVIDER", "needed for provider", NULL},
        [FLAG_AUDIENCE] = {"audience", "AUDIENCE",
                           "internal sees exact figures, public rounded ones (internal)", NULL},
        [FLAG_LABEL] = {"label", "TEXT", "a note for people", NULL},
        [FLAG_DAYS] = {"expires-days", "N", "how long it is good, at most 365 (180)", NULL},
        [FLAG_SAMPLE] = {"sample", NULL, "a key of the sample data; refused on open addresses", NULL},
        [FLAG_END] = {NULL, NULL, NULL, NULL},
    };
    struct command c = {
        .name = "key",
        .usage =
            "key issue --role ROLE [--service S] [--provider P] | key list | key revoke ID; each with --database CONNECTION",
        .arguments = {.flags = flags},
    };
    int status;
    if (command_begin(&c, argc, argv, &status)) status = key(&c);
    command_end(&c);
    return status;
}
