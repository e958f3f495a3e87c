/* readiness: may the service run on this database? What to look at, and the words, are in the two statements: a sentence for each thing that is not as it
 * must be, with its cure. The first is said whole; of the others only how many there are, since one cure often mends several. */
#include "db/statements.h"
#include "db/store.h"

static enum err first_said(struct db *db, enum db_stmt stmt, const struct params *p, struct fault *fault) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, stmt, p, &rows);
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

static enum err check(struct db *db, bool standby_will_do, struct fault *fault) {
    struct params p = params_of();
    params_bool(&p, standby_will_do);
    enum err e = migrate_check(db, fault);
    return e == OK ? first_said(db, STMT_ready_check, &p, fault) : e;
}

enum err store_check_ready(struct db *db, struct fault *fault) {
    return check(db, false, fault);
}

enum err store_check_readable(struct db *db, struct fault *fault) {
    return check(db, true, fault);
}

bool store_is_standby(struct db *db) {
    ROWS rows = ROWS_NONE;
    return db_query(db, STMT_standby_ask, NULL, &rows) == OK && rows_count(&rows) == 1 &&
           rows_bool(&rows, 0, 0);
}

enum err store_check_catalogue(struct db *db, struct fault *fault) {
    return first_said(db, STMT_catalogue_lint, NULL, fault);
}
