/* audit: the lines that tell who did what, in the transaction of what they tell of. For the store_*.c
 * files. */
#ifndef QD_DB_AUDIT_H
#define QD_DB_AUDIT_H

#include "db/statements.h"

struct audit_line {
    str stream; /* the service; empty for what belongs to none */
    int64_t
        at; /* INSTANT_NONE: that of the service's newest change, for what this transaction has changed in it */
    str actor;  /* a key's id, or "operator" for commands */
    str action; /* "RETURN_ACCEPTED" */
    str object; /* its path without /v1/ */
    str detail; /* a JSON object; never personal values */
};
/* TX. Adds the line to the end of its stream's chain. */
enum err audit_append(struct db *db, const struct audit_line *line);
/* The same as one of the statements that go together; whoever asks looks whether it gave a row. */
void audit_ask(struct db_asked *asked, const struct audit_line *line);
/* TX. Begins a chain unless it is there. */
enum err audit_open(struct db *db, str stream);

#endif
