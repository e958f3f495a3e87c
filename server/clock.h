/* clock: milliseconds that only ever go forward, for deadlines and patience. What is shown to people is base/date.h. */
#ifndef QD_SERVER_CLOCK_H
#define QD_SERVER_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The same to a few milliseconds (the kernel's tick), without reading the machine's clock. Never ahead of clock_ms(). */
static inline int64_t clock_about_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
