/* Settings: precedence, unknown names, bad values; and the page made from the table. */
#include "server/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "server/log.h"
#include "tests/support/suite.h"

/* The runner's own QUARTERDAY_* are all script settings and harmless; these are what the cases set. */
static const char *const TOUCHED[] = {
    "QUARTERDAY_PORT",          "QUARTERDAY_LISTEN",    "QUARTERDAY_CONFIG",
    "QUARTERDAY_PROT",          "QUARTERDAY_LOG_LEVEL", "QUARTERDAY_TODAY",
    "QUARTERDAY_TEST_ANYTHING", "QUARTERDAY_CRASH_AT",  "QUARTERDAY_REPLICA_OF"};

static void clean_environment(void) {
    for (size_t i = 0; i < sizeof TOUCHED / sizeof TOUCHED[0]; i++)
        unsetenv(TOUCHED[i]);
}

/* words: "--port 1 --x=y", cut at spaces; '~' stands for a space inside a word. */
static enum err read_line(const char *words, struct arguments *a, struct settings *out, struct fault *fault) {
    static char line[400]; /* the arguments point into it */
    char *argv[20] = {(char *)(uintptr_t) "serve"};
    int argc = 1;
    snprintf(line, sizeof line, "%s", words);
    str rest = str_of(line);
    while (rest.n && argc < 20) {
        str word = str_cut(&rest, ' ');
        ((char *)(uintptr_t)word.p)[word.n] = '\0';
        argv[argc++] = (char *)(uintptr_t)word.p;
    }
    return settings_read(argc, argv, a, out, fault);
}

static char config_path[] = "/tmp/quarterday-settings-XXXXXX";

static void write_config(const char *text) {
    FILE *f = fopen(config_path, "we");
    CHECK(f && fputs(text, f) >= 0 && fclose(f) == 0, "%s", config_path);
}

static int setup(void) {
    int fd = mkstemp(config_path);
    if (fd >= 0) close(fd);
    clean_environment();
    return fd < 0;
}
static int teardown(void) {
    unlink(config_path);
    clean_environment();
    return 0;
}

static void defaults(void) {
    struct settings s;
    struct arguments a = {0};
    struct fault fault = {.err = OK};
    CHECK(read_line("", &a, &s, &fault) == OK, "%s", fault.detail);
    CHECK(s.port == 8443 && strcmp(s.listen, "127.0.0.1") == 0 && s.body_cap_mib == 256 &&
              s.today == DAY_NONE && s.log_level == LOG_INFO && s.upload_workers == 2 &&
              strcmp(s.home, ".run") == 0 && !*s.cert && !*s.database,
          "as documented");
    CHECK(settings_is_loopback(&s), "and only this machine reaches it");
    settings_free(&s);
}

static void precedence(void) {
    static const struct {
        const char *label, *flag, *environment, *file;
        uint32_t port;
    } CASES[] = {
        {"default", "", NULL, "", 8443},
        {"file over default", "", NULL, "port = 1\n", 1},
        {"environment over file", "", "2", "port = 1\n", 2},
        {"flag over environment", "--port 3", "2", "port = 1\n", 3},
        {"flag with =", "--port=4", "2", "", 4},
        {"an empty variable is not set", "", "", "port=5", 5},
        {"the last flag counts", "--port 6 --port 7", NULL, "", 7},
        {"comments, blanks and spaces", "", NULL, "# port = 9\n\n   port   =   8  \r\n", 8},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char line[300];
        struct settings s = {.port = 0};
        struct arguments a = {0};
        struct fault fault = {.err = OK};
        write_config(CASES[i].file);
        if (CASES[i].environment) setenv("QUARTERDAY_PORT", CASES[i].environment, 1);
        else unsetenv("QUARTERDAY_PORT");
        snprintf(line, sizeof line, "%s%s--config %s", CASES[i].flag, *CASES[i].flag ? " " : "", config_path);
        enum err e = read_line(line, &a, &s, &fault);
        CHECK(e == OK && s.port == CASES[i].port, "%s: %u %s", CASES[i].label, s.port, fault.detail);
        settings_free(&s);
    }
    unsetenv("QUARTERDAY_PORT");
}

