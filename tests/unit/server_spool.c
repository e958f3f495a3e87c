/* server_spool: bodies in memory, on disk, at the cap, on a disk that is full. */
#include "server/spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/support/suite.h"

static char dir[64];

static int begin(void) {
    snprintf(dir, sizeof dir, "/tmp/quarterday-spool-XXXXXX");
    return mkdtemp(dir) ? 0 : 1;
}

static int end(void) {
    return rmdir(dir); /* fails when a spool left a file behind */
}

static unsigned char byte_at(size_t i) {
    return (unsigned char)(i * 131 + i / 251);
}

static void keeps_bytes(void) {
    static const struct {
        const char *label;
        size_t total, piece;
        bool on_disk;
    } CASES[] = {
        {"nothing", 0, 1, false},
        {"one byte", 1, 1, false},
        {"exactly what memory takes", SPOOL_MEMORY_MAX, 1000, false},
        {"one byte more", SPOOL_MEMORY_MAX + 1, 1000, true},
        {"at once to disk", 3 * SPOOL_MEMORY_MAX, 3 * SPOOL_MEMORY_MAX, true},
        {"many pieces", 1 << 20, 8192, true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct spool s;
        spool_begin(&s, dir, 1 << 20);
        unsigned char *bytes = must_alloc(CASES[i].total);
        for (size_t k = 0; k < CASES[i].total; k++)
            bytes[k] = byte_at(k);
        enum err e = OK;
        for (size_t at = 0; !e && at < CASES[i].total; at += CASES[i].piece) {
            size_t left = CASES[i].total - at;
            e = spool_add(&s, bytes + at, left < CASES[i].piece ? left : CASES[i].piece, NULL);
        }
        str view = STR_NONE;
        CHECK(e == OK && spool_view(&s, NULL, &view) == OK, "%s: accepted", CASES[i].label);
        CHECK(view.n == CASES[i].total && (!view.n || memcmp(view.p, bytes, view.n) == 0),
              "%s: the same %zu bytes", CASES[i].label, view.n);
        CHECK((s.fd >= 0) == CASES[i].on_disk, "%s: %s", CASES[i].label,
              CASES[i].on_disk ? "on disk" : "in memory");
        spool_free(&s);
        free(bytes);
    }
}

static void refuses_more(void) {
    struct spool s;
    struct fault f = {0};
    char bytes[100] = {0};
    spool_begin(&s, dir, 150);
    CHECK(spool_add(&s, bytes, 100, &f) == OK && spool_add(&s, bytes, 50, &f) == OK, "up to the cap");
    CHECK(spool_add(&s, bytes, 1, &f) == ERR_BODY_TOO_LARGE && strstr(f.detail, "150"), "a byte more: %s",
          f.detail);
    spool_free(&s);
    spool_begin(&s, dir, SIZE_MAX);
    s.length = SIZE_MAX - 5;
    CHECK(spool_add(&s, bytes, 10, &f) == ERR_BODY_TOO_LARGE, "no wrap around");
    s.length = 0;
    spool_free(&s);
}

static void tells_of_bad_disks(void) {
    static char many[SPOOL_MEMORY_MAX + 1];
    struct spool s;
    struct fault f = {0};
    spool_begin(&s, "/nonexistent/quarterday", sizeof many);
    CHECK(spool_check(dir, &f) == OK, "a folder: %s", f.detail);
    CHECK(spool_check("/nonexistent/quarterday", &f) == ERR_UNAVAILABLE && strstr(f.detail, "spoolDir"),
          "none, at the start: %s", f.detail);
    CHECK(spool_add(&s, many, sizeof many, &f) == ERR_UNAVAILABLE &&
              strstr(f.detail, "/nonexistent/quarterday"),
          "no such folder: %s", f.detail);
    spool_free(&s);
    spool_begin(&s, dir, 10u << 20);
    CHECK(spool_add(&s, many, sizeof many, &f) == OK && s.fd >= 0, "a file");
    int full = fileno(fopen("/dev/full", "we"));
    dup2(full, s.fd); /* the disk fills up */
    close(full);
    CHECK(spool_add(&s, many, sizeof many, &f) == ERR_UNAVAILABLE && strstr(f.detail, "No space left"),
          "a full disk: %s", f.detail);
    spool_free(&s);
}

void suite_server_spool(void) {
    suite_add("server_spool", begin, end);
    case_add("a body is the same bytes, in memory or on disk", keeps_bytes);
    case_add("the cap is exact", refuses_more);
    case_add("a disk that fails is a 503 with the system's words", tells_of_bad_disks);
}
