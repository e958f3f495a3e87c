/* suite: what a test file uses of the runner (tests/main.c). Each file has one function void suite_<name>(void) that registers
 * its suites and cases; tests/suites.h lists the files. */
#ifndef QD_TESTS_SUITE_H
#define QD_TESTS_SUITE_H

#include <stdbool.h>

/* setup and teardown return 0 when all is well, and may be NULL. */
void suite_add(const char *name, int (*setup)(void), int (*teardown)(void));
/* Adds a case to the suite added last; its label says what it proves. */
void case_add(const char *label, void (*fn)(void));
/* Says that the running case could not prove anything here, and why. */
void case_skip(const char *reason);

void check_record(bool ok, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* CHECK(n == 3, "%s: got %zu", row->label, n): goes on after a failure, so that one bad row does not hide the next. */
#define CHECK(condition, ...)                                                                                \
    __extension__({                                                                                          \
        bool check_holds_ = (condition); /* before its words are made */                                     \
        check_record(check_holds_, __FILE__, __LINE__, __VA_ARGS__);                                         \
    })

#endif
