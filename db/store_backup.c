#include "db/store_backup.h"

#include "db/statements.h"

enum err store_backup_begin(struct db *db, struct arena *a, struct fault *fault, struct store_backup *out) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_backup_begin, NULL, &rows);
    if (e != OK) return e;
    if (!rows_bool(&rows, 0, 4))
        return fail(
            fault, ERR_FORBIDDEN,
            "This role does not see every row (row-level security); a backup needs a superuser or a role with BYPASSRLS.");
    *out = (struct store_backup){.snapshot = arena_str(a, rows_text(&rows, 0, 0)),
                                 .lsn = arena_str(a, rows_text(&rows, 0, 1)),
                                 .server = arena_str(a, rows_text(&rows, 0, 2)),
                                 .schema = rows_int4(&rows, 0, 3)};
    return OK;
}

enum err store_table_digests(struct db *db, struct arena *a, struct store_table **out, size_t *out_count) {
    ROWS rows = ROWS_NONE;
    enum err e = db_command(db, "SET LOCAL statement_timeout = 0");
    if (e == OK) e = db_query(db, STMT_backup_digests, NULL, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_table *list = ARENA_ARRAY(a, struct store_table, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_table){.name = arena_str(a, rows_text(&rows, i, 0)),
                                       .rows = rows_int8(&rows, i, 1),
                                       .digest = arena_str(a, rows_text(&rows, i, 2))};
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_restore_check(struct db *db, struct fault *fault) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_restore_target, NULL, &rows);
    if (e != OK) return e;
    str missing = rows_text(&rows, 0, 2);
    if (!rows_bool(&rows, 0, 0))
        return fail(fault, ERR_FORBIDDEN,
                    "A restore needs a superuser: row-level security would refuse the rows of others.");
    if (rows_bool(&rows, 0, 1))
        return fail(
            fault, ERR_CONFLICT,
            "The database holds a schema quarterday already. A backup goes into an empty database: createdb NAME, and name that one.");
    if (missing.n)
        return fail(
            fault, ERR_CONFLICT,
            "Roles are missing that the backup grants rights to: %.*s. Make them first (CREATE ROLE ... LOGIN).",
            STR_ARG(missing));
    return OK;
}

enum err store_restore_rights(struct db *db) {
    return db_command(db, db_statement_text(STMT_restore_rights));
}
