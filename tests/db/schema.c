/* The schema itself: the tables of rows are what the parts say, the application's role can do what it must
 * and no more, and every statement fits. */
#include <libpq-fe.h>
#include <stdio.h>

#include "base/embed.h"
#include "db/connection.h"
#include "db/statements.h"
#include "tests/db/fixture.h"

static const char *sql_type(enum column_kind kind) {
    switch (kind) {
    case COL_DATE: return "date";
    case COL_INT: return "integer";
    case COL_DECIMAL: return "numeric";
    case COL_FLAG: return "boolean";
    default: return "text";
    }
}

/* "name type, name type" of the stored columns, as the catalogue would say it. */
static void describe(const struct part *part, struct buf *out) {
    buf_add_cstr(out, "service text, provider text, period smallint, version integer, row integer");
    char name[64];
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        if (!(c->flags & COLUMN_NOT_STORED))
            buf_printf(out, ", %s %s", column_sql_name(c, name), sql_type(c->kind));
    }
    buf_add_char(out, '\0');
}

static void tables_are_parts(void) {
    int found = 0;
    for (int id = 0; id < PART_COUNT; id++) {
        const struct part *part = part_get((enum part_id)id);
        if (!part) continue;
        struct buf want = BUF_EMPTY;
        char query[400], got[4000];
        describe(part, &want);
        snprintf(
            query, sizeof query,
            "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute "
            "WHERE attrelid = 'quarterday.%s'::regclass AND attnum > 0 AND NOT attisdropped",
            part->table);
        snprintf(got, sizeof got, "%s", database_ask(fx.owner, query));
        CHECK(strcmp(got, want.p) == 0, "%s:\n  part  %s\n  table %s", part->name, want.p, got);
        buf_free(&want);
        found++;
    }
    CHECK(found >= 10, "%d parts", found);
}

static void privileges(void) {
    static const struct {
        const char *label, *sql, *state;
    } CASES[] = {
        {"reads", "SELECT count(*) FROM version", ""},
        {"locks a provider", "SELECT 1 FROM provider FOR NO KEY UPDATE", ""},
        {"deletes rows", "DELETE FROM row_pack", "42501"},
        {"changes rows", "UPDATE row_pack SET lines = lines", "42501"},
        {"empties rows", "TRUNCATE row_pack", "42501"},
        {"deletes rows where they lie", "DELETE FROM row_pack_stored", "42501"},
        {"changes a version", "UPDATE version SET rows = 0", "42501"},
        {"deletes a version", "DELETE FROM version", "42501"},
        {"changes the audit", "UPDATE audit SET actor = 'x'", "42501"},
        {"deletes the audit", "DELETE FROM audit", "42501"},
        {"empties the audit", "TRUNCATE audit", "42501"},
        {"changes an event", "UPDATE event SET kind = 'X'", "42501"},
        {"deletes a service", "DELETE FROM service", "42501"},
        {"renames a service's id", "UPDATE service SET service = 'x'", "42501"},
        {"changes a framework", "UPDATE framework SET body = ''", "42501"},
        {"gives a key another role", "UPDATE api_key SET role = 1", "42501"},
        {"gives a key another secret", "UPDATE api_key SET secret_sha256 = secret_sha256", "42501"},
        {"lets a key live longer", "UPDATE api_key SET expires_at = now()", "42501"},
        {"lets a key come from anywhere", "UPDATE api_key SET addresses = ''", "42501"},
        {"gives a key a scope", "UPDATE api_key SET scopes = 1", "42501"},
        {"deletes a key", "DELETE FROM api_key", "42501"},
        {"notes a migration", "INSERT INTO schema_migration VALUES (99, 'x', '', now(), '0')", "42501"},
        {"makes a table", "CREATE TABLE quarterday.x (a int)", "42501"},
        {"makes a table in public", "CREATE TABLE public.x (a int)", "42501"},
        {"sets the sequence", "SELECT setval('change_seq', 1)", "42501"},
        {"calls the trigger's function", "SELECT refuse_change()", "42501"},
        {"switches triggers off", "ALTER TABLE audit DISABLE TRIGGER ALL", "42501"},
        {"becomes the owner", "SET ROLE quarterday_owner", "42501"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const char *state = database_refusal(fx.app, CASES[i].sql);
        CHECK(strcmp(state, CASES[i].state) == 0, "the application %s: '%s'", CASES[i].label, state);
    }
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT count(*) FROM information_schema.table_privileges WHERE table_schema = 'quarterday' AND grantee = 'PUBLIC'"),
            "0") == 0,
        "nothing is granted to everybody");
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT coalesce(string_agg(table_name || ' ' || privilege_type, ', '), '') FROM information_schema.table_privileges "
                "WHERE table_schema = 'quarterday' AND grantee = 'quarterday_app' AND privilege_type NOT IN ('SELECT', 'INSERT')"),
            "idempotency DELETE") == 0,
        "whole tables can be read and added to, and answers that were kept for a while are forgotten");
}

