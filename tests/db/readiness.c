/* Whether the service may run: every breach that the catalogue and the settings allow is made in a database of its own, is named with its cure, and
 * is gone when it is undone. What only a superuser can do is done by tools/cluster.sh beside the tests' private cluster. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/db/fixture.h"

extern char **environ;

static const char *said(enum err (*check)(struct db *, struct fault *), const char *conninfo) {
    static struct fault fault;
    fault = (struct fault){.err = OK};
    struct db *db = db_new(conninfo, "test readiness");
    enum err e = check(db, &fault);
    db_free(db);
    return e == OK ? "" : fault.detail;
}

/* ---- the catalogue ---- */

#define OTHERS " TO quarterday_app"

static void catalogue(void) {
    static const struct {
        const char *label, *breach, *undo, *words;
    } CASES[] = {
        {"a table without row-level security",
         "CREATE TABLE thing (service text); CREATE POLICY own ON thing USING (service = current_setting('quarterday.service'))",
         "DROP TABLE thing", "thing has a service and no row-level security"},
        {"a table of a provider",
         "CREATE TABLE thing (provider text); CREATE POLICY own ON thing USING (provider = current_setting('quarterday.service'))",
         "DROP TABLE thing", "thing has a service and no row-level security"},
        {"not forced", "ALTER TABLE event NO FORCE ROW LEVEL SECURITY",
         "ALTER TABLE event FORCE ROW LEVEL SECURITY", "event has a service and no row-level security"},
        {"switched off", "ALTER TABLE row_pack DISABLE ROW LEVEL SECURITY",
         "ALTER TABLE row_pack ENABLE ROW LEVEL SECURITY",
         "row_pack has a service and no row-level security"},
        {"no policy",
         "CREATE TABLE thing (service text); ALTER TABLE thing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
         "DROP TABLE thing", "thing has a service and no policy"},
        {"a policy for all", "CREATE POLICY open ON plan USING (true)", "DROP POLICY open ON plan",
         "the policy open of plan does not ask"},
        {"a policy that lets all be written", "CREATE POLICY open ON plan FOR INSERT WITH CHECK (true)",
         "DROP POLICY open ON plan", "the policy open of plan does not ask"},
        {"a view with its owner's rights", "CREATE VIEW thing AS SELECT * FROM plan", "DROP VIEW thing",
         "the view thing is read with the rights of its owner"},
        {"a copy of rows", "CREATE MATERIALIZED VIEW thing AS SELECT service FROM plan",
         "DROP MATERIALIZED VIEW thing", "thing keeps copies of rows"},
        {"a function with its owner's rights",
         "CREATE FUNCTION thing() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; REVOKE ALL ON FUNCTION thing() FROM PUBLIC",
         "DROP FUNCTION thing()", "the function thing() runs with the rights of its owner"},
        {"a function for everybody",
         "CREATE FUNCTION thing() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION thing() TO PUBLIC",
         "DROP FUNCTION thing()", "everybody has EXECUTE on FUNCTION thing()"},
        {"a table for everybody", "GRANT SELECT ON framework TO PUBLIC",
         "REVOKE SELECT ON framework FROM PUBLIC", "everybody has SELECT on TABLE framework"},
        {"a column for everybody", "GRANT SELECT (body) ON framework TO PUBLIC",
         "REVOKE SELECT (body) ON framework FROM PUBLIC", "everybody has SELECT on TABLE framework"},
        {"the sequence for everybody", "GRANT USAGE ON SEQUENCE change_seq TO PUBLIC",
         "REVOKE USAGE ON SEQUENCE change_seq FROM PUBLIC", "everybody has USAGE on SEQUENCE change_seq"},
        {"the schema for everybody", "GRANT USAGE ON SCHEMA quarterday TO PUBLIC",
         "REVOKE USAGE ON SCHEMA quarterday FROM PUBLIC", "everybody has USAGE on SCHEMA quarterday"},
        {"the application empties", "GRANT TRUNCATE ON pack" OTHERS,
         "REVOKE TRUNCATE ON pack FROM quarterday_app", "quarterday_app has TRUNCATE on TABLE pack"},
        {"the application deletes", "GRANT DELETE ON version" OTHERS,
         "REVOKE DELETE ON version FROM quarterday_app", "quarterday_app has DELETE on TABLE version"},
        {"the application sets the sequence", "GRANT UPDATE ON SEQUENCE change_seq" OTHERS,
         "REVOKE UPDATE ON SEQUENCE change_seq FROM quarterday_app",
         "quarterday_app has UPDATE on SEQUENCE change_seq"},
        {"the application passes rights on", "GRANT SELECT ON framework TO quarterday_app WITH GRANT OPTION",
         "REVOKE GRANT OPTION FOR SELECT ON framework FROM quarterday_app",
         "quarterday_app has SELECT on TABLE framework"},
        {"the application reads where rows lie", "GRANT SELECT ON row_pack_stored" OTHERS,
         "REVOKE SELECT ON row_pack_stored FROM quarterday_app",
         "row_pack_stored holds rows without row-level security"},
        {"the application reads a column where rows lie", "GRANT SELECT (lines) ON row_pack_stored" OTHERS,
         "REVOKE SELECT (lines) ON row_pack_stored FROM quarterday_app",
         "row_pack_stored holds rows without row-level security"},
        {"the trigger on rows of others is off", "ALTER TABLE row_pack_stored DISABLE TRIGGER rows_of_others",
         "ALTER TABLE row_pack_stored ENABLE TRIGGER rows_of_others", "row_pack_stored takes rows of others"},
        {"a trigger is off", "ALTER TABLE audit DISABLE TRIGGER audit_is_append_only",
         "ALTER TABLE audit ENABLE TRIGGER audit_is_append_only",
         "the trigger audit_is_append_only of audit is switched off"},
        {"a key over services", "CREATE UNIQUE INDEX thing ON plan (plan, service)", "DROP INDEX thing",
         "the key thing of plan does not begin with the service"},
    };
    char owner[CONNINFO_ROOM], app[CONNINFO_ROOM];
    bool made = database_make(owner, sizeof owner, app, sizeof app);
    CHECK(made, "a database");
    if (!made) return;
    const char *before = said(store_check_catalogue, app);
    CHECK(!before[0], "as migrated: %s", before);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        CHECK(database_do(owner, CASES[i].breach), "%s: made", CASES[i].label);
        const char *words = said(store_check_catalogue, app);
        CHECK(strstr(words, CASES[i].words), "%s: '%s'", CASES[i].label, words);
        CHECK(database_do(owner, CASES[i].undo), "%s: undone", CASES[i].label);
        words = said(store_check_catalogue, app);
        CHECK(!words[0], "%s, undone: '%s'", CASES[i].label, words);
    }
    const char *name = strstr(owner, "dbname=") + strlen("dbname=");
    char sql[200];
    snprintf(sql, sizeof sql, "GRANT TEMPORARY ON DATABASE %s TO PUBLIC", name);
    CHECK(database_do(owner, sql), "made");
    const char *words = said(store_check_catalogue, app);
    CHECK(strstr(words, "everybody has TEMPORARY on DATABASE") && strstr(words, "GRANT CONNECT ON DATABASE"),
          "temporary tables for everybody: '%s'", words);
    database_drop(owner);
}

