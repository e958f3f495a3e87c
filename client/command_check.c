/* `quarterday check`: is a file good, is a service's quarter ready to be submitted? */
#include "client/checks.h"
#include "client/text.h"
#include "server/commands.h"

static const struct command_form FORM = {
    .name = "check",
    .synopsis =
        "check FILE --period PERIOD [--part PART] [--postcodes FILE] [--imd FILE] [--today DAY] [--json]\n"
        "       quarterday check completeness --service SERVICE --period PERIOD [OPTION...]",
    .what =
        "With a FILE: judges it here, without the service, by the service's own rules and in its words. Nothing is sent.\n"
        "What only the service knows (other quarters, episodes of follow-ups) is said at the end. Postcodes and quintiles\n"
        "are looked up in the lists that --postcodes and --imd name.\n"
        "With `completeness`: asks the service whether the quarter's national return is ready (a file of that name is\n"
        "./completeness).",
    .takes = TAKES_SERVICE | TAKES(PROVIDER) | TAKES(PERIOD) | TAKES(PART) | TAKES(TODAY) | TAKES(AS_AT) |
             TAKES(POSTCODES) | TAKES(IMD) | TAKES(QUIET),
    .examples = "  quarterday check episodes.csv --period 2025-26-Q4\n"
                "  quarterday check completeness --run .run --service city-and-hackney --period 2025-26-Q3\n",
    .exits =
        "  0  the file has no errors; the quarter is ready\n  1  it has errors; the quarter is not ready\n"
        "  2  it could not be read or asked: command line, file, key, network\n  130  interrupted\n",
};

static int run(const struct options *o) {
    if (o->word_count == 1 && str_is(str_of(o->words[0]), "completeness")) return check_completeness(o);
    if (o->word_count == 0)
        return options_wrong(o, "what shall be checked? Give a file, or the word completeness");
    if (o->word_count > 1) return options_wrong(o, "one file at a time, please");
    return check_file(o);
}

int command_check(int argc, char **argv) {
    return options_run(&FORM, argc, argv, run);
}
