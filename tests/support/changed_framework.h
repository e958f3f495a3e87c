/* changed_framework: the City and Hackney framework with one thing in it put differently, loaded into a running service. */
#ifndef QD_TESTS_CHANGED_FRAMEWORK_H
#define QD_TESTS_CHANGED_FRAMEWORK_H

#include "tests/support/service.h"

/* today: the day of the command, which decides what is locked. `from`, as the file has it, first found, becomes `to`. A CHECK fails where it is not there or the result is refused. */
void framework_load_changed(const struct service *s, const char *today, const char *from, const char *to);

#endif
