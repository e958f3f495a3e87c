/* Would the torture suites notice? Here faults are planted, one at a time, in what a crowd has stored: a COMMIT that was answered and never
 * done, a version, a row or an event that is gone, there twice or another. The oracle must find each, and nothing where there is none. */
#include <stdio.h>
#include <string.h>

#include "tests/support/database.h"
#include "tests/support/pg_proxy.h"
#include "tests/support/suite.h"
#include "tests/torture/crowd.h"

static struct service *s;
static struct pg_proxy *proxy;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void check_finds(struct crowd *c, const char *label, const char *words) {
    const char *first;
    unsigned faults = crowd_faults(c, &first);
    CHECK(faults > 0 && strstr(first, words), "%s: %u faults, the first: '%s'", label, faults, first);
}

static void check_finds_nothing(struct crowd *c, const char *when) {
    const char *first;
    unsigned faults = crowd_faults(c, &first);
    CHECK(faults == 0, "%s: %u faults, the first: %s", when, faults, first);
}

/* ---- in the database ---- */

/* The newest of one of the eight, its newest event and audit line; what is changed is kept beside it meanwhile. */
#define NEWEST                                                                                               \
    "(SELECT seq FROM version WHERE provider = 'homerton' AND period = 8100 AND part = 0 ORDER BY version DESC LIMIT 1)"
#define OF_NEWEST                                                                                            \
    "provider = 'homerton' AND period = 8100 AND version = (SELECT version FROM version WHERE seq = " NEWEST \
    ")"
#define ITS_ROWS OF_NEWEST " AND part = 0"
#define ITS_LINE "(SELECT max(seq) FROM audit WHERE action = 'RETURN_ACCEPTED')"
#define KEEP(table, which)                                                                                   \
    "CREATE SCHEMA aside; CREATE TABLE aside.kept AS SELECT * FROM " table " WHERE " which "; "
#define PUT_BACK(table) "INSERT INTO " table " SELECT * FROM aside.kept; "

static const struct {
    const char *label, *plant, *undo, *words;
} FAULTS[] = {
    {"a version is lost", KEEP("version", "seq = " NEWEST) "DELETE FROM version WHERE seq = " NEWEST,
     PUT_BACK("version"), "was acknowledged and is not there"},
    {"a version has other bytes",
     KEEP("version", "seq = " NEWEST) "UPDATE version SET sha256 = sha256('other') WHERE seq = " NEWEST,
     "UPDATE version v SET sha256 = k.sha256 FROM aside.kept k WHERE k.seq = v.seq", "was sent by nobody"},
    {"a version is there twice",
     KEEP("version", "seq = " NEWEST) "UPDATE aside.kept SET version = version + 1, seq = nextval('change_seq'), rows = 0, created = 0, updated = 0, unchanged = 0; " PUT_BACK(
         "version"),
     "DELETE FROM version v USING aside.kept k WHERE k.seq = v.seq", "is there 2 times"},
    {"a version has another number",
     KEEP(
         "version",
         "seq = " NEWEST) "UPDATE version SET version = version + 1, rows = 0, created = 0, updated = 0, unchanged = 0 WHERE seq = " NEWEST,
     "UPDATE version v SET version = k.version, rows = k.rows, created = k.created, updated = k.updated, unchanged = k.unchanged FROM aside.kept k WHERE k.seq = v.seq",
     "acknowledged as version"},
    {"a row is lost",
     KEEP(
         "row_pack_stored",
         ITS_ROWS) "UPDATE row_pack_stored SET rows = rows - 1, lines = regexp_replace(lines, '\n[^\n]*$', '') WHERE " ITS_ROWS,
     "DELETE FROM row_pack_stored WHERE " ITS_ROWS "; " PUT_BACK("row_pack_stored"), " rows has "},
    {"a row is there twice",
     KEEP("row_pack_stored",
          ITS_ROWS) "UPDATE aside.kept SET first_row = 1024001; " PUT_BACK("row_pack_stored"),
     "DELETE FROM row_pack_stored WHERE first_row = 1024001", " rows has "},
    {"rows are without a version",
     KEEP("row_pack_stored", ITS_ROWS) "UPDATE aside.kept SET version = 9999; " PUT_BACK("row_pack_stored"),
     "DELETE FROM row_pack_stored WHERE version = 9999", "rows are without their version"},
    {"a pack is lost",
     KEEP("pack", OF_NEWEST " AND part = 0") "DELETE FROM pack WHERE " OF_NEWEST " AND part = 0",
     PUT_BACK("pack"), "and 0 packed"},
    {"an event is lost", KEEP("event", "seq = " NEWEST) "DELETE FROM event WHERE seq = " NEWEST,
     PUT_BACK("event"), "too many or too few events"},
    {"an audit line is changed",
     KEEP("audit", "seq = " ITS_LINE) "UPDATE audit SET actor = 'somebody' WHERE seq = " ITS_LINE,
     "UPDATE audit a SET actor = k.actor FROM aside.kept k WHERE k.seq = a.seq AND k.stream = a.stream",
     "the audit's chains"},
};

