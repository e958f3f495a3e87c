/* Row-level security: each table, asked as the application under each setting, shows and takes what it should and nothing else. What
 * kind a table is of stands in the table below by hand; that every table with a service is in it is checked against the catalogue.
 *
 * Whether a row would have been taken is asked with a copy of one that is there: refused by the policy it is 42501, let through it is
 * 23505, as its key is taken. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "db/connection.h"
#include "db/statements.h"
#include "tests/db/fixture.h"

enum kind {
    OF_SERVICE,  /* read and written by service */
    OF_BOTH,     /* read by service, written by provider */
    OF_PROVIDER, /* read and written by provider */
    OF_ROWS,     /* the same; written by COPY into <table>_stored, shown as rows by the views of the parts */
};

/* s and p stand for the service and the provider. */
static const struct {
    const char *table;
    enum kind kind;
    const char *sample;
} TABLES[] = {
    {"service", OF_SERVICE, "VALUES (s, 'A service', 'frame') ON CONFLICT DO NOTHING"},
    {"provider", OF_BOTH, "VALUES (s, p, 'A provider') ON CONFLICT DO NOTHING"},
    {"version", OF_BOTH,
     "VALUES (s, p, 8101, 0, 1, 1, now(), 'k', sha256(''), 1, 1, 1, 0, 0, 0, 0, true, 'csv', '', 1)"},
    {"pack", OF_BOTH, "VALUES (s, p, 8101, 0, 1, 0, 1, 'x', sha256(''))"},
    {"version_lookup", OF_BOTH, "VALUES (s, p, 8101, 0, 1, 'bank-holidays', '', 1)"},
    {"sign_off", OF_BOTH, "VALUES (s, p, 8101, 1, now(), 'k', true, '{}')"},
    {"event", OF_SERVICE, "VALUES (s, nextval('change_seq'), 'X', now(), '{}')"},
    {"period_event", OF_SERVICE, "VALUES (s, 8101, nextval('change_seq'), 'FINAL', now(), 'k')"},
    {"plan", OF_SERVICE,
     "VALUES (s, p, 'kpi' || p, 'RED', 8101, 'REQUIRED', 1, now(), '2025-01-01', '{}', '', '', '', '', '', '', '', '', '', -1, '{}')"},
    {"plan_event", OF_SERVICE, "VALUES (s, p, 1, now(), 'k', '', 'REQUIRED', '{}', '')"},
    {"plan_update", OF_SERVICE, "VALUES (s, p, 1, now(), 'k', '2025-01-01', '')"},
    {"plan_action", OF_SERVICE, "VALUES (s, p, 1, '', '', '2025-01-01')"},
    {"national_entry", OF_SERVICE, "VALUES (s, 8101, 'FINANCE', nextval('change_seq'), 1, now(), 'k', '{}')"},
    {"payment_statement", OF_SERVICE,
     "VALUES (s, 2025, nextval('change_seq'), 1, now(), 'k', 0, 0, 0, '{}')"},
    {"payment_step", OF_SERVICE,
     "SELECT s, 2025, max(number), 'DRAFT', 1, now(), 'k', '' FROM payment_statement WHERE service = s"},
    {"snapshot", OF_SERVICE, "VALUES (s, nextval('change_seq'), 'FINAL', 8101, '', '2025-01-01', now(), 1)"},
    {"webhook", OF_PROVIDER,
     "VALUES (s, 'WH-' || nextval('change_seq'), p, 'https://x', '', 'secret', 'ACTIVE', '', now(), 'k', 0)"},
    {"webhook_delivery", OF_SERVICE,
     "SELECT service, webhook, seq, 'DUE', 0, now(), now(), now(), 0, '' FROM event JOIN webhook USING (service) WHERE service = s "
     "ON CONFLICT DO NOTHING"},
    {"audit", OF_SERVICE,
     "VALUES (s, nextval('change_seq'), now(), 'a', 'X', 'o', '{}', sha256(''), sha256(''))"},
    {"audit_head", OF_SERVICE, "VALUES (s) ON CONFLICT DO NOTHING"},
    {"api_key", OF_PROVIDER,
     "VALUES (translate(substr(md5(s || p), 1, 10), '0189', 'wxyz'), 8, s, p, 'internal', '', sha256(''), now(), now() + interval '1 day', "
     "NULL, false)"},
    {"idempotency", OF_PROVIDER, "VALUES (s, p, 'r', 'k', sha256(''), now(), 200, '', '', '')"},
    {"erasure_request", OF_PROVIDER, "VALUES (s, p, nextval('change_seq'), 'r', now(), 'k', 'x')"},
    {"row_pack", OF_ROWS, "SELECT s, p, 8101, part, 1, 1, 1, 'x' FROM generate_series(0, 10) AS part"},
};
enum { TABLE_COUNT = sizeof TABLES / sizeof TABLES[0] };

