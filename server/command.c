/* command: see the header. Results go to standard output, everything said to people to standard error. */
#include "server/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void write_help(const struct command *c) {
    struct buf out = BUF_EMPTY;
    buf_printf(&out, "Usage: quarterday %s\n\n", c->usage);
    settings_write_help(&out, c->arguments.flags);
    fwrite(out.p, 1, out.n, stdout);
    buf_free(&out);
}

__attribute__((format(printf, 2, 0))) static void say(const struct command *c, const char *format,
                                                      va_list args) {
    fprintf(stderr, "quarterday %s: ", c->name);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void command_say(const struct command *c, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(c, format, args);
    va_end(args);
}

int command_misused(const struct command *c, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(c, format, args);
    va_end(args);
    fprintf(stderr, "Usage: quarterday %s\n", c->usage);
    return EXIT_MISUSED;
}

int command_failed(const struct command *c, enum err e, const struct fault *fault) {
    const char *words = fault && fault->detail[0] ? fault->detail : NULL;
    if (!words && c->db && db_last_error(c->db)[0]) words = db_last_error(c->db);
    command_say(c, "%s", words ? words : err_info(e)->title);
    return EXIT_FAILED;
}

bool command_begin(struct command *c, int argc, char **argv, int *out_status) {
    struct fault fault = {.err = OK};
    c->settings = (struct settings){.arena = ARENA_EMPTY};
    if (settings_read(argc, argv, &c->arguments, &c->settings, &fault) != OK) {
        *out_status = command_misused(c, "%s", fault.detail);
        return false;
    }
    if (!c->arguments.help) return true;
    write_help(c);
    *out_status = EXIT_DONE;
    return false;
}

bool command_database(struct command *c, bool as_owner) {
    const char *conninfo =
        as_owner && *c->settings.database_owner ? c->settings.database_owner : c->settings.database;
    if (!*conninfo) {
        command_say(c, "which database? Set --database or QUARTERDAY_DATABASE to a libpq connection string "
                       "(tools/cluster.sh conninfo .run owner quarterday prints that of `make run`)");
        return false;
    }
    c->db = db_new(conninfo, "quarterday command");
    db_act_for(c->db, DB_EVERYBODY);
    return true;
}

void command_end(struct command *c) {
    db_free(c->db);
    settings_free(&c->settings);
}
