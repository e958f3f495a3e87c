/* crash_point: see the header. The environment is read each time: a test changes it between two requests. */
#include "db/crash_point.h"

#if defined QUARTERDAY_CRASH_POINTS || defined QUARTERDAY_TEST_BUILD

#include <signal.h>
#include <stdlib.h>
#include <string.h>

void crash_point(const char *name) {
    const char *wanted = getenv("QUARTERDAY_CRASH_AT");
    if (wanted && strcmp(wanted, name) == 0) raise(SIGKILL);
}

#else
typedef int crash_points_are_not_compiled_in; /* ISO C wants something in a file */
#endif
