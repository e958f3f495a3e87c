/* kill -9 of the service at any moment under eight uploading clients; and in a test build at each named place. What was acknowledged is
 * there afterwards with its bytes, what was not is wholly there or absent, nothing is doubled, and the figures are those of the newest. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "db/crash_point.h"
#include "tests/support/suite.h"
#include "tests/torture/crowd.h"

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* The crowd must have got a last upload through before its figures are compared: of one that was never answered nobody knows. */
static void let_all_be_answered(struct crowd *c) {
    CHECK(crowd_settle(c), "every client gets an answer in the end");
}

static void killed_at_any_moment(void) {
    unsigned cycles = torture_cycles(200, 1);
    uint32_t chance = 12345;
    struct crowd *c = crowd_gather(s);
    for (unsigned cycle = 0; cycle < cycles; cycle++) {
        char when[40];
        snprintf(when, sizeof when, "cycle %u", cycle);
        chance = chance * 1664525u + 1013904223u;
        CHECK(crowd_go(c, 1 + (chance >> 4) % 8), "%s: uploads are acknowledged", when);
        nanosleep(&(struct timespec){0, (long)(chance >> 8) % 40000 * 1000}, NULL);
        service_kill(s);
        crowd_hold(c);
        crowd_wait_for_silence(s);
        crowd_check(c, when, cycle % 50 == 49);
        if (!service_restart(s, NULL)) {
            CHECK(false, "%s: starts again", when);
            break;
        }
    }
    let_all_be_answered(c);
    crowd_check(c, "at the end", true);
    crowd_check_figures(c);
    crowd_dismiss(c, "kill -9 of the service", cycles);
}

#if defined QUARTERDAY_CRASH_POINTS || defined QUARTERDAY_TEST_BUILD

static const char *const POINTS[] = {
#define X(name) #name,
    CRASH_POINT_LIST(X)
#undef X
};
enum { POINT_COUNT = sizeof POINTS / sizeof *POINTS };

static void die_at(struct crowd *c, const char *point) {
    int status = 0;
    setenv("QUARTERDAY_CRASH_AT", point, 1);
    CHECK(service_restart(s, NULL), "%s: starts", point);
    unsetenv("QUARTERDAY_CRASH_AT");
    crowd_go(c, 0);
    waitpid(s->pid, &status, 0);
    s->pid = 0;
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "%s: ended with %d", point, status);
    crowd_hold(c);
    crowd_wait_for_silence(s);
    crowd_check(c, point, false);
}

static void killed_at_each_point(void) {
    unsigned rounds = torture_cycles(5, 100);
    struct crowd *c = crowd_gather(s);
    CHECK(crowd_go(c, 16), "uploads are acknowledged");
    service_kill(s);
    crowd_hold(c);
    crowd_wait_for_silence(s);
    for (unsigned i = 0; i < rounds * POINT_COUNT; i++)
        die_at(c, POINTS[i % POINT_COUNT]);
    CHECK(service_restart(s, NULL), "starts without a crash point");
    let_all_be_answered(c);
    crowd_check(c, "at the end", true);
    crowd_check_figures(c);
    crowd_dismiss(c, "death at a named place", rounds * POINT_COUNT);
}

#endif

void suite_torture_service(void) {
    suite_add("torture_service", begin, end);
    case_add("kill -9 at any moment: nothing acknowledged is lost, half there or doubled",
             killed_at_any_moment);
#if defined QUARTERDAY_CRASH_POINTS || defined QUARTERDAY_TEST_BUILD
    suite_add("torture_points", begin, end);
    case_add("death at each named place: the same", killed_at_each_point);
#endif
}
