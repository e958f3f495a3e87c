/* audit: appends to the chains. The hash is worked out in the statement, so that adding a line is one round
 * trip; the statement locks the chain's head, so this comes last in a transaction. */
#include "db/audit.h"

#include "db/statements.h"

enum err audit_append(struct db *db, const struct audit_line *line) {
    struct params p = params_of();
    params_text(&p, line->stream);
    params_instant(&p, line->at);
    params_text(&p, line->actor);
    params_text(&p, line->action);
    params_text(&p, line->object);
    params_text(&p, line->detail);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_audit_append, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_INTERNAL;
    return e;
}

enum err audit_open(struct db *db, str stream) {
    struct params p = params_of();
    params_text(&p, stream);
    return db_query(db, STMT_audit_open, &p, NULL);
}