/* ---- the role and the settings ---- */

static void roles_and_settings(void) {
    static const struct {
        const char *label, *breach, *undo, *words, *cure;
    } CASES[] = {
        {"a superuser", "ALTER ROLE quarterday_app SUPERUSER", "ALTER ROLE quarterday_app NOSUPERUSER",
         "a superuser", "NOSUPERUSER"},
        {"BYPASSRLS", "ALTER ROLE quarterday_app BYPASSRLS", "ALTER ROLE quarterday_app NOBYPASSRLS",
         "(BYPASSRLS)", "NOBYPASSRLS"},
        {"CREATEROLE", "ALTER ROLE quarterday_app CREATEROLE", "ALTER ROLE quarterday_app NOCREATEROLE",
         "CREATEROLE", "NOCREATEROLE"},
        {"a member of the owner", "GRANT quarterday_owner TO quarterday_app",
         "REVOKE quarterday_owner FROM quarterday_app", "a member of quarterday_owner",
         "REVOKE quarterday_owner FROM quarterday_app;"},
        {"a member of who reads all", "GRANT pg_read_all_data TO quarterday_app",
         "REVOKE pg_read_all_data FROM quarterday_app", "a member of pg_read_all_data",
         "REVOKE pg_read_all_data"},
        {"makes tables", "GRANT CREATE ON SCHEMA quarterday TO quarterday_app",
         "REVOKE CREATE ON SCHEMA quarterday FROM quarterday_app", "can create objects in SCHEMA quarterday",
         "REVOKE CREATE ON SCHEMA quarterday"},
        {"makes tables in public", "GRANT CREATE ON SCHEMA public TO quarterday_app",
         "REVOKE CREATE ON SCHEMA public FROM quarterday_app", "can create objects in SCHEMA public",
         "REVOKE CREATE ON SCHEMA public"},
        {"commits are not waited for, for the role", "ALTER ROLE quarterday_app SET synchronous_commit = off",
         "ALTER ROLE quarterday_app RESET synchronous_commit", "synchronous_commit = off",
         "ALTER ROLE quarterday_app RESET synchronous_commit"},
        {"no writes, for the role", "ALTER ROLE quarterday_app SET default_transaction_read_only = on",
         "ALTER ROLE quarterday_app RESET default_transaction_read_only", "takes no writes",
         "ALTER ROLE quarterday_app RESET default_transaction_read_only"},
        {"row-level security is off for the role", "ALTER ROLE quarterday_app SET row_security = off",
         "ALTER ROLE quarterday_app RESET row_security", "row_security = off", "pooler"},
    };
    static const char *const UNSAFE[] = {"fsync", "full_page_writes", "synchronous_commit"};
    char owner[CONNINFO_ROOM], app[CONNINFO_ROOM], sql[200];
    bool made = database_make(owner, sizeof owner, app, sizeof app);
    CHECK(made, "a database");
    if (!made) return;
    const char *name = strstr(owner, "dbname=") + strlen("dbname="), *words;
    if (!database_do_as_super(name, "")) {
        case_skip("there is no superuser to ask");
        database_drop(owner);
        return;
    }
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        CHECK(database_do_as_super(name, CASES[i].breach), "%s: made", CASES[i].label);
        words = said(store_check_ready, app);
        CHECK(strstr(words, CASES[i].words) && strstr(words, CASES[i].cure), "%s: '%s'", CASES[i].label,
              words);
        CHECK(database_do_as_super(name, CASES[i].undo), "%s: undone", CASES[i].label);
        words = said(store_check_ready, app);
        CHECK(!words[0], "%s, undone: '%s'", CASES[i].label, words);
    }
    for (size_t i = 0; i < sizeof UNSAFE / sizeof UNSAFE[0]; i++) {
        char text[60];
        snprintf(text, sizeof text, "%s = off", UNSAFE[i]);
        snprintf(sql, sizeof sql, "ALTER SYSTEM SET %s = off", UNSAFE[i]);
        CHECK(database_do_as_super(name, sql) && database_do_as_super(name, "SELECT pg_reload_conf()"), "%s",
              sql);
        for (int tries = 0; tries < 6000 && !strstr(words = said(store_check_ready, app), text); tries++)
            usleep(10000);
        CHECK(strstr(words, text) && strstr(words, "Switch it on"), "%s: '%s'", text, words);
        snprintf(sql, sizeof sql, "ALTER SYSTEM RESET %s", UNSAFE[i]);
        CHECK(database_do_as_super(name, sql) && database_do_as_super(name, "SELECT pg_reload_conf()"), "%s",
              sql);
        for (int tries = 0; tries < 6000 && *(words = said(store_check_ready, app)); tries++)
            usleep(10000);
        CHECK(!words[0], "%s undone: '%s'", UNSAFE[i], words);
    }
    database_drop(owner);
}

void suite_db_readiness(void) {
    suite_add("db readiness", NULL, NULL);
    case_add("what the catalogue must not allow is named", catalogue);
    case_add("a role that is too strong and unsafe settings are refused with their cure", roles_and_settings);
}