/* Whose rows there are: in each table one of each; tables without a provider have one for each of them all the same. */
static const char *const OWNERS[][2] = {{"other", "one"}, {"svc", "one"}, {"svc", "two"}};
enum { OWNER_COUNT = 3 };

/* What is set, and which of OWNERS that reaches: by service alone, and with the provider. */
static const struct setting {
    const char *label, *service, *provider; /* NULL: never set on the connection */
    bool by_service[OWNER_COUNT], by_provider[OWNER_COUNT];
} SETTINGS[] = {
    {"nothing set", NULL, NULL, {0}, {0}},
    {"set to nothing", "", "", {0}, {0}},
    {"a service that is not there", "none", "*", {0}, {0}},
    {"the other service", "other", "*", {true, false, false}, {true, false, false}},
    {"the service, no provider", "svc", "", {false, true, true}, {0}},
    {"the service, one provider", "svc", "one", {false, true, true}, {false, true, false}},
    {"the service, every provider", "svc", "*", {false, true, true}, {false, true, true}},
    {"the provider, no service", "", "one", {0}, {0}},
    {"every service, one provider", "*", "one", {true, true, true}, {true, true, false}},
    {"everybody", "*", "*", {true, true, true}, {true, true, true}},
};
enum { SETTING_COUNT = sizeof SETTINGS / sizeof SETTINGS[0] };

static PGconn *app;
static struct buf copies[TABLE_COUNT][OWNER_COUNT]; /* the sample row as JSON, as its owner sees it */

static void ignore_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

/* ---- one of each ---- */

static void add_sample(struct buf *sql, size_t t) {
    buf_printf(sql, "INSERT INTO %s %s;", TABLES[t].table, TABLES[t].sample);
}

static bool make_samples(void) {
    struct buf sql = BUF_EMPTY;
    buf_add_cstr(&sql,
                 "DO $$ DECLARE s text; p text; BEGIN "
                 "INSERT INTO framework VALUES ('frame', 99, '{}', now()); "
                 "INSERT INTO lookup VALUES ('bank-holidays', '', 1, now(), 'k', sha256(''), 1, 1, 1);");
    for (size_t o = 0; o < OWNER_COUNT; o++) {
        buf_printf(&sql, "s := '%s'; p := '%s';", OWNERS[o][0], OWNERS[o][1]);
        for (size_t t = 0; t < TABLE_COUNT; t++)
            add_sample(&sql, t);
    }
    buf_add_cstr(&sql, " END $$");
    buf_add_char(&sql, '\0');
    bool good = database_do(fx.owner, sql.p);
    buf_free(&sql);
    return good;
}

static const char *service_column(size_t t) {
    return strncmp(TABLES[t].table, "audit", 5) == 0 ? "stream" : "service";
}

static bool has_provider(size_t t) {
    return TABLES[t].kind != OF_SERVICE;
}

static bool keep_copies(void) {
    bool whole = true;
    for (size_t t = 0; t < TABLE_COUNT; t++)
        for (size_t o = 0; o < OWNER_COUNT; o++) {
            char sql[300], provider[60] = "";
            if (has_provider(t)) snprintf(provider, sizeof provider, " AND provider = '%s'", OWNERS[o][1]);
            snprintf(sql, sizeof sql, "SELECT to_jsonb(t) FROM %s t WHERE %s = '%s'%s LIMIT 1",
                     TABLES[t].table, service_column(t), OWNERS[o][0], provider);
            const char *row = database_ask(fx.owner, sql);
            if (row[0] != '{') fprintf(stderr, "isolation: no row in %s: %s\n", TABLES[t].table, row);
            whole = whole && row[0] == '{';
            buf_add_cstr(&copies[t][o], row);
            buf_add_char(&copies[t][o], '\0');
        }
    return whole;
}

