/* command: what the subcommands share: reading their flags, saying what is wrong, a database connection. */
#ifndef QD_SERVER_COMMAND_H
#define QD_SERVER_COMMAND_H

#include "db/db.h"
#include "server/commands.h"
#include "server/settings.h"

struct command {
    const char *name;  /* "key issue": begins every line that is said */
    const char *usage; /* after "Usage: quarterday " */
    struct arguments arguments;
    struct settings settings;
    struct db *db;
};

/* Reads the command line. True: go on. False: it was said what is wrong, or --help was answered; return
 * *out_status. Call command_end() in both cases. */
bool command_begin(struct command *c, int argc, char **argv, int *out_status);
/* Opens c->db: as the owner when asked so and known, else with `database`. False: neither is set (it was
 * said). */
bool command_database(struct command *c, bool as_owner);
void command_end(struct command *c);

/* Says a sentence on standard error. */
void command_say(const struct command *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What went wrong with the command line: the words, where to read more, EXIT_MISUSED. */
int command_misused(const struct command *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A fault of the database or of the work: its words, EXIT_FAILED. */
int command_failed(const struct command *c, enum err e, const struct fault *fault);

#endif
