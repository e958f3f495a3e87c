/* `quarterday key issue|list|rotate|revoke`: API keys from the command line. A new key is printed alone on
 * standard output, once; only its hash is stored. */
#include <stdio.h>
#include <stdlib.h>

#include "base/key_format.h"
#include "handlers/key_right.h"
#include "server/command.h"

enum {
    FLAG_ROLE,
    FLAG_SERVICE,
    FLAG_PROVIDER,
    FLAG_AUDIENCE,
    FLAG_SCOPE,
    FLAG_ADDRESSES,
    FLAG_LABEL,
    FLAG_DAYS,
    FLAG_OVERLAP,
    FLAG_SAMPLE,
    FLAG_END
};

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
    if (key_role_parse(str_of(name), out)) return 0;
    return command_misused(c, "--role is '%s'; it must be admin, commissioner, checker, provider or feed",
                           name);
}

static int read_number(const struct command *c, int flag, uint64_t least, uint64_t most, uint64_t *out) {
    const char *text = given(c, flag);
    if (!text || (str_to_uint(str_of(text), most, out) && *out >= least)) return 0;
    return command_misused(c, "--%s is '%s'; it must be a whole number from %llu to %llu",
                           c->arguments.flags[flag].name, text, (unsigned long long)least,
                           (unsigned long long)most);
}

static int read_key(const struct command *c, struct arena *a, struct store_key *k, uint64_t *days) {
    struct fault fault = {.err = OK};
    *days = KEY_DAYS_DEFAULT;
    int status = read_number(c, FLAG_DAYS, 1, KEY_DAYS_MOST, days);
    if (!status) status = read_role(c, &k->role);
    if (status) return status;
    k->service = given_or_empty(c, FLAG_SERVICE);
    k->provider = given_or_empty(c, FLAG_PROVIDER);
    k->audience = given(c, FLAG_AUDIENCE) ? given_or_empty(c, FLAG_AUDIENCE) : STR("internal");
    k->addresses = given_or_empty(c, FLAG_ADDRESSES);
    k->label = given_or_empty(c, FLAG_LABEL);
    k->sample = given(c, FLAG_SAMPLE) != NULL;
    enum err e = key_scopes_parse(given_or_empty(c, FLAG_SCOPE), &k->scopes, &fault);
    if (e == OK) e = key_right_check(k, a, &fault);
    return e == OK ? 0 : command_misused(c, "%s", fault.detail);
}

static int check_exists(struct command *c, struct arena *a, const struct store_key *k) {
    struct fault fault = {.err = OK};
    enum err e = key_right_exists(c->db, k, a, &fault);
    if (e == OK) return EXIT_DONE;
    if (e != ERR_NOT_FOUND) return command_failed(c, e, NULL);
    command_say(c, "%s", fault.detail);
    return EXIT_FAILED;
}

/* The key alone on standard output, what there is to know about it on standard error. */
static int show(const struct command *c, const struct store_key *k, const char *text) {
    char until[INSTANT_TEXT];
    printf("%s\n", text);
    if (fflush(stdout) != 0) {
        command_say(c, "the key could not be written out; revoke it: quarterday key revoke %.*s",
                    STR_ARG(k->id));
        return EXIT_FAILED;
    }
    command_say(c, "%s key %.*s, good until %s; this is the only time that it is shown",
                key_role_name(k->role), STR_ARG(k->id), instant_format(k->expires_at, until));
    return EXIT_DONE;
}

static int issue(struct command *c, struct arena *a) {
    struct store_key k = {.role = 0};
    char text[KEY_TEXT];
    uint64_t days;
    int status = read_key(c, a, &k, &days);
    if (status) return status;
    if (!command_database(c, false)) return EXIT_MISUSED;
    status = check_exists(c, a, &k);
    if (status) return status;
    key_right_make(&k, a, text, instant_now(), days);
    enum err e = store_key_put(c->db, &k, STR("operator"));
    status = e == OK ? show(c, &k, text) : command_failed(c, e, NULL);
    explicit_bzero(text, sizeof text);
    return status;
}

/* Takes the id; also a whole key, because that is what somebody who has found one has at hand. */
static str id_of(const char *text) {
    struct key_parts parts;
    return key_parse(str_of(text), &parts) ? parts.id : str_of(text);
}

static int no_such(const struct command *c, str id) {
    command_say(c, "there is no key with the id '%.*s'; see quarterday key list", STR_ARG(id));
    return EXIT_FAILED;
}

/* ---- rotate ---- */

static int rotate(struct command *c, struct arena *a, const char *word) {
    uint64_t days = KEY_DAYS_DEFAULT, hours = KEY_OVERLAP_DEFAULT;
    struct store_key old;
    char text[KEY_TEXT], ends[INSTANT_TEXT];
    str id = id_of(word);
    int status = read_number(c, FLAG_DAYS, 1, KEY_DAYS_MOST, &days);
    if (!status) status = read_number(c, FLAG_OVERLAP, 0, KEY_OVERLAP_MOST, &hours);
    if (status) return status;
    if (!command_database(c, false)) return EXIT_MISUSED;
    enum err e = store_key_get(c->db, id, a, &old);
    if (e == ERR_NOT_FOUND) return no_such(c, id);
    if (e != OK) return command_failed(c, e, NULL);
    int64_t now = instant_now(), until = now + (int64_t)hours * INT64_C(3600000000);
    if (old.expires_at <= now) {
        command_say(c, "the key %.*s has expired; issue another", STR_ARG(id));
        return EXIT_FAILED;
    }
    struct store_key next = key_right_next(&old, a, text, now, days);
    e = store_key_rotate(c->db, id, &next, until, STR("operator"));
    if (e == OK) {
        status = show(c, &next, text);
        command_say(c, "it takes the place of %.*s, which ends at %s", STR_ARG(id),
                    instant_format(until < old.expires_at ? until : old.expires_at, ends));
    } else if (e == ERR_CONFLICT) {
        command_say(c, "the key %.*s is revoked, or was replaced already; rotate the one that took its place",
                    STR_ARG(id));
        status = EXIT_FAILED;
    } else {
        status = command_failed(c, e, NULL);
    }
    explicit_bzero(text, sizeof text);
    return status;
}

