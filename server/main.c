/* main: the one binary. Chooses the subcommand; each lives in a file of its own (server/command_*.c). */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#include "server/commands.h"
#include "server/version.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
};

static const struct command COMMANDS[] = {
    {"submit", command_submit, "send files of a return to a service"},
    {"check", command_check, "judge a file here, or ask whether a quarter is complete"},
    {"status", command_status, "who has sent, what is missing until when"},
    {"template", command_template, "fetch the file to fill in for a part"},
    {"kpis", command_kpis, "show the KPIs in red, amber and green"},
    {"serve", command_serve, "answer HTTPS requests until SIGTERM"},
    {"migrate", command_migrate, "bring the database to this program's schema"},
    {"key", command_key, "issue, list and revoke API keys"},
    {"framework", command_framework, "load a KPI framework from a JSON file"},
    {"run-calendar", command_run_calendar,
     "do the calendar's daily work: what is due and overdue, plans to escalate"},
    {"audit", command_audit, "verify the audit's chains, or print where they end"},
    {"backup", command_backup, "copy the database into a folder"},
    {"restore", command_restore, "put such a copy back, and hold it against what was there"},
    {"erase", command_erase, "take a person out of all rows, by the provider's reference"},
    {"retention", command_retention, "take the client rows of years out that are over"},
    {"demo", command_demo, "write the sample returns as CSV files"},
    {"routes", command_routes, "list what the service answers: METHOD pattern name"},
    {"openapi-parts", command_openapi_parts, "print the JSON Schemas of the parts' rows"},
    {"openapi-feeds", command_openapi_feeds, "print the JSON Schemas of the feeds' rows"},
};

static void print_help(FILE *out) {
    fprintf(
        out,
        "Usage: quarterday COMMAND [OPTION...]\n\n"
        "Quarterly returns of stop smoking services: in go CSV and JSON, out come KPIs in red, amber and green.\n\n");
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        fprintf(out, "  %-14s %s\n", COMMANDS[i].name, COMMANDS[i].what);
    fprintf(
        out,
        "\n  --version      name and version\n  --help         this text; also: quarterday COMMAND --help\n");
}

static int unknown(const char *name) {
    str names[sizeof COMMANDS / sizeof *COMMANDS];
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        names[i] = str_of(COMMANDS[i].name);
    str near = str_nearest(str_of(name), names, sizeof COMMANDS / sizeof *COMMANDS);
    fprintf(stderr, "quarterday: there is no command '%s'", name);
    if (near.p) fprintf(stderr, "; did you mean '%.*s'?", STR_ARG(near));
    fprintf(stderr, "\nTry 'quarterday --help'.\n");
    return 2;
}

int main(int argc, char **argv) {
    /* Jansson gives NULL where there is no memory, which everywhere else means that a text is no JSON. */
    json_set_alloc_funcs(must_alloc, free);
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("quarterday %s\n", quarterday_version());
        return 0;
    }
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (strcmp(argv[1], COMMANDS[i].name) == 0) return COMMANDS[i].run(argc - 1, argv + 1);
    return unknown(argv[1]);
}