static void refusals(void) {
    static const struct {
        const char *label, *flags, *name, *value, *file, *words;
    } CASES[] = {
        {"an unknown flag", "--prot 1", NULL, NULL, NULL, "did you mean --port?"},
        {"a flag like nothing", "--xylophone 1", NULL, NULL, NULL, "see --help"},
        {"a flag without value", "--port", NULL, NULL, NULL, "needs a value"},
        {"an unknown variable", "", "QUARTERDAY_PROT", "1", NULL, "did you mean QUARTERDAY_PORT?"},
        {"an unknown line", "", NULL, NULL, "# x\nprot = 1\n",
         "line 2: there is no setting prot; did you mean port?"},
        {"a line without =", "", NULL, NULL, "port 1\n", "line 1: write name = value"},
        {"a file in a file", "", NULL, NULL, "config = /x\n", "cannot name another"},
        {"a port beyond all", "--port 65536", NULL, NULL, NULL,
         "--port is '65536'; it must be a whole number from 0 to 65535"},
        {"a port that is no number", "", "QUARTERDAY_PORT", "http", NULL, "QUARTERDAY_PORT is 'http'"},
        {"a negative number", "--read-workers -1", NULL, NULL, NULL, "from 1 to 64"},
        {"no workers", "", NULL, NULL, "uploadWorkers = 0\n",
         "uploadWorkers is '0'; it must be a whole number from 1 to 64"},
        {"a day that is none", "", "QUARTERDAY_TODAY", "2026-02-30", NULL,
         "QUARTERDAY_TODAY is '2026-02-30'; it must be a day like"},
        {"a level that is none", "", "QUARTERDAY_LOG_LEVEL", "loud", NULL, "error, warn, info, debug"},
        {"an address without its scheme", "--replica-of returns.example.org", NULL, NULL, NULL,
         "must be an address like https://returns.example.org"},
        {"a scheme without an address", "--replica-of https://", NULL, NULL, NULL, "must be an address like"},
        {"an address that breaks a sentence", "", "QUARTERDAY_REPLICA_OF", "https://a b", NULL,
         "QUARTERDAY_REPLICA_OF is 'https://a b'; it must be an address like"},
        {"a certificate without its key", "--cert c.pem", NULL, NULL, NULL, "cert and key belong together"},
        {"a file that is not there", "--config /nowhere/x", NULL, NULL, NULL, "cannot be opened"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char line[300];
        struct settings s;
        struct arguments a = {0};
        struct fault fault = {.err = OK};
        clean_environment();
        if (CASES[i].name) setenv(CASES[i].name, CASES[i].value, 1);
        snprintf(line, sizeof line, "%s", CASES[i].flags);
        if (CASES[i].file) {
            write_config(CASES[i].file);
            snprintf(line, sizeof line, "--config %s", config_path);
        }
        CHECK(read_line(line, &a, &s, &fault) == ERR_BAD_REQUEST && strstr(fault.detail, CASES[i].words),
              "%s: %s", CASES[i].label, fault.detail);
    }
    clean_environment();
}

static void others(void) {
    struct settings s;
    struct flag own[] = {{"role", "ROLE", "", NULL}, {"sample", NULL, "", NULL}, {NULL, NULL, NULL, NULL}};
    struct arguments a = {.flags = own};
    struct fault fault = {.err = OK};
    setenv("QUARTERDAY_TEST_ANYTHING", "1", 1);
    setenv("QUARTERDAY_CRASH_AT", "before_commit", 1);
    CHECK(read_line("issue --role admin --sample --today 2026-02-20 word -- --not-a-flag", &a, &s, &fault) ==
              OK,
          "%s", fault.detail);
    CHECK(own[0].value && strcmp(own[0].value, "admin") == 0 && own[1].value, "a command's own flags");
    CHECK(a.word_count == 3 && strcmp(a.words[0], "issue") == 0 && strcmp(a.words[2], "--not-a-flag") == 0,
          "words, also after --: %d", a.word_count);
    CHECK(s.today == day_from_civil(2026, 2, 20), "a day");
    settings_free(&s);
    struct arguments b = {.flags = own};
    CHECK(read_line("--rule admin", &b, &s, &fault) == ERR_BAD_REQUEST && strstr(fault.detail, "--role"),
          "the nearest may be a flag of the command: %s", fault.detail);
    CHECK(read_line("--sample=yes", &b, &s, &fault) == ERR_BAD_REQUEST &&
              strstr(fault.detail, "takes no value"),
          "%s", fault.detail);
    struct arguments c = {0};
    CHECK(read_line("--crash-at x", &c, &s, &fault) == ERR_BAD_REQUEST, "what only scripts read is no flag");
    struct arguments d = {0};
    CHECK(read_line("--port nonsense --help", &d, &s, &fault) != OK || d.help, "--help is seen");
    settings_free(&s);
    clean_environment();
}

static void page(void) {
    struct buf want = BUF_EMPTY, have = BUF_EMPTY;
    settings_write_docs(&want);
    if (getenv("QUARTERDAY_TEST_REWRITE")) {
        FILE *f = fopen("docs/settings.md", "we");
        CHECK(f && fwrite(want.p, 1, want.n, f) == want.n && fclose(f) == 0, "docs/settings.md is written");
    }
    FILE *f = fopen("docs/settings.md", "re");
    CHECK(f != NULL, "docs/settings.md is there (tests run from the top of the clone)");
    if (f) {
        buf_reserve(&have, 65536);
        have.n = fread(have.p, 1, 65536, f);
        fclose(f);
    }
    CHECK(str_eq(buf_str(&want), buf_str(&have)),
          "docs/settings.md is not what the table says; QUARTERDAY_TEST_REWRITE=1 writes it");
    buf_free(&want);
    buf_free(&have);
}

void suite_settings_read(void) {
    suite_add("settings", setup, teardown);
    case_add("defaults are those documented", defaults);
    case_add("flag over environment over file over default", precedence);
    case_add("what is unknown or bad is named, with what is allowed", refusals);
    case_add("a command's own flags, words, and what only scripts read", others);
    case_add("docs/settings.md is what the table says", page);
}
