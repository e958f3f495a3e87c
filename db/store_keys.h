/* store_keys: API keys, of which only the hash of the secret is known here. What changes one writes its audit line in the same
 * transaction, and tells every process at commit. */
#ifndef QD_DB_STORE_KEYS_H
#define QD_DB_STORE_KEYS_H

#include "base/date.h"
#include "base/hash.h"
#include "db/db.h"

struct store_key {
    str id;
    int role; /* one of enum role in server/http.h: 1 admin, 2 commissioner, 4 checker, 8 provider, 16 feed */
    int scopes; /* bits of enum scope in server/http.h */
    str service, provider, audience, label;
    str addresses; /* base/address.h: ranges with commas between; empty: from anywhere */
    uint8_t secret_sha256[SHA256_BYTES];
    int64_t created_at, revoked_at; /* INSTANT_NONE: not revoked */
    int64_t expires_at;             /* or when the overlap with its successor is over, where that is sooner */
    str replaced_by;                /* its successor's id; empty: none */
    int32_t last_used_on;           /* day in London; DAY_NONE: never */
    bool sample;
};
/* Oldest first. */
enum err store_keys_list(struct db *db, struct arena *a, struct store_key **out, size_t *out_count);
/* ERR_NOT_FOUND */
enum err store_key_get(struct db *db, str id, struct arena *a, struct store_key *out);

/* TX each. actor: a key's id, or "operator". */
enum err store_key_issue(struct db *db, const struct store_key *key, str actor);
enum err store_key_revoke_in(struct db *db, str id, str actor); /* ERR_NOT_FOUND; again: nothing new */
/* Issues `next` in the place of `id`, which ends at ends_at at the latest. ERR_CONFLICT: it is revoked, or was replaced. */
enum err store_key_replace(struct db *db, str id, const struct store_key *next, int64_t ends_at, str actor);

/* The same as transactions of their own, for commands. */
enum err store_key_put(struct db *db, const struct store_key *key, str actor);
enum err store_key_revoke(struct db *db, str id, str actor);
enum err store_key_rotate(struct db *db, str id, const struct store_key *next, int64_t ends_at, str actor);

/* The day on which keys were used last; an earlier day than the one stored changes nothing. A transaction of its own. */
struct store_key_use {
    char id[24];
    int32_t day;
};
enum err store_keys_used(struct db *db, const struct store_key_use *uses, size_t count);

#endif