static void keys_begin_with_service(void) {
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT coalesce(string_agg(c.relname, ', ' ORDER BY c.relname), '') FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
                "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indisprimary AND "
                "c.relnamespace = 'quarterday'::regnamespace AND a.attname <> 'service'"),
            "api_key, audit, audit_head, framework, lookup, lookup_pack, schema_migration") == 0,
        "tables whose key begins otherwise are those that belong to no service");
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relname IN ('row_pack', 'row_pack_stored') AND "
                "c.relnamespace = 'quarterday'::regnamespace"),
            "2") == 0,
        "rows have no index but their key");
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT string_agg(attstorage::text, '') FROM pg_attribute WHERE attrelid = 'quarterday.pack'::regclass AND attname IN ('facts', 'digests')"),
            "ee") == 0,
        "packs are stored uncompressed");
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT string_agg(attcompression::text, '') FROM pg_attribute WHERE attname = 'lines' AND attrelid IN "
                "('quarterday.row_pack'::regclass, 'quarterday.row_pack_stored'::regclass)"),
            "ll") == 0,
        "lines are compressed by LZ4");
}

static bool is_script(const char *name) {
    static const char *const SCRIPTS[] = {"migrate_bootstrap",  "migrate_limits", "rows_copy",
                                          "rows_read",          "row_ids",        "subject_rows",
                                          "rows_erase_subject", "rows_erase_old", "rows_old_count"};
    for (size_t i = 0; i < sizeof SCRIPTS / sizeof SCRIPTS[0]; i++)
        if (strcmp(name, SCRIPTS[i]) == 0) return true;
    return false;
}

/* Each statement can be prepared by the application, says what it answers, and uses the parameters that its
 * comment names. */
static void statements(void) {
    CHECK(db_ping(fx.db, NULL) == OK, "%s", db_last_error(fx.db));
    for (int i = 0; i < STMT_COUNT; i++) {
        const char *name = db_statement_name((enum db_stmt)i), *text = db_statement_text((enum db_stmt)i);
        CHECK(strncmp(text, "-- ", 3) == 0, "%s opens with a comment", name);
        if (is_script(name)) continue;
        CHECK(db_prepare(fx.db, (enum db_stmt)i) == OK, "%s: %s", name, db_last_error(fx.db));
        bool ended = false;
        for (int p = 1; p <= 30; p++) {
            char mark[8];
            snprintf(mark, sizeof mark, "$%d", p);
            const char *code = strstr(text, "\n");
            while (code && strncmp(code + 1, "--", 2) == 0)
                code = strstr(code + 1, "\n");
            bool used = code && strstr(code, mark), told = strstr(text, mark) && strstr(text, mark) < code;
            CHECK(used == told, "%s: %s is %s", name, mark,
                  used ? "used and not told of" : "told of and not used");
            CHECK(!used || !ended, "%s: %s after a gap", name, mark);
            ended |= !used;
        }
    }
}

void suite_db_schema(void) {
    suite_add("db schema", fixture_begin, fixture_end);
    case_add("the tables of rows are what the parts describe", tables_are_parts);
    case_add("the application's role can do what it must, and no more", privileges);
    case_add("keys begin with the service, rows have no other index", keys_begin_with_service);
    case_add("every statement is prepared, and its comment names its parameters", statements);
}
