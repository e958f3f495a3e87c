/* `quarterday run-calendar`: the daily work of chasing returns and action plans, now: for cron or a job scheduler, where `serve` is not to do it or
 * did not run. Safe at any time, and twice at once: one instance acts. */
#include <stdio.h>

#include "handlers/daily_work.h"
#include "server/command.h"
#include "server/version.h"

static int run_calendar(struct command *c) {
    if (c->arguments.word_count > 0) return command_misused(c, "what is '%s' for?", c->arguments.words[0]);
    if (!command_database(c, false)) return EXIT_MISUSED;
    struct fault fault = {.err = OK};
    struct daily_work_done done;
    char day[DAY_TEXT];
    struct app *app = app_new(c->settings.today, c->settings.spool_dir, quarterday_version());
    int32_t today = app_today(app);
    enum err e = daily_work_run(app, c->db, today, &fault, &done);
    app_free(app);
    if (e != OK) return command_failed(c, e, &fault);
    printf("{\"day\":\"%s\",\"services\":%zu,\"openPlans\":%zu,\"escalated\":%zu,\"returnsDue\":%zu,"
           "\"returnsOverdue\":%zu,\"plansDue\":%zu,\"elsewhere\":%s}\n",
           day_format(today, day), done.services, done.plans, done.escalated, done.returns_due,
           done.returns_overdue, done.plans_due, done.elsewhere ? "true" : "false");
    return EXIT_DONE;
}

int command_run_calendar(int argc, char **argv) {
    struct command c = {.name = "run-calendar", .usage = "run-calendar --database CONNECTION [--today DAY]"};
    int status;
    if (command_begin(&c, argc, argv, &status)) status = run_calendar(&c);
    command_end(&c);
    return status;
}
