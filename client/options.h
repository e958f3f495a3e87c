/* options: one table of everything that the client's commands take; each command says which of it. Flags before
 * environment. There is no flag for a key, only for the file in which it stands: arguments are seen by everybody on
 * the machine. */
#ifndef QD_CLIENT_OPTIONS_H
#define QD_CLIENT_OPTIONS_H

#include "base/str.h"

/* clang-format off */
/*    id, name, letter, what it wants, environment, meaning */
#define CLIENT_OPTIONS(X) \
    X(URL,      "url",       0, "URL",     "QUARTERDAY_URL",      "address of the service, https://host:port") \
    X(KEY_FILE, "key-file",  0, "FILE",    "QUARTERDAY_KEY_FILE", "the file that holds your key, readable by you alone") \
    X(CA_FILE,  "ca-file",   0, "FILE",    "QUARTERDAY_CA_FILE",  "certificates to trust, beside none of the system's (PEM); for self-signed ones") \
    X(RUN,      "run",       0, "DIR",     "QUARTERDAY_RUN",      "take address, certificate and keys from DIR/run.json, as `make run` writes it") \
    X(AS,       "as",        0, "WHO",     NULL,                  "with --run, whose key: admin, commissioner, checker or a provider") \
    X(SERVICE,  "service",   0, "SERVICE", "QUARTERDAY_SERVICE",  "which service, such as city-and-hackney") \
    X(PROVIDER, "provider",  0, "PROVIDER", "QUARTERDAY_PROVIDER", "which provider, such as homerton") \
    X(PERIOD,   "period",    0, "PERIOD",  "QUARTERDAY_PERIOD",   "which quarter, such as 2025-26-Q3") \
    X(PART,     "part",      0, "PART",    NULL,                  "which part; without it the file's name or header must tell") \
    X(DRY_RUN,  "dry-run",   0, NULL,      NULL,                  "say what would happen, store nothing") \
    X(REASON,   "reason",    0, "TEXT",    NULL,                  "why it is sent again; needed once the return is signed off") \
    X(IF_MATCH, "if-match",  0, "VERSION", NULL,                  "only if this version is still the newest, such as v3") \
    X(POSTCODES, "postcodes", 0, "FILE",   NULL,                  "look postcodes up in this list (CSV: postcode, lsoa, localAuthority)") \
    X(IMD,      "imd",       0, "FILE",    NULL,                  "look deprivation quintiles up in this list (CSV: lsoa, quintile or decile)") \
    X(TODAY,    "today",     0, "DAY",     NULL,                  "judge as on this day (YYYY-MM-DD) instead of today") \
    X(AS_AT,    "as-at",     0, "DAY",     NULL,                  "what is due as on this day (YYYY-MM-DD) instead of today") \
    X(STATUS,   "status",    0, "STATUS",  NULL,                  "only returns that are OPEN, SUBMITTED or LOCKED") \
    X(GUIDE,    "guide",     0, NULL,      NULL,                  "explain each column instead: meaning, codes, examples") \
    X(PREFILL,  "prefill",   0, "WHAT",    NULL,                  "open: with the rows whose outcomes are due now") \
    X(OUTPUT,   "output",  'o', "FILE",    NULL,                  "write into FILE instead of standard output") \
    X(JSON,     "json",      0, NULL,      NULL,                  "print what the service answers, a line of JSON each") \
    X(QUIET,    "quiet",   'q', NULL,      NULL,                  "no progress bar, no words beside the result") \
    X(TIMEOUT,  "timeout",   0, "SECONDS", NULL,                  "give up after so long without an answer (300)")
/* clang-format on */

enum option_id {
#define X(id, name, letter, wants, environment, meaning) OPTION_##id,
    CLIENT_OPTIONS(X)
#undef X
        OPTION_COUNT
};

#define TAKES(id) (UINT64_C(1) << OPTION_##id)
/* What every command takes that asks the service. */
#define TAKES_SERVICE                                                                                        \
    (TAKES(URL) | TAKES(KEY_FILE) | TAKES(CA_FILE) | TAKES(RUN) | TAKES(AS) | TAKES(SERVICE) | TAKES(JSON) | \
     TAKES(TIMEOUT))

struct command_form {
    const char *name;     /* "submit" */
    const char *synopsis; /* after "Usage: quarterday " */
    const char *what;     /* a paragraph */
    uint64_t takes;
    const char *examples; /* lines */
    const char *exits;    /* lines: what each exit status means */
};

struct options {
    const struct command_form *form;
    const char
        *value[OPTION_COUNT]; /* NULL: neither given nor in the environment; "" where nothing is wanted */
    const char **words;       /* what is no option */
    int word_count;
};

/* True: go on, options_free() at the end. False: it was answered (--help) or said what is wrong; return *out_status. */
bool options_read(struct options *o, const struct command_form *form, int argc, char **argv, int *out_status);
void options_free(struct options *o);
/* A whole command: reads its line, runs it; the exit status. */
int options_run(const struct command_form *form, int argc, char **argv, int (*run)(const struct options *o));
/* Says what is wrong with the command line and where to read more; EXIT_NOT_ASKED. */
int options_wrong(const struct options *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool options_has(const struct options *o, enum option_id id) {
    return o->value[id] != NULL;
}

#endif
