/* alone: what judging and counting want that stand without a service: a file in memory, and a return of episodes of 2025-26-Q3 of a
 * provider of whom nothing else is known. For bench/judge.c and bench/count.c. */
#ifndef QD_BENCH_ALONE_H
#define QD_BENCH_ALONE_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "returns/judge.h"

/* The caller frees out->p. False with a word on standard error. */
static inline bool file_read(const char *path, str *out) {
    struct stat s;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t n = fd >= 0 && fstat(fd, &s) == 0 ? (size_t)s.st_size : 0, at = 0;
    char *bytes = must_alloc(n + 1);
    for (ssize_t got = 1; at < n && got > 0; at += (size_t)(got > 0 ? got : 0))
        got = read(fd, bytes + at, n - at);
    if (fd >= 0) close(fd);
    *out = (str){bytes, n};
    if (fd < 0 || at < n) perror(path);
    return fd >= 0 && at == n;
}

static inline enum episode_standing nothing_known(void *context, struct hash128 id, int16_t not_in,
                                                  struct episode_at *out) {
    (void)context, (void)id, (void)not_in, (void)out;
    return EPISODE_UNKNOWN;
}

static inline enum listing nothing_listed(void *context, enum part_id list, int16_t period, struct hash128 id,
                                          struct looked_into *out) {
    (void)out, (void)context, (void)list, (void)period, (void)id;
    return LIST_NEVER_SENT;
}

static inline struct judge_input alone_input(str body, int32_t today) {
    static const struct known NOTHING = {.episode = nothing_known, .listed = nothing_listed};
    return (struct judge_input){
        .part = part_get(PART_EPISODES),
        .period = period_of(2025, 3),
        .today = today,
        .windows = DEFAULT_WINDOWS,
        .body = body,
        .known = &NOTHING,
        .spill_dir = "/var/tmp",
    };
}

#endif
