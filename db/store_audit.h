/* store_audit: the audit's chains, for those who read or verify them. Lines are written by db/audit.h in the transaction of what they tell of. */
#ifndef QD_DB_STORE_AUDIT_H
#define QD_DB_STORE_AUDIT_H

#include "db/audit_chain.h"
#include "db/store.h"

struct store_audit_head {
    str stream;  /* the service; empty: what belongs to none */
    int64_t seq; /* the last line; 0: none yet */
    str hash;    /* STR_NONE: there is no head, which cannot be */
};
/* By stream. */
enum err store_audit_heads(struct db *db, struct arena *a, struct store_audit_head **out, size_t *out_count);

/* All lines of a stream in order, as they arrive; texts live for the call. */
typedef void audit_line_fn(void *context, const struct audit_entry *line);
enum err store_audit_each(struct db *db, str stream, audit_line_fn *line, void *context);

struct store_audit_ask {
    str stream;
    int64_t after;     /* the last line seen; 0: from the first */
    str actor, action; /* STR(""): whoever, whatever */
    uint64_t limit;
};
/* Oldest first; out_total: how many come after `after` in all. */
enum err store_audit_list(struct db *db, const struct store_audit_ask *ask, struct arena *a,
                          struct audit_entry **out, size_t *out_count, uint64_t *out_total);

/* The one kind of line that tells of nothing that happened. */
struct store_refusal {
    str asked, own;           /* services: the one that was asked for, the key's; empty: none */
    str key_id, object;       /* object: the first address, without /v1/ */
    const char *route, *code; /* NULL: several */
    int64_t times, since;     /* since: the instant of the first */
};
/* TX. ACCESS_REFUSED, in the chain of the service that was asked for, else of the key's, else of none. */
enum err store_refusal_tell(struct db *db, const struct store_refusal *refusal);

#endif
