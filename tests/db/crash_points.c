/* Every named crash point of an upload: the process dies there, and the database holds all of the version or
 * nothing. In a build without crash points (what ships) the suite has no cases. */
#include "db/crash_point.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/db/fixture.h"

#if defined QUARTERDAY_CRASH_POINTS || defined QUARTERDAY_TEST_BUILD

enum { PERIOD = 8100, ROWS_EACH = 50 };

/* The child has a connection of its own; nothing of the parent's is touched, also not at its end. */
static int upload_and_die(const char *point) {
    pid_t child = fork();
    if (child == 0) {
        struct store_version v;
        setenv("QUARTERDAY_CRASH_AT", point, 1);
        struct db *db = db_new(fx.app, "quarterday test victim");
        db_act_for(db, DB_EVERYBODY);
        fixture_accept(db, ONE, PERIOD, PART_FOLLOW_UPS, ROWS_EACH, INSTANT_NONE, &v);
        _exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* "versions rows events audit", as one text. */
static const char *state(void) {
    return database_ask(
        fx.owner,
        "SELECT (SELECT count(*) FROM version) || ' ' || (SELECT count(*) FROM follow_up) || ' ' || "
        "(SELECT count(*) FROM event) || ' ' || (SELECT count(*) FROM audit WHERE action = 'RETURN_ACCEPTED')");
}

static void each_point(void) {
    static const char *const POINTS[] = {
#define X(name) #name,
        CRASH_POINT_LIST(X)
#undef X
    };
    int stored = 0;
    for (size_t i = 0; i < sizeof POINTS / sizeof POINTS[0]; i++) {
        char want[80], got[80];
        int signal = upload_and_die(POINTS[i]);
        CHECK(signal == SIGKILL, "%s: ended by signal %d", POINTS[i], signal);
        stored += strcmp(POINTS[i], "after_commit") == 0;
        snprintf(want, sizeof want, "%d %d %d %d", stored, stored * ROWS_EACH, stored, stored);
        snprintf(got, sizeof got, "%.79s", state());
        CHECK(strcmp(want, got) == 0, "%s: '%s' instead of '%s'", POINTS[i], got, want);
        struct store_version v; /* whoever comes next is not held up by what the dead one locked */
        bool good = fixture_accept(fx.db, ONE, PERIOD, PART_FOLLOW_UPS, ROWS_EACH, INSTANT_NONE, &v) == OK;
        CHECK(good && v.version == ++stored, "%s: the next upload is version %d", POINTS[i], v.version);
    }
}

void suite_db_crash_points(void) {
    suite_add("db crash points", fixture_begin, fixture_end);
    case_add("all or nothing, wherever the process dies", each_point);
}

#else

void suite_db_crash_points(void) {
    suite_add("db crash points", NULL, NULL);
}

#endif
