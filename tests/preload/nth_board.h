/* nth_board: what a test and the shim inside the service (nth.c) say to each other, in a file that both have mapped: "of this kind of
 * call, the n-th of this function fails". The file's name is in NTH_BOARD. */
#ifndef QD_TESTS_NTH_BOARD_H
#define QD_TESTS_NTH_BOARD_H

#include <stdint.h>

/* clang-format off */
/*    id, name, what fails */
#define NTH_KINDS(X) \
    X(FILES,   "files",   "open, read, write, fsync, rename and their like on files: no room, too many files, input/output errors") \
    X(SOCKETS, "sockets", "accept, send, recv, poll, epoll, threads, events: reset, no memory, too many files") \
    X(ANSWERS, "answers", "libpq cannot do, or has no memory for the answer of a statement that PostgreSQL has carried out") \
    X(LINK,    "link",    "the connection to PostgreSQL is lost just before the call") \
    X(HTTP,    "http",    "libmicrohttpd refuses to make, fill or queue a response") \
    X(MEMORY,  "memory",  "malloc, calloc, realloc give NULL")
/* clang-format on */

enum nth_kind {
    NTH_NONE,
#define X(id, name, meaning) NTH_##id,
    NTH_KINDS(X)
#undef X
        NTH_KIND_COUNT
};

enum { NTH_NAMES = 64 };
struct nth_name {
    char name[36]; /* of the function; "": free */
    _Atomic uint64_t calls;
};

struct nth_board {
    _Atomic uint32_t kind;    /* enum nth_kind; NTH_NONE: calls are neither counted nor failed */
    _Atomic uint32_t only;    /* 1 + the name whose calls fail */
    _Atomic uint64_t fail_at; /* of them; 0: none */
    _Atomic uint32_t failed;
    struct nth_name names[NTH_NAMES]; /* that were called since the service began, of all kinds */
};

#endif
