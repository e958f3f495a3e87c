/* patience: how many times longer than usual everything may take: QUARTERDAY_TEST_PATIENCE, which `make valgrind` sets. For ends of waiting,
 * never for how long a test waits where nothing is slow. */
#ifndef QD_TESTS_PATIENCE_H
#define QD_TESTS_PATIENCE_H

#include <stdlib.h>

static inline long patiently(long usual) {
    const char *times = getenv("QUARTERDAY_TEST_PATIENCE");
    long n = times ? strtol(times, NULL, 10) : 1;
    return n > 1 && n <= 100 ? usual * n : usual;
}

#endif