/* ---- list, revoke ---- */

static void print_key(const struct store_key *k) {
    char until[INSTANT_TEXT], used[DAY_TEXT];
    printf("%-10.*s  %-8s  %-12s  %-20.*s  %-16.*s  %-8.*s  %-10.10s  %-10s  %-10.*s  %-11s  %-18.*s  %.*s\n",
           STR_ARG(k->id), key_state(k, instant_now()), key_role_name(k->role), STR_ARG(k->service),
           STR_ARG(k->provider), STR_ARG(k->audience), instant_format(k->expires_at, until),
           k->last_used_on == DAY_NONE ? "never" : day_format(k->last_used_on, used), STR_ARG(k->replaced_by),
           k->scopes & SCOPE_CLIENT_ROWS ? "CLIENT_ROWS" : "", STR_ARG(k->addresses), STR_ARG(k->label));
}

static int list(struct command *c, struct arena *a) {
    if (!command_database(c, false)) return EXIT_MISUSED;
    struct store_key *keys;
    size_t n;
    enum err e = store_keys_list(c->db, a, &keys, &n);
    if (e != OK) return command_failed(c, e, NULL);
    printf("%-10s  %-8s  %-12s  %-20s  %-16s  %-8s  %-10s  %-10s  %-10s  %-11s  %-18s  %s\n", "id", "state",
           "role", "service", "provider", "audience", "expires", "last used", "successor", "scopes",
           "addresses", "label");
    for (size_t i = 0; i < n; i++)
        print_key(&keys[i]);
    return EXIT_DONE;
}

static int revoke(struct command *c, const char *text) {
    str id = id_of(text);
    if (!command_database(c, false)) return EXIT_MISUSED;
    enum err e = store_key_revoke(c->db, id, STR("operator"));
    if (e == ERR_NOT_FOUND) return no_such(c, id);
    if (e != OK) return command_failed(c, e, NULL);
    command_say(c, "key %.*s is revoked; running services refuse it within two seconds", STR_ARG(id));
    return EXIT_DONE;
}

static int key(struct command *c, struct arena *a) {
    const struct arguments *given = &c->arguments;
    str what = given->word_count > 0 ? str_of(given->words[0]) : STR("");
    bool rotates = str_is(what, "rotate"), revokes = str_is(what, "revoke");
    if (str_is(what, "issue") && given->word_count == 1) return issue(c, a);
    if (str_is(what, "list") && given->word_count == 1) return list(c, a);
    if (rotates && given->word_count == 2) return rotate(c, a, given->words[1]);
    if (revokes && given->word_count == 2) return revoke(c, given->words[1]);
    if (rotates || revokes) return command_misused(c, "which key? Give its id (quarterday key list)");
    return command_misused(c, "say what to do: issue, list, rotate or revoke");
}

int command_key(int argc, char **argv) {
    struct flag flags[] = {
        [FLAG_ROLE] = {"role", "ROLE", "admin, commissioner, checker, provider or feed", NULL},
        [FLAG_SERVICE] = {"service", "SERVICE", "what it opens; needed for commissioner, provider and feed",
                          NULL},
        [FLAG_PROVIDER] = {"provider", "PROVIDER", "needed for provider", NULL},
        [FLAG_AUDIENCE] = {"audience", "AUDIENCE",
                           "internal sees exact figures, public rounded ones (internal)", NULL},
        [FLAG_SCOPE] = {"scope", "SCOPE",
                        "CLIENT_ROWS: a commissioner reads client rows, for a reason that is kept (none)",
                        NULL},
        [FLAG_ADDRESSES] = {"addresses", "RANGES",
                            "from where it may be used, such as 192.0.2.0/24,2001:db8::/32 (anywhere)", NULL},
        [FLAG_LABEL] = {"label", "TEXT", "a note for people", NULL},
        [FLAG_DAYS] = {"expires-days", "N", "how long it is good, at most 365 (180)", NULL},
        [FLAG_OVERLAP] = {"overlap-hours", "N",
                          "rotate: how long the old key stays good, at most 720; 0: it ends at once (24)",
                          NULL},
        [FLAG_SAMPLE] = {"sample", NULL, "a key of the sample data; refused on open addresses", NULL},
        [FLAG_END] = {NULL, NULL, NULL, NULL},
    };
    struct command c = {
        .name = "key",
        .usage =
            "key issue --role ROLE [--service S] [--provider P] | key list | key rotate ID | key revoke ID; each with --database CONNECTION",
        .arguments = {.flags = flags},
    };
    int status;
    struct arena a = ARENA_EMPTY;
    if (command_begin(&c, argc, argv, &status)) status = key(&c, &a);
    arena_free(&a);
    command_end(&c);
    return status;
}