static int begin(void) {
    if (fixture_begin() != 0 || !make_samples() || !keep_copies()) return 1;
    app = PQconnectdb(fx.app);
    PQsetNoticeReceiver(app, ignore_notice, NULL);
    PQclear(PQexec(app, "SET search_path = quarterday"));
    return PQstatus(app) == CONNECTION_OK ? 0 : 1;
}

static int end(void) {
    PQfinish(app);
    for (size_t t = 0; t < TABLE_COUNT; t++)
        for (size_t o = 0; o < OWNER_COUNT; o++)
            buf_free(&copies[t][o]);
    return fixture_end();
}

/* ---- asking ---- */

/* On a fresh connection when nothing was ever set: after the first SET LOCAL a setting is '' and no longer missing. */
static void act(const struct setting *s) {
    static bool was_set = true;
    if (!s->service && was_set) {
        PQreset(app);
        PQclear(PQexec(app, "SET search_path = quarterday"));
    }
    was_set = s->service;
    PQclear(PQexec(app, "BEGIN"));
    if (!s->service) return;
    char sql[200];
    snprintf(sql, sizeof sql, "SET LOCAL quarterday.service = '%s'; SET LOCAL quarterday.provider = '%s'",
             s->service, s->provider);
    PQclear(PQexec(app, sql));
}

/* The first value, or the SQLSTATE of the refusal; a command's count of rows; "" for one that has neither. */
static const char *ask(const struct setting *s, const char *sql) {
    static char answer[400];
    act(s);
    PGresult *r = PQexec(app, sql);
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    if (state) snprintf(answer, sizeof answer, "%s", state);
    else if (PQntuples(r) > 0) snprintf(answer, sizeof answer, "%s", PQgetvalue(r, 0, 0));
    else snprintf(answer, sizeof answer, "%s", PQcmdTuples(r));
    PQclear(r);
    PQclear(PQexec(app, "ROLLBACK"));
    return answer;
}

/* Whose rows there are in `from`, as one text in the order of OWNERS. */
static void whose(char *out, size_t room, size_t t, const char *from) {
    snprintf(
        out, room,
        "SELECT coalesce(string_agg(o, ' ' ORDER BY o COLLATE \"C\"), '') FROM (SELECT DISTINCT %s || %s AS o FROM %s) x "
        "WHERE o <> ''",
        service_column(t), has_provider(t) ? "'/' || provider" : "''", from);
}

static const char *expected(const struct setting *s, size_t t, bool by_provider) {
    static char want[100];
    const bool *reach = by_provider ? s->by_provider : s->by_service;
    want[0] = '\0';
    for (size_t o = 0; o < OWNER_COUNT; o++) {
        if (!reach[o] || (!has_provider(t) && o == 2)) continue;
        size_t n = strlen(want);
        snprintf(want + n, sizeof want - n, "%s%s%s%s", n ? " " : "", OWNERS[o][0],
                 has_provider(t) ? "/" : "", has_provider(t) ? OWNERS[o][1] : "");
    }
    return want;
}

static void reads(void) {
    for (size_t i = 0; i < SETTING_COUNT; i++)
        for (size_t t = 0; t < TABLE_COUNT; t++) {
            char sql[400];
            whose(sql, sizeof sql, t, TABLES[t].table);
            const char *got = ask(&SETTINGS[i], sql),
                       *want = expected(&SETTINGS[i], t, TABLES[t].kind >= OF_PROVIDER);
            CHECK(strcmp(got, want) == 0, "%s, reading %s: '%s' instead of '%s'", SETTINGS[i].label,
                  TABLES[t].table, got, want);
        }
}

