/* key_right: what a key may be: its role, scopes and bounds, how they are written, and which go together. One list for
 * `quarterday key` and /v1/keys. */
#ifndef QD_HANDLERS_KEY_RIGHT_H
#define QD_HANDLERS_KEY_RIGHT_H

#include "db/store_keys.h"
#include "server/http.h"

enum { KEY_DAYS_DEFAULT = 180, KEY_DAYS_MOST = 365, KEY_OVERLAP_DEFAULT = 24, KEY_OVERLAP_MOST = 720 };

/* "COMMISSIONER", in any case. */
bool key_role_parse(str name, int *out);
const char *key_role_name(int role); /* upper-case */
/* "CLIENT_ROWS"; several with commas between. ERR_INVALID names the one that is none. */
enum err key_scopes_parse(str names, int *out, struct fault *fault);
/* Calls back with each name. */
void key_scopes_each(int scopes, void (*each)(void *context, const char *name), void *context);

/* ERR_INVALID where the right makes no sense. Puts the ranges into their shortest form, in the arena. */
enum err key_right_check(struct store_key *k, struct arena *a, struct fault *fault);
/* A key for something that does not exist would open nothing, and nobody would know why: ERR_NOT_FOUND. */
enum err key_right_exists(struct db *db, const struct store_key *k, struct arena *a, struct fault *fault);

/* A new secret: its text is shown once; id and hash go into the key (the id into the arena). */
void key_right_make(struct store_key *k, struct arena *a, char out_text[], int64_t now, uint64_t days);
/* The one that takes the place of `old`: the same right, good for so many days. */
struct store_key key_right_next(const struct store_key *old, struct arena *a, char out_text[], int64_t now,
                                uint64_t days);

/* "IN_FORCE", "EXPIRED", "REVOKED" */
const char *key_state(const struct store_key *k, int64_t now);

#endif
