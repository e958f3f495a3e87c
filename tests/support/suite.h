/* suite: what a test file uses of the runner. Each file has one function void suite_<name>(void) that registers its suite;
 * tests/suites.h lists them, tests/main.c runs them. */
#ifndef QD_TESTS_SUITE_H
#define QD_TESTS_SUITE_H

#include <CUnit/CUnit.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* setup and teardown return 0 when all is well, and may be NULL. */
void suite_add(const char *name, int (*setup)(void), int (*teardown)(void));
/* Adds a case to the suite added last; its label says what it proves. */
void case_add(const char *label, void (*fn)(void));

/* CHECK(n == 3, "%s: got %zu", row->label, n): goes on after a failure, so that one bad row does not hide the next. */
#define CHECK(condition, ...) check_that((condition), __LINE__, __FILE__, #condition, __VA_ARGS__)

__attribute__((format(printf, 5, 6))) static inline void check_that(bool ok, unsigned line, const char *file,
                                                                    const char *condition, const char *format, ...) {
    char words[1200];
    int n = ok ? 0 : snprintf(words, sizeof words, "%s | ", condition);
    if (!ok && n > 0 && (size_t)n < sizeof words) {
        va_list args;
        va_start(args, format);
        vsnprintf(words + n, sizeof words - (size_t)n, format, args);
        va_end(args);
    }
    CU_assertImplementation(ok ? CU_TRUE : CU_FALSE, line, ok ? condition : words, file, "", CU_FALSE);
}

#endif
