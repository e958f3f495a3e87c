/* Row-level security must not take an index away from a statement: each one's plan has the same scans and index conditions with the policies as
 * without them. (A condition whose function is not leakproof would have to wait behind the policy's, and its index with it.) The
 * tables that grow are filled, and sequential scans are made dear where they are small: what is compared is what the planner can do. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "db/row_sql.h"
#include "tests/db/fixture.h"

static PGconn *app;

static void ignore_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

static bool open_app(void) {
    app = PQconnectdb(fx.app);
    PQsetNoticeReceiver(app, ignore_notice, NULL);
    PQclear(PQexec(
        app,
        "SET search_path = quarterday; SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = "
        "force_generic_plan; SET quarterday.service = 'svc'; SET quarterday.provider = 'one'"));
    return PQstatus(app) == CONNECTION_OK;
}

/* Twenty services of ten providers with a few years behind them. */
static bool fill(void) {
    return database_do(
        fx.owner,
        "INSERT INTO service (service, name, framework_id) SELECT 's' || s, '', 'f' FROM generate_series(1, 20) s;"
        "INSERT INTO provider SELECT 's' || s, 'p' || p, '' FROM generate_series(1, 20) s, generate_series(1, 10) p;"
        "INSERT INTO event SELECT 's' || 1 + n % 20, n, 'X', now() + n * interval '1 s', '{}' FROM generate_series(1, 20000) n;"
        "INSERT INTO audit SELECT 's' || 1 + n % 20, n, now(), '', 'X', '', '{}', sha256(''), sha256('') FROM generate_series(1, 20000) n;"
        "INSERT INTO audit_head (stream) SELECT 's' || s FROM generate_series(1, 20) s;"
        "INSERT INTO snapshot SELECT 's' || s, n, 'FINAL', 8101, '', '2025-01-01', now(), 1 FROM generate_series(1, 20) s, generate_series(1, 50) n;"
        "INSERT INTO version SELECT 's' || s, 'p' || p, 8100 + q, 0, v, n, now(), 'k', sha256(''), 1, 1, 1, 0, 0, 0, 0, true, 'csv', '', 1 "
        "FROM generate_series(1, 20) s, generate_series(1, 10) p, generate_series(1, 12) q, generate_series(1, 4) v, LATERAL (SELECT s * p * q * v AS n) x;"
        "INSERT INTO pack SELECT service, provider, period, part, version, 0, 1, 'x', sha256('') FROM version;"
        "INSERT INTO sign_off SELECT service, provider, period, version, now(), 'k', true, '{}' FROM version;"
        "ANALYZE service, provider, event, audit, audit_head, snapshot, version, pack, sign_off");
}

static int highest_parameter(const char *sql) {
    int highest = 0;
    for (const char *p = strchr(sql, '$'); p; p = strchr(p + 1, '$')) {
        int n = (int)strtol(p + 1, NULL, 10);
        if (n > highest) highest = n;
    }
    return highest;
}

/* Numbers of parameters move when a policy adds its own, those of aliases (w_1) when two tables change places. */
static size_t number_after(const char *p) {
    size_t n = strspn(p + 1, "0123456789");
    bool is_alias = *p == '_' && n && !strchr("abcdefghijklmnopqrstuvwxyz_", p[n + 1]);
    return *p == '$' || is_alias ? n : 0;
}

static char *without_numbers(const char *line) {
    struct buf b = BUF_EMPTY;
    for (const char *p = line + strspn(line, " ->"); *p;) {
        size_t n = number_after(p);
        if (*p == '$' || !n) buf_add_char(&b, *p);
        p += 1 + n;
    }
    return buf_take(&b, NULL);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The scans and index conditions of a plan, a line each and sorted. */
static void add_scans(struct buf *out, const PGresult *plan) {
    enum { LINES = 100 };
    char *lines[LINES] = {0};
    size_t count = 0;
    for (int i = 0; i < PQntuples(plan) && count < LINES; i++) {
        const char *line = PQgetvalue(plan, i, 0);
        if (strstr(line, " Scan") || strstr(line, "Index Cond")) lines[count++] = without_numbers(line);
    }
    qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s\n", lines[i]);
        free(lines[i]);
    }
}

/* Those of a statement; what the database says when it cannot be planned. */
static void scans_of(const char *sql, struct buf *out) {
    struct buf b = BUF_EMPTY;
    buf_printf(&b, "PREPARE asked AS %s", sql);
    buf_add_char(&b, '\0');
    PQclear(PQexec(app, b.p));
    buf_clear(&b);
    buf_add_cstr(&b, "EXPLAIN (COSTS OFF) EXECUTE asked");
    for (int i = 0, n = highest_parameter(sql); i < n; i++)
        buf_add_cstr(&b, i == 0 ? " (NULL" : ", NULL");
    buf_add_cstr(&b, highest_parameter(sql) ? ")" : "");
    buf_add_char(&b, '\0');
    PGresult *r = PQexec(app, b.p);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) buf_printf(out, "%s", PQerrorMessage(app));
    add_scans(out, r);
    PQclear(r);
    PQclear(PQexec(app, "DEALLOCATE asked"));
    buf_add_char(out, '\0');
    buf_free(&b);
}

enum { ROOM = STMT_COUNT + 8 };
static struct buf with[ROOM], without[ROOM];

/* What has no parameter goes over everything by nature. */
static bool is_planned(enum db_stmt stmt) {
    const char *text = db_statement_text(stmt);
    /* Its versions are few, by the policy's estimate fewer still: it is joined by the whole key instead of by a hash of a part of it. */
    if (stmt == STMT_old_facts_load) return false;
    return !strchr(text, '{') && highest_parameter(text);
}

static void scan_all(struct buf *out) {
    static const enum db_stmt TEMPLATES[] = {STMT_rows_read, STMT_row_ids};
    for (int i = 0; i < STMT_COUNT; i++)
        if (is_planned((enum db_stmt)i)) scans_of(db_statement_text((enum db_stmt)i), &out[i]);
    for (size_t i = 0; i < sizeof TEMPLATES / sizeof TEMPLATES[0]; i++) {
        char *sql = row_sql_fill(TEMPLATES[i], part_get(PART_EPISODES));
        scans_of(sql, &out[STMT_COUNT + i]);
        free(sql);
    }
}

static void same_scans(void) {
    int indexed = 0;
    CHECK(fill(), "filled");
    CHECK(open_app(), "connected");
    scan_all(with);
    CHECK(
        database_do(
            fx.owner,
            "DO $$ DECLARE name text; BEGIN FOR name IN SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = "
            "'quarterday'::regnamespace LOOP EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', name); END LOOP; END $$"),
        "row-level security is off");
    scan_all(without);
    for (int i = 0; i < ROOM; i++) {
        const char *name = i < STMT_COUNT ? db_statement_name((enum db_stmt)i) : "a template of rows";
        const char *a = with[i].p ? with[i].p : "", *b = without[i].p ? without[i].p : "";
        CHECK(strcmp(a, b) == 0, "%s\n  with policies:\n%s  without:\n%s", name, a, b);
        indexed += strstr(a, "Index Cond") != NULL;
        buf_free(&with[i]);
        buf_free(&without[i]);
    }
    CHECK(indexed > 40, "%d statements use an index", indexed);
    PQfinish(app);
}

void suite_db_index_use(void) {
    suite_add("db index use", fixture_begin, fixture_end);
    case_add("policies take no index from any statement", same_scans);
}
