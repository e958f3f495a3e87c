/* See options.h. `--name value`, `--name=value`, `-o value`, `--` ends the options, `-` is a word. */
#include "client/options.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/arena.h"
#include "client/text.h"

static const struct option {
    const char *name;
    char letter;
    const char *wants, *environment, *meaning;
} OPTIONS[OPTION_COUNT] = {
#define X(id, name, letter, wants, environment, meaning) {name, letter, wants, environment, meaning},
    CLIENT_OPTIONS(X)
#undef X
};

static bool takes(const struct options *o, size_t id) {
    return o->form->takes >> id & 1;
}

/* ---- help ---- */

static void print_option(const struct option *option) {
    char left[40];
    int n = option->letter ? snprintf(left, sizeof left, "-%c, ", option->letter) : 0;
    snprintf(left + n, sizeof left - (size_t)n, "--%s%s%s", option->name, option->wants ? " " : "",
             option->wants ? option->wants : "");
    printf("  %-24s %s", left, option->meaning);
    if (option->environment) printf(" [%s]", option->environment);
    putchar('\n');
}

static void print_help(const struct options *o) {
    printf("Usage: quarterday %s\n\n%s\n\nOptions [environment]:\n", o->form->synopsis, o->form->what);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (takes(o, i)) print_option(&OPTIONS[i]);
    printf("\nExit status:\n%s\nExamples:\n%s", o->form->exits, o->form->examples);
}

int options_wrong(const struct options *o, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    text_say(o->form->name, "%s", text);
    fprintf(stderr, "Try 'quarterday %s --help'.\n", o->form->name);
    return EXIT_NOT_ASKED;
}

/* ---- reading ---- */

static int unknown(const struct options *o, str name) {
    str names[OPTION_COUNT];
    size_t n = 0;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (takes(o, i)) names[n++] = str_of(OPTIONS[i].name);
    str near = str_nearest(name, names, n);
    if (str_starts_with(name, STR("key")))
        return options_wrong(o,
                             "there is no option --%.*s: a key on the command line is seen by everybody. "
                             "Put it into a file and give --key-file FILE",
                             STR_ARG(name));
    if (near.p)
        return options_wrong(o, "there is no option --%.*s; did you mean --%.*s?", STR_ARG(name),
                             STR_ARG(near));
    return options_wrong(o, "there is no option --%.*s", STR_ARG(name));
}

static int find_long(const struct options *o, str name) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (takes(o, i) && str_is(name, OPTIONS[i].name)) return (int)i;
    return -1;
}

static int find_letter(const struct options *o, char letter) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (takes(o, i) && OPTIONS[i].letter == letter) return (int)i;
    return -1;
}

/* Reads the option at argv[*at]. 0: go on. */
static int read_option(struct options *o, int argc, char **argv, int *at) {
    const char *text = argv[*at];
    bool is_long = text[1] == '-';
    str all = str_of(text), rest = str_sub(all, is_long ? 2 : 1, all.n);
    str name = rest.n ? str_cut(&rest, '=') : rest;
    const char *value = rest.p;
    if (is_long && str_is(name, "help")) return -1;
    int id = is_long ? find_long(o, name) : name.n == 1 ? find_letter(o, name.p[0]) : -1;
    if (id < 0 && is_long) return unknown(o, name);
    if (id < 0) return options_wrong(o, "there is no option %s", text);
    const struct option *option = &OPTIONS[id];
    if (!option->wants && value) return options_wrong(o, "--%s takes nothing after it", option->name);
    if (option->wants && !value) {
        if (*at + 1 >= argc)
            return options_wrong(o, "after --%s a %s is missing", option->name, option->wants);
        value = argv[++*at];
    }
    if (option->wants && !*value) return options_wrong(o, "--%s is empty", option->name);
    o->value[id] = option->wants ? value : "";
    return 0;
}

static void read_environment(struct options *o) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (!takes(o, i) || !OPTIONS[i].environment || o->value[i]) continue;
        const char *value = getenv(OPTIONS[i].environment);
        if (value && *value) o->value[i] = value;
    }
}

bool options_read(struct options *o, const struct command_form *form, int argc, char **argv,
                  int *out_status) {
    *o = (struct options){.form = form, .words = must_calloc((size_t)argc + 1, sizeof *o->words)};
    bool only_words = false;
    *out_status = 0;
    for (int i = 1; i < argc && *out_status == 0; i++) {
        if (only_words || argv[i][0] != '-' || !argv[i][1]) o->words[o->word_count++] = argv[i];
        else if (str_is(str_of(argv[i]), "--")) only_words = true;
        else *out_status = read_option(o, argc, argv, &i);
    }
    if (*out_status == -1) {
        print_help(o);
        *out_status = EXIT_FINE;
    } else if (*out_status == 0) {
        read_environment(o);
        return true;
    }
    options_free(o);
    return false;
}

void options_free(struct options *o) {
    free(o->words);
    o->words = NULL;
}

int options_run(const struct command_form *form, int argc, char **argv, int (*run)(const struct options *o)) {
    struct options o;
    int status;
    if (!options_read(&o, form, argc, argv, &status)) return status;
    status = run(&o);
    options_free(&o);
    return status;
}