/* Without triggers and foreign keys, as only a superuser can. */
static bool change(const char *sql) {
    char all[2400];
    snprintf(
        all, sizeof all,
        "SET client_min_messages = warning; SET search_path = quarterday; SET session_replication_role = replica; %s",
        sql);
    return database_do_as_super(strstr(s->owner, "dbname=") + strlen("dbname="), all);
}

static bool undo(const char *sql) {
    char all[2000];
    snprintf(all, sizeof all, "%s; DROP SCHEMA aside CASCADE", sql);
    return change(all);
}

static void faults_are_found(void) {
    if (!change("")) {
        case_skip("there is no superuser to ask");
        return;
    }
    struct crowd *c = crowd_gather(s);
    CHECK(crowd_go(c, 40), "uploads are acknowledged");
    CHECK(crowd_settle(c), "every client has had an answer");
    check_finds_nothing(c, "before");
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
        CHECK(change(FAULTS[i].plant), "%s: planted", FAULTS[i].label);
        check_finds(c, FAULTS[i].label, FAULTS[i].words);
        CHECK(undo(FAULTS[i].undo), "%s: undone", FAULTS[i].label);
    }
    check_finds_nothing(c, "afterwards");
    crowd_dismiss(c, "faults", sizeof FAULTS / sizeof *FAULTS);
}

/* The facts of the version before in the place of the newest one's; the service has not counted them yet. */
static void wrong_figures_are_found(void) {
#define FACTS_OF(version) "(SELECT facts FROM pack WHERE " PART " AND version = " version ")"
#define PART "provider = 'homerton' AND period = 8100 AND part = 4"
    if (!change("")) {
        case_skip("there is no superuser to ask");
        return;
    }
    struct crowd *c = crowd_gather(s);
    do
        CHECK(crowd_go(c, 8), "uploads are acknowledged");
    while (strcmp(service_sql(s, "SELECT max(version) > 1 FROM version WHERE " PART), "t") != 0);
    CHECK(crowd_settle(c), "every client has had an answer");
    service_kill(s);
    CHECK(
        change(
            KEEP("pack", PART " AND version = (SELECT max(version) FROM pack WHERE " PART ")") "UPDATE pack SET facts = " FACTS_OF(
                "(SELECT version - 1 FROM aside.kept)") " WHERE " PART
                                                        " AND version = (SELECT version FROM aside.kept)"),
        "planted");
    CHECK(service_restart(s, NULL), "starts again");
    check_finds(c, "figures of the version before", "counted anew");
    crowd_dismiss(c, "wrong figure", 1);
}

/* ---- on the way ---- */

static int begin_with_proxy(void) {
    if (begin() != 0) return 1;
    service_kill(s);
    proxy = pg_proxy_start(s->app, sizeof s->app);
    return proxy && service_restart(s, NULL) ? 0 : 1;
}
static int end_with_proxy(void) {
    int status = end();
    if (proxy) pg_proxy_stop(proxy);
    return status;
}

static void early_answers_are_found(void) {
    struct crowd *c = crowd_gather(s);
    CHECK(crowd_go(c, 8), "uploads are acknowledged");
    pg_proxy_lie(proxy, 4);
    CHECK(crowd_go(c, 24), "and some that were never committed");
    pg_proxy_lie(proxy, 0);
    CHECK(crowd_settle(c), "every client has had an answer");
    const char *first;
    unsigned faults = crowd_faults(c, &first);
    CHECK(faults > 0 && pg_proxy_lies(proxy) > 0, "%u lies, %u faults", pg_proxy_lies(proxy), faults);
    printf("\n    %u lies, %u faults, the first: %s ", pg_proxy_lies(proxy), faults, first);
    crowd_dismiss(c, "COMMIT that was not done", pg_proxy_lies(proxy));
}

void suite_torture_oracle(void) {
    suite_add("torture_oracle", begin, end);
    case_add("faults planted in the database are found", faults_are_found);
    suite_add("torture_oracle_figures", begin, end);
    case_add("so are wrong figures", wrong_figures_are_found);
    suite_add("torture_oracle_early", begin_with_proxy, end_with_proxy);
    case_add("so are answers before COMMIT", early_answers_are_found);
}
