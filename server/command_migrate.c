/* `quarterday migrate`: brings the schema to this program's version, as the role that owns the tables. Safe
 * to run at any time, and twice at once. */
#include "db/store.h"
#include "server/command.h"

static void said(void *context, const char *line) {
    command_say(context, "%s", line);
}

static int migrate(struct command *c) {
    if (c->arguments.word_count > 0) return command_misused(c, "what is '%s' for?", c->arguments.words[0]);
    if (!command_database(c, true)) return EXIT_MISUSED;
    struct fault fault = {.err = OK};
    enum err e = migrate_run(c->db, said, c, &fault);
    return e == OK ? EXIT_DONE : command_failed(c, e, &fault);
}

int command_migrate(int argc, char **argv) {
    struct command c = {.name = "migrate", .usage = "migrate --database OWNER-CONNECTION"};
    int status;
    if (command_begin(&c, argc, argv, &status)) status = migrate(&c);
    command_end(&c);
    return status;
}
