/* The connection to PostgreSQL is lost at COMMIT: before it arrived, while it was under way, after it was done and before the service
 * heard of it. The service looks up what was written and gives the true answer. */
#include <stdio.h>

#include "tests/support/pg_proxy.h"
#include "tests/support/suite.h"
#include "tests/torture/crowd.h"

static struct service *s;
static struct pg_proxy *proxy;

static int begin(void) {
    s = service_start(NULL);
    if (!s) return 1;
    service_kill(s);
    proxy = pg_proxy_start(s->app, sizeof s->app);
    return proxy && service_restart(s, NULL) ? 0 : 1;
}
static int end(void) {
    int status = s ? service_stop(s) : 1;
    if (proxy) pg_proxy_stop(proxy);
    return status;
}

static unsigned broken(void) {
    return pg_proxy_broken(proxy, BREAK_BEFORE) + pg_proxy_broken(proxy, BREAK_UNANSWERED) +
           pg_proxy_broken(proxy, BREAK_ANSWER_KEPT);
}

static void lost_at_commit(void) {
    unsigned wanted = torture_cycles(300, 1);
    struct crowd *c = crowd_gather(s);
    CHECK(crowd_go(c, 8), "uploads are acknowledged");
    pg_proxy_break(proxy, 3);
    for (unsigned cycle = 0; broken() < wanted; cycle++) {
        char when[40];
        snprintf(when, sizeof when, "after %u", broken());
        if (!crowd_go(c, 20)) {
            CHECK(false, "%s: uploads go on", when);
            break;
        }
        crowd_hold(c);
        crowd_check(c, when, false);
    }
    pg_proxy_break(proxy, 0);
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    CHECK(crowd_unanswered(c) == 0, "each got its answer at the first try, but for %u", crowd_unanswered(c));
    crowd_check(c, "at the end", true);
    crowd_check_figures(c);
    crowd_dismiss(c, "connection lost at COMMIT", broken());
    printf("\n    %u before it arrived, %u before it was answered, %u with the answer kept back ",
           pg_proxy_broken(proxy, BREAK_BEFORE), pg_proxy_broken(proxy, BREAK_UNANSWERED),
           pg_proxy_broken(proxy, BREAK_ANSWER_KEPT));
}

void suite_torture_commit(void) {
    suite_add("torture_commit", begin, end);
    case_add("a connection lost at COMMIT is settled by looking up what was written", lost_at_commit);
}