/* What shows the packs as rows shows no more of them, and takes nothing. */
static void views(void) {
    size_t packs = 0;
    while (strcmp(TABLES[packs].table, "row_pack") != 0)
        packs++;
    for (size_t i = 0; i < SETTING_COUNT; i++)
        for (int id = 0; id < PART_COUNT; id++) {
            char sql[400];
            const char *view = part_get((enum part_id)id)->table;
            whose(sql, sizeof sql, packs, view);
            const char *got = ask(&SETTINGS[i], sql), *want = expected(&SETTINGS[i], packs, true);
            CHECK(strcmp(got, want) == 0, "%s, reading %s: '%s' instead of '%s'", SETTINGS[i].label, view,
                  got, want);
            snprintf(sql, sizeof sql, "DELETE FROM %s", view);
            CHECK(strlen(ask(&SETTINGS[i], sql)) == 5, "%s: %s is refused", SETTINGS[i].label, sql);
            snprintf(sql, sizeof sql, "INSERT INTO %s (service, provider) VALUES ('svc', 'one')", view);
            CHECK(strlen(ask(&SETTINGS[i], sql)) == 5, "%s: %s is refused", SETTINGS[i].label, sql);
        }
}

static bool may(size_t t, const char *what) {
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT has_table_privilege('%s', '%s')", TABLES[t].table, what);
    return strcmp(database_ask(fx.app, sql), "t") == 0;
}

/* The first column that the application may change; "" for none. */
static const char *changeable(size_t t) {
    char sql[300];
    snprintf(
        sql, sizeof sql,
        "SELECT attname FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped AND "
        "has_column_privilege(attrelid, attnum, 'UPDATE') ORDER BY attnum LIMIT 1",
        TABLES[t].table);
    return database_ask(fx.app, sql);
}

static void changes(void) {
    int reached = 0;
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        char column[80], command[300], changed[800], all[400];
        snprintf(column, sizeof column, "%s", changeable(t));
        bool can_change = column[0], deletes = may(t, "DELETE");
        if (!can_change) snprintf(column, sizeof column, "%s", service_column(t));
        whose(all, sizeof all, t, "changed");
        for (size_t i = 0; i < SETTING_COUNT; i++) {
            const char *want = expected(&SETTINGS[i], t, TABLES[t].kind != OF_SERVICE);
            snprintf(command, sizeof command, "UPDATE %s SET %s = %s", TABLES[t].table, column, column);
            snprintf(changed, sizeof changed, "WITH changed AS (%s RETURNING *) %s", command, all);
            const char *got = ask(&SETTINGS[i], changed);
            CHECK(strcmp(got, can_change ? want : "42501") == 0, "%s, changing %s: '%s' instead of '%s'",
                  SETTINGS[i].label, TABLES[t].table, got, want);
            reached += can_change && want[0];
            snprintf(changed, sizeof changed, "WITH changed AS (DELETE FROM %s RETURNING *) %s",
                     TABLES[t].table, all);
            got = ask(&SETTINGS[i], changed);
            CHECK(strcmp(got, deletes ? want : "42501") == 0, "%s, deleting from %s: '%s'", SETTINGS[i].label,
                  TABLES[t].table, got);
            snprintf(changed, sizeof changed, "TRUNCATE %s", TABLES[t].table);
            got = ask(&SETTINGS[i], changed);
            CHECK(strcmp(got, "42501") == 0, "%s, emptying %s: '%s'", SETTINGS[i].label, TABLES[t].table,
                  got);
        }
    }
    CHECK(reached > 20, "%d cells in which something was changed", reached);
}

