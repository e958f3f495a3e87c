/* The CUnit runner of every suite. `run [PREFIX...]` runs the suites whose names begin with one of the prefixes; without any, all.
 * '_' and ' ' are the same in both, since suites are written either way.
 * CUnit's summary is the last thing printed; the exit status is ours (CUnit always exits 0). */
#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/suites.h"
#include "tests/support/suite.h"

#define X(name) void suite_##name(void);
SUITE_FILES(X)
#undef X

static char **wanted;
static int wanted_count;
static CU_pSuite current; /* NULL while the suite added last is not wanted */
static unsigned skipped;

static bool begins(const char *name, const char *prefix) {
    for (; *prefix; name++, prefix++)
        if ((*name == '_' ? ' ' : *name) != (*prefix == '_' ? ' ' : *prefix)) return false;
    return true;
}

static bool is_wanted(const char *suite) {
    if (wanted_count == 0) return true;
    for (int i = 0; i < wanted_count; i++)
        if (begins(suite, wanted[i])) return true;
    return false;
}

void suite_add(const char *name, int (*setup)(void), int (*teardown)(void)) {
    current = NULL;
    if (!is_wanted(name)) return;
    current = CU_add_suite(name, setup, teardown);
    if (!current) {
        fprintf(stderr, "tests: suite %s cannot be added: %s\n", name, CU_get_error_msg());
        exit(2);
    }
}

void case_add(const char *label, void (*fn)(void)) {
    if (!current) return;
    if (CU_add_test(current, label, fn)) return;
    fprintf(stderr, "tests: case '%s' cannot be added: %s\n", label, CU_get_error_msg());
    exit(2);
}

void case_skip(const char *reason) {
    skipped++;
    printf("\n    SKIPPED: %s", reason);
}

void check_record(bool ok, const char *file, int line, const char *format, ...) {
    char words[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    CU_assertImplementation(ok, (unsigned)line, words, file, "", CU_FALSE);
}

int main(int argc, char **argv) {
    wanted = argv + 1;
    wanted_count = argc - 1;
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (CU_initialize_registry() != CUE_SUCCESS) return 2;
#define X(name) suite_##name();
    SUITE_FILES(X)
#undef X
    if (CU_get_registry()->uiNumberOfTests == 0) {
        fprintf(stderr, "tests: no suite begins with what was asked for\n");
        return 2;
    }
    CU_basic_set_mode(getenv("TEST_QUIET") ? CU_BRM_NORMAL : CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures() + CU_get_number_of_suites_failed();
    CU_cleanup_registry();
    if (skipped) printf("%u skipped\n", skipped);
    return failures ? 1 : 0;
}
