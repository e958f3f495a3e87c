/* readiness: may the service run on this database? What to look at, and the words, are in the two statements: a sentence for each thing that is not as it
 * must be, with its cure. The first is said whole; of the others only how many there are, since one cure often mends several. */
#include "db/statements.h"
#include "db/store.h"

static enum err first_said(struct db *db, enum db_stmt stmt, struct fault *fault) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, stmt, NULL, &rows);
    if (e != OK)
        return fail(fault, ERR_UNAVAILABLE, "The database cannot be asked for its settings: %s",
                    db_last_error(db));
    int n = rows_count(&rows);
    if (n == 0) return OK;
    str says = rows_text(&rows, 0, 0);
    if (n == 1) return fail(fault, ERR_UNAVAILABLE, "%.*s", STR_ARG(says));
    return fail(fault, ERR_UNAVAILABLE, "%.*s (And %d more, said once this is mended.)", STR_ARG(says),
                n - 1);
}

enum err store_check_ready(struct db *db, struct fault *fault) {
    enum err e = migrate_check(db, fault);
    return e == OK ? first_said(db, STMT_ready_check, fault) : e;
}

enum err store_check_catalogue(struct db *db, struct fault *fault) {
    return first_said(db, STMT_catalogue_lint, fault);
}