/* Those that a row is made of; the database works out the others itself. */
static void columns_of(char out[2000], const char *table) {
    char sql[300];
    snprintf(
        sql, sizeof sql,
        "SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
        "'%s'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        table);
    snprintf(out, 2000, "%s", database_ask(fx.owner, sql));
}

static void additions(void) {
    for (size_t i = 0; i < SETTING_COUNT; i++)
        for (size_t t = 0; t < TABLE_COUNT; t++)
            for (size_t o = 0; o < OWNER_COUNT; o++) {
                bool rows = TABLES[t].kind == OF_ROWS;
                const bool *reach =
                    TABLES[t].kind == OF_SERVICE ? SETTINGS[i].by_service : SETTINGS[i].by_provider;
                const char *want = !reach[o] ? "42501" : rows ? "1" : "23505";
                char table[80], columns[2000];
                snprintf(table, sizeof table, "%s%s", TABLES[t].table, rows ? "_stored" : "");
                struct buf sql = BUF_EMPTY;
                columns_of(columns, table);
                buf_printf(
                    &sql, "INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, '%s'::jsonb%s)",
                    table, columns, columns, table, copies[t][o].p,
                    rows ? " || '{\"first_row\": 1025}'" : "");
                buf_add_char(&sql, '\0');
                const char *got = ask(&SETTINGS[i], sql.p);
                CHECK(strcmp(got, want) == 0, "%s, adding to %s a row of %s, %s: '%s' instead of '%s'",
                      SETTINGS[i].label, table, OWNERS[o][0], OWNERS[o][1], got, want);
                buf_free(&sql);
            }
}

/* ---- COPY ---- */

/* The SQLSTATE with which COPY of these lines is refused; "" when it is not. */
static const char *copy_in(const struct setting *s, const char *sql, const char *lines) {
    static char state[16];
    act(s);
    PGresult *r = PQexec(app, sql);
    if (PQresultStatus(r) == PGRES_COPY_IN) {
        PQclear(r);
        PQputCopyData(app, lines, (int)strlen(lines));
        PQputCopyEnd(app, NULL);
        r = PQgetResult(app);
    }
    const char *found = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    snprintf(state, sizeof state, "%s", found ? found : "");
    PQclear(r);
    while ((r = PQgetResult(app)))
        PQclear(r);
    PQclear(PQexec(app, "ROLLBACK"));
    return state;
}

static int copy_out(const struct setting *s, const char *table) {
    char sql[100], *line;
    int lines = 0;
    snprintf(sql, sizeof sql, "COPY (SELECT * FROM %s) TO STDOUT", table);
    act(s);
    PGresult *r = PQexec(app, sql);
    if (PQresultStatus(r) != PGRES_COPY_OUT) lines = -1;
    PQclear(r);
    while (lines >= 0 && PQgetCopyData(app, &line, 0) > 0) {
        lines++;
        PQfreemem(line);
    }
    while ((r = PQgetResult(app)))
        PQclear(r);
    PQclear(PQexec(app, "ROLLBACK"));
    return lines;
}

/* A new row of each owner as COPY takes it: what must be there, parted by tabs. */
struct rows_to_copy {
    char table[80], columns[600], lines[OWNER_COUNT][900];
};

static void make_lines(size_t t, struct rows_to_copy *out) {
    char sql[600];
    snprintf(out->table, sizeof out->table, "%s_stored", TABLES[t].table);
    snprintf(
        sql, sizeof sql,
        "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 AND "
        "attnotnull",
        out->table);
    snprintf(out->columns, sizeof out->columns, "%s", database_ask(fx.owner, sql));
    for (size_t o = 0; o < OWNER_COUNT; o++) {
        snprintf(
            sql, sizeof sql,
            "SELECT string_agg(CASE attname WHEN 'first_row' THEN '1025' ELSE to_jsonb(t) ->> attname END, E'\\t' ORDER BY attnum) FROM %s t, "
            "pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 AND attnotnull AND service = '%s' AND provider = '%s' AND part = 0",
            TABLES[t].table, out->table, OWNERS[o][0], OWNERS[o][1]);
        snprintf(out->lines[o], sizeof out->lines[o], "%s\n", database_ask(fx.owner, sql));
    }
}

static void copy_rows(const struct rows_to_copy *rows, const struct setting *s) {
    char sql[900];
    snprintf(sql, sizeof sql, "COPY %s (%s) FROM STDIN", rows->table, rows->columns);
    for (size_t o = 0; o < OWNER_COUNT; o++) {
        const char *got = copy_in(s, sql, rows->lines[o]);
        CHECK(strcmp(got, s->by_provider[o] ? "" : "42501") == 0, "%s, copying into %s a row of %s, %s: '%s'",
              s->label, rows->table, OWNERS[o][0], OWNERS[o][1], got);
    }
    static const char *const REFUSED[] = {"SELECT count(*) FROM %s", "UPDATE %s SET rows = rows",
                                          "DELETE FROM %s", "TRUNCATE %s"};
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        struct buf b = BUF_EMPTY;
        str before = str_of(REFUSED[i]);
        buf_add_str(&b, str_cut(&before, '%'));
        buf_printf(&b, "%s%.*s", rows->table, (int)before.n - 1, before.p + 1);
        buf_add_char(&b, '\0');
        CHECK(strcmp(ask(s, b.p), "42501") == 0, "%s: %s is refused", s->label, b.p);
        buf_free(&b);
    }
    CHECK(copy_out(s, rows->table) == -1, "%s: %s cannot be copied out", s->label, rows->table);
}

