/* audit: appends to the chains. The hash is worked out in the statement, so that adding a line is one round
 * trip; the statement locks the chain's head, so this comes last in a transaction. */
#include "db/audit.h"

void audit_ask(struct db_asked *asked, const struct audit_line *line) {
    *asked = (struct db_asked){.stmt = STMT_audit_append, .rows = ROWS_NONE};
    params_text(&asked->params, line->stream);
    params_instant(&asked->params, line->at);
    params_text(&asked->params, line->actor);
    params_text(&asked->params, line->action);
    params_text(&asked->params, line->object);
    params_text(&asked->params, line->detail);
}

enum err audit_append(struct db *db, const struct audit_line *line) {
    struct db_asked asked;
    audit_ask(&asked, line);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, asked.stmt, &asked.params, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_INTERNAL;
    return e;
}

enum err audit_open(struct db *db, str stream) {
    struct params p = params_of();
    params_text(&p, stream);
    return db_query(db, STMT_audit_open, &p, NULL);
}
