/* `quarterday backup` and `quarterday restore`: a copy of everything, and back, held against what was there (server/backup.h). */
#include <stdio.h>

#include "server/backup.h"
#include "server/command.h"

enum { FLAG_PLACE, FLAG_VERIFY, FLAG_END };

static void say_done(const char *what, const struct backup_said *said) {
    printf("%s %s: %zu tables, %lld rows, %zu chains of the audit, %lld bytes\n", what, said->path,
           said->tables, (long long)said->rows, said->chains, (long long)said->bytes);
}

static const char *given(const struct command *c, int flag) {
    return c->arguments.flags[flag].value;
}

static int backup(struct command *c) {
    const char *dir = given(c, FLAG_PLACE);
    if (!dir) return command_misused(c, "--to is missing: the folder in which the copy is made");
    if (!command_database(c, false)) return EXIT_MISUSED;
    struct arena a = ARENA_EMPTY;
    struct fault fault = {.err = OK};
    struct backup_said said;
    enum err e = backup_take(c->settings.database, dir, &a, &fault, &said);
    if (e == OK) say_done("kept", &said);
    if (e == OK && given(c, FLAG_VERIFY)) {
        e = backup_try(c->settings.database, said.path, &a, &fault, &said);
        if (e == OK) say_done("restored and compared", &said);
    }
    arena_free(&a);
    return e == OK ? EXIT_DONE : command_failed(c, e, &fault);
}

static int restore(struct command *c) {
    const char *copy = given(c, FLAG_PLACE);
    if (!copy)
        return command_misused(
            c, "--from is missing: the folder of one copy, such as /backups/quarterday-2026-02-20T09:30:00Z");
    if (!command_database(c, false)) return EXIT_MISUSED;
    struct arena a = ARENA_EMPTY;
    struct fault fault = {.err = OK};
    struct backup_said said;
    bool only_try = given(c, FLAG_VERIFY) != NULL;
    enum err e = only_try ? backup_try(c->settings.database, copy, &a, &fault, &said)
                          : backup_put_back(c->settings.database, copy, &a, &fault, &said);
    if (e == OK)
        say_done(only_try ? "restored beside the database, compared and dropped:" : "restored and compared",
                 &said);
    arena_free(&a);
    return e == OK ? EXIT_DONE : command_failed(c, e, &fault);
}

static int run(int argc, char **argv, struct command *c, int (*work)(struct command *c)) {
    int status;
    if (command_begin(c, argc, argv, &status))
        status = c->arguments.word_count ? command_misused(c, "what is '%s' for?", c->arguments.words[0])
                                         : work(c);
    command_end(c);
    return status;
}

int command_backup(int argc, char **argv) {
    struct flag flags[] = {
        [FLAG_PLACE] = {"to", "DIR", "where the copy is made, in a folder of its own", NULL},
        [FLAG_VERIFY] = {"verify", NULL,
                         "then restore it beside the database, compare every table, and drop that", NULL},
        [FLAG_END] = {NULL, NULL, NULL, NULL}};
    struct command c = {.name = "backup",
                        .usage = "backup --to DIR [--verify] --database CONNECTION, as a superuser",
                        .arguments = {.flags = flags}};
    return run(argc, argv, &c, backup);
}

int command_restore(int argc, char **argv) {
    struct flag flags[] = {
        [FLAG_PLACE] = {"from", "DIR", "the folder of the copy", NULL},
        [FLAG_VERIFY] = {"verify", NULL,
                         "only try it: into a database beside the one named, which is dropped afterwards",
                         NULL},
        [FLAG_END] = {NULL, NULL, NULL, NULL}};
    struct command c = {
        .name = "restore",
        .usage =
            "restore --from DIR [--verify] --database CONNECTION, as a superuser; without --verify that database is empty",
        .arguments = {.flags = flags}};
    return run(argc, argv, &c, restore);
}