static void copy_table(size_t t, const struct setting *s) {
    char sql[200];
    snprintf(sql, sizeof sql, "COPY %s FROM STDIN", TABLES[t].table);
    const char *want = TABLES[t].kind == OF_ROWS ? "42501" : "0A000", *got = copy_in(s, sql, "");
    CHECK(strcmp(got, want) == 0, "%s, copying into %s: '%s'", s->label, TABLES[t].table, got);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", TABLES[t].table);
    long seen = strtol(ask(s, sql), NULL, 10);
    int copied = copy_out(s, TABLES[t].table);
    CHECK(copied == seen, "%s: %d copied out of %s, %ld seen", s->label, copied, TABLES[t].table, seen);
}

static void copies_in_and_out(void) {
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        struct rows_to_copy rows = {0};
        if (TABLES[t].kind == OF_ROWS) make_lines(t, &rows);
        for (size_t i = 0; i < SETTING_COUNT; i++) {
            copy_table(t, &SETTINGS[i]);
            if (TABLES[t].kind == OF_ROWS) copy_rows(&rows, &SETTINGS[i]);
        }
    }
}

/* ---- the owner, and whether the table above is whole ---- */

static void the_owner(void) {
    PGconn *c = PQconnectdb(fx.owner);
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        char sql[200];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM quarterday.%s", TABLES[t].table);
        PGresult *r = PQexec(c, sql);
        CHECK(PQntuples(r) == 1 && strcmp(PQgetvalue(r, 0, 0), "0") == 0,
              "the owner sees %s without saying for whom", TABLES[t].table);
        PQclear(r);
    }
    PQfinish(c);
}

static void whole(void) {
    char found[4000];
    snprintf(
        found, sizeof found, " %s ",
        database_ask(
            fx.owner,
            "SELECT string_agg(DISTINCT c.relname, ' ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'quarterday'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
            "AND a.attname IN ('service', 'provider', 'stream') AND NOT a.attisdropped"));
    size_t count = 0;
    for (const char *p = found; (p = strchr(p + 1, ' ')); count++) {}
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        char name[80];
        snprintf(name, sizeof name, " %s ", TABLES[t].table);
        CHECK(strstr(found, name), "%s is a table with a service", TABLES[t].table);
    }
    CHECK(count == TABLE_COUNT, "%zu tables with a service, %d here; give each new one a line in TABLES:%s",
          count, TABLE_COUNT, found);
}

/* ---- the connection ---- */

#define SETTINGS_TEXT                                                                                        \
    "coalesce(current_setting('quarterday.service', true), '') || coalesce(current_setting('quarterday.provider', true), '')"

struct ending {
    const char *label, *sql; /* NULL: none */
    enum err refuse_with;
};

static enum err run_ending(struct db *db, void *context, struct fault *fault) {
    const struct ending *ending = context;
    enum err e = db_command(db, "SELECT 1 / (" SETTINGS_TEXT " = 'svc*')::int");
    CHECK(e == OK, "%s: it is set within: %s", ending->label, db_last_error(db));
    if (e == OK && ending->sql) e = db_command(db, ending->sql);
    return e == OK && ending->refuse_with != OK ? fail(fault, ending->refuse_with, "refused") : e;
}

static enum err run_count(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct arena a = ARENA_EMPTY;
    struct store_service *services;
    enum err e = store_services_list(db, &a, &services, context);
    arena_free(&a);
    return e;
}

static size_t services_seen(struct db *db, bool in_transaction) {
    size_t count = 99;
    struct fault fault = {.err = OK};
    enum err e =
        in_transaction
            ? db_transaction(db, &(struct db_work){.run = run_count, .context = &count, .read_only = true},
                             &fault)
            : run_count(db, &count, &fault);
    CHECK(e == OK, "%s %s", fault.detail, db_last_error(db));
    return count;
}

