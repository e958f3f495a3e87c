#include "handlers/key_right.h"

#include "base/address.h"
#include "base/key_format.h"
#include "db/store.h"

enum { LABEL_MAX = 200 };
static const int64_t DAY = INT64_C(86400000000);

static const struct {
    const char *name;
    enum role role;
} ROLES[] = {{"ADMIN", ROLE_ADMIN},
             {"COMMISSIONER", ROLE_COMMISSIONER},
             {"CHECKER", ROLE_CHECKER},
             {"PROVIDER", ROLE_PROVIDER},
             {"FEED", ROLE_FEED}};

static const struct {
    const char *name;
    enum scope scope;
} SCOPES[] = {{"CLIENT_ROWS", SCOPE_CLIENT_ROWS}};

bool key_role_parse(str name, int *out) {
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++) {
        if (!str_eq_nocase(name, str_of(ROLES[i].name))) continue;
        *out = (int)ROLES[i].role;
        return true;
    }
    return false;
}

const char *key_role_name(int role) {
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++)
        if ((int)ROLES[i].role == role) return ROLES[i].name;
    return "?";
}

enum err key_scopes_parse(str names, int *out, struct fault *fault) {
    str rest = str_trim(names);
    *out = 0;
    while (rest.n) {
        str one = str_trim(str_cut(&rest, ','));
        int found = 0;
        for (size_t i = 0; i < sizeof SCOPES / sizeof *SCOPES; i++)
            if (str_eq_nocase(one, str_of(SCOPES[i].name))) found = (int)SCOPES[i].scope;
        if (!found)
            return fail(fault, ERR_INVALID, "'%.*s' is no scope; write CLIENT_ROWS, or none.", STR_ARG(one));
        *out |= found;
    }
    return OK;
}

void key_scopes_each(int scopes, void (*each)(void *context, const char *name), void *context) {
    for (size_t i = 0; i < sizeof SCOPES / sizeof *SCOPES; i++)
        if (scopes & (int)SCOPES[i].scope) each(context, SCOPES[i].name);
}

/* ---- what goes together ---- */

static bool is_plain(str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) return false;
    return s.n <= LABEL_MAX && str_is_utf8(s, NULL);
}

static const char *slip_of(const struct store_key *k) {
    bool is_provider = k->role == ROLE_PROVIDER, is_public = str_is(k->audience, "public");
    if (is_provider && (!k->service.n || !k->provider.n))
        return "A provider's key needs its service and its provider.";
    if (!is_provider && k->provider.n) return "Only a provider's key has a provider.";
    if (k->role == ROLE_COMMISSIONER && !k->service.n) return "A commissioner's key needs its service.";
    if (k->role == ROLE_FEED && !k->service.n) return "A feed key needs its service.";
    if (!is_public && !str_is(k->audience, "internal")) return "The audience must be internal or public.";
    if (k->role == ROLE_FEED && is_public)
        return "Feeds hold exact figures; a feed key is for the audience internal.";
    if (k->scopes && (k->role != ROLE_COMMISSIONER || is_public))
        return "The scope CLIENT_ROWS is for a commissioner's key of the audience internal.";
    if (!is_plain(k->label)) return "The label must be UTF-8 without control characters, at most 200 bytes.";
    return NULL;
}

enum err key_right_check(struct store_key *k, struct arena *a, struct fault *fault) {
    struct address_ranges ranges;
    const char *slip = slip_of(k);
    if (slip) return fail(fault, ERR_INVALID, "%s", slip);
    enum err e = address_ranges_parse(k->addresses, &ranges, fault);
    if (e != OK) return e;
    struct buf text = BUF_EMPTY;
    address_ranges_write(&text, &ranges);
    k->addresses = arena_str(a, buf_str(&text));
    buf_free(&text);
    return OK;
}

enum err key_right_exists(struct db *db, const struct store_key *k, struct arena *a, struct fault *fault) {
    struct store_service service;
    struct store_provider *list = NULL;
    size_t n = 0;
    if (!k->service.n) return OK;
    enum err e = store_service_get(db, k->service, INSTANT_NONE, a, &service);
    if (e == ERR_NOT_FOUND)
        return fail(fault, e,
                    "There is no service '%.*s'; load its framework first (quarterday framework load FILE).",
                    STR_ARG(k->service));
    if (e == OK && k->provider.n) e = store_providers_list(db, k->service, a, &list, &n);
    if (e != OK || !k->provider.n) return e;
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].id, k->provider)) return OK;
    return fail(fault, ERR_NOT_FOUND, "The service %.*s has no provider '%.*s'; its framework names them.",
                STR_ARG(k->service), STR_ARG(k->provider));
}

/* ---- making one ---- */

void key_right_make(struct store_key *k, struct arena *a, char out_text[], int64_t now, uint64_t days) {
    struct key_parts parts;
    key_parse(str_of(key_make(k->sample, out_text)), &parts);
    k->id = arena_str(a, parts.id);
    memcpy(k->secret_sha256, parts.secret_sha256, sizeof k->secret_sha256);
    k->created_at = now;
    k->expires_at = now + (int64_t)days * DAY;
    k->revoked_at = INSTANT_NONE;
    k->last_used_on = DAY_NONE;
    k->replaced_by = STR("");
}

struct store_key key_right_next(const struct store_key *old, struct arena *a, char out_text[], int64_t now,
                                uint64_t days) {
    struct store_key next = *old;
    key_right_make(&next, a, out_text, now, days);
    return next;
}

const char *key_state(const struct store_key *k, int64_t now) {
    if (k->revoked_at != INSTANT_NONE) return "REVOKED";
    return k->expires_at <= now ? "EXPIRED" : "IN_FORCE";
}
