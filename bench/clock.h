/* clock: seconds since some moment, for the programs of bench/. */
#ifndef QD_BENCH_CLOCK_H
#define QD_BENCH_CLOCK_H

#include <time.h>

static inline double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