static void nothing_stays(void) {
    static const struct ending ENDINGS[] = {
        {"committed", NULL, OK},
        {"committed after a write", "UPDATE service SET stamp = stamp", OK},
        {"refused by the work", NULL, ERR_INVALID},
        {"a statement fails", "SELECT 1 / 0", OK},
        {"cancelled", "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(10)", OK},
        {"out of time", "SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(10)", OK},
        {"the transaction is ended within", "ROLLBACK", OK},
        {"the backend is ended", "SELECT pg_terminate_backend(pg_backend_pid())", OK},
    };
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        struct ending ending = ENDINGS[i];
        db_act_for(fx.db, DB_SERVICE(SERVICE));
        (void)db_transaction(fx.db, &(struct db_work){.run = run_ending, .context = &ending}, NULL);
        CHECK(services_seen(fx.db, true) == 1 && services_seen(fx.db, false) == 1,
              "%s: the same again sees its service", ending.label);
        db_act_for(fx.db, DB_NOBODY);
        CHECK(db_command(fx.db, "SELECT 1 / (" SETTINGS_TEXT " = '')::int") == OK,
              "%s: nothing is set afterwards: %s", ending.label, db_last_error(fx.db));
        CHECK(services_seen(fx.db, true) == 0 && services_seen(fx.db, false) == 0,
              "%s: nobody sees a service afterwards", ending.label);
    }
    db_act_for(fx.db, DB_EVERYBODY);
    CHECK(services_seen(fx.db, true) == 2, "everybody sees both");
}

static void what_is_no_id(void) {
    static const char *const TEXTS[] = {
        "*",    "",     "svc'; SET LOCAL quarterday.service = '*",
        "svc'", "s vc", "svc\n",
        "\\",   "%",    "1234567890123456789012345678901234567890123456789012345678901234x"};
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        db_act_for(fx.db, DB_SERVICE(str_of(TEXTS[i])));
        CHECK(services_seen(fx.db, true) == 0 && services_seen(fx.db, false) == 0, "'%s' acts for nobody",
              TEXTS[i]);
    }
    db_act_for(fx.db, DB_SERVICE(STR_NONE));
    CHECK(services_seen(fx.db, true) == 0, "no text acts for nobody");
    db_act_for(fx.db, DB_SERVICE(STR("other")));
    CHECK(services_seen(fx.db, true) == 1, "an id acts for its service");
    db_act_for(fx.db, DB_EVERYBODY);
}

/* An upload of one provider, told to the database as another's: refused by the rows, by the version and without any trace. */
static void a_forgotten_check(void) {
    struct store_version v;
    db_act_for(fx.db, (struct db_scope){.service = SERVICE, .provider = TWO});
    CHECK(fixture_accept(fx.db, ONE, 8102, PART_EPISODES, 3, INSTANT_NONE, &v) != OK,
          "rows of another provider");
    CHECK(fixture_accept(fx.db, TWO, 8102, PART_EPISODES, 3, INSTANT_NONE, &v) == OK, "its own: %s",
          db_last_error(fx.db));
    db_act_for(fx.db, DB_NOBODY);
    CHECK(fixture_accept(fx.db, TWO, 8103, PART_EPISODES, 3, INSTANT_NONE, &v) != OK, "for nobody");
    db_act_for(fx.db, DB_EVERYBODY);
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT string_agg(provider || ' ' || period, ',') FROM (SELECT DISTINCT provider, period FROM episode "
                "WHERE period > 8101) x"),
            "two 8102") == 0,
        "nothing else is there");
}

void suite_db_isolation(void) {
    suite_add("db isolation", begin, end);
    case_add("the list of tables is whole", whole);
    case_add("reading: each table under each setting", reads);
    case_add("reading the rows: the view of each part under each setting", views);
    case_add("changing, deleting, emptying: each table under each setting", changes);
    case_add("adding: each table under each setting", additions);
    case_add("COPY in and out: each table under each setting", copies_in_and_out);
    case_add("the owner sees nothing either", the_owner);
    case_add("no setting outlives its transaction, however that ends", nothing_stays);
    case_add("what is no id acts for nobody", what_is_no_id);
    case_add("an upload told as another's is refused", a_forgotten_check);
}
