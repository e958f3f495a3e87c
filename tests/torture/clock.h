/* clock: time as the torture suites need it: what passes, and waiting for a random moment. */
#ifndef QD_TESTS_TORTURE_CLOCK_H
#define QD_TESTS_TORTURE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline void nap_us(uint32_t us) {
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000L}, NULL);
}

#endif
