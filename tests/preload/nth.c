/* nth: a library that a test loads into the service with LD_PRELOAD. It stands between the program with all its libraries and libc,
 * libpq and libmicrohttpd, counts the calls of the kind that the board names, and fails the n-th as it would fail in earnest: the same
 * result, the same errno. Nothing of it is in what ships.
 *
 * Not failed: what cannot fail (an eventfd's read and write), close, and what must end the process anyway (getrandom). Calls inside libc
 * itself are not seen. In builds with a sanitizer memory is left alone: it is the sanitizer's. */
#undef _FORTIFY_SOURCE /* which defines what is defined here */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/preload/nth_board.h"

#define SEEN __attribute__((visibility("default")))

static struct nth_board off;
static struct nth_board *board = &off;
/* libpq calls itself: only what the program asks for counts. */
static _Thread_local unsigned inside;

static pthread_mutex_t naming = PTHREAD_MUTEX_INITIALIZER;

static uint32_t index_of(const char *name) {
    uint32_t i = 0;
    pthread_mutex_lock(&naming);
    while (board->names[i].name[0] && strcmp(board->names[i].name, name) != 0)
        if (++i == NTH_NAMES) abort();
    if (!board->names[i].name[0]) snprintf(board->names[i].name, sizeof board->names[i].name, "%s", name);
    pthread_mutex_unlock(&naming);
    return i;
}

/* Is it this call's turn to fail? */
static bool due(enum nth_kind kind, const char *name) {
    if (board->kind != (uint32_t)kind || inside) return false;
    uint32_t i = index_of(name);
    uint64_t n = ++board->names[i].calls;
    if (board->only != i + 1 || n != board->fail_at) return false;
    board->failed = 1;
    return true;
}

/* The same function of whoever would have been called without us. */
static void *behind(const char *name) {
    void *f = dlsym(RTLD_NEXT, name);
    if (!f) abort();
    return f;
}
#define REAL(name) ((__typeof__(&name))behind(#name))

/* ---- beginning ---- */

static void last_words(int signal_number) {
    static const char words[] = "nth: the service died here\n";
    void *frames[60];
    ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
    backtrace_symbols_fd(frames, backtrace(frames, 60), STDERR_FILENO);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
    (void)written;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("NTH_BOARD");
    if (!path || strncmp(program_invocation_short_name, "quarterday", 10) != 0) return;
    int fd = REAL(open)(path, O_RDWR | O_CLOEXEC);
    void *map =
        fd < 0 ? MAP_FAILED : REAL(mmap)(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    if (map == MAP_FAILED) {
        fprintf(stderr, "nth: %s cannot be mapped\n", path);
        _exit(2);
    }
#ifndef NTH_SANITIZED
    void *frames[4];
    backtrace(frames, 4); /* it loads a library the first time */
    const struct sigaction act = {.sa_handler = last_words, .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};
    const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        sigaction(deadly[i], &act, NULL);
#else
    (void)last_words;
#endif
    board = map;
}

/* The test looks at which files are open; the service would hide them from everybody but root. */
SEEN int prctl(int option, ...) {
    va_list rest;
    va_start(rest, option);
    unsigned long a = va_arg(rest, unsigned long), b = va_arg(rest, unsigned long),
                  c = va_arg(rest, unsigned long), d = va_arg(rest, unsigned long);
    va_end(rest);
    return option == PR_SET_DUMPABLE ? 0 : REAL(prctl)(option, a, b, c, d);
}

/* ---- files and sockets ---- */

/* How a call of this name fails. */
#define FAIL_IF_DUE(kind, result, error)                                                                     \
    do {                                                                                                     \
        if (due(kind, __func__)) {                                                                           \
            errno = error;                                                                                   \
            return result;                                                                                   \
        }                                                                                                    \
    } while (0)

static enum nth_kind kind_of(int fd) {
    struct stat st;
    if (board->kind != NTH_FILES && board->kind != NTH_SOCKETS) return NTH_NONE;
    if (fd <= STDERR_FILENO || fstat(fd, &st) != 0) return NTH_NONE;
    if (S_ISSOCK(st.st_mode)) return NTH_SOCKETS;
    return S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) ? NTH_FILES : NTH_NONE;
}
/* The connection has ended, as these errors say: who goes on reading (libpq does, for the server's last words) must find that out. */
#define END_IF_DUE(fd, error)                                                                                \
    do {                                                                                                     \
        if (due(NTH_SOCKETS, __func__)) {                                                                    \
            shutdown(fd, SHUT_RDWR);                                                                         \
            errno = error;                                                                                   \
            return -1;                                                                                       \
        }                                                                                                    \
    } while (0)

/* A kind that is none never fails. */
#define FAIL_OF_FD_IF_DUE(fd, file_error, socket_error)                                                      \
    do {                                                                                                     \
        enum nth_kind of = kind_of(fd);                                                                      \
        if (of == NTH_FILES) FAIL_IF_DUE(NTH_FILES, -1, file_error);                                         \
        if (of == NTH_SOCKETS) END_IF_DUE(fd, socket_error);                                                 \
    } while (0)

static mode_t mode_of(int flags, va_list rest) {
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}
#define OPENING(name)                                                                                        \
    SEEN int name(const char *path, int flags, ...) {                                                        \
        va_list rest;                                                                                        \
        va_start(rest, flags);                                                                               \
        mode_t mode = mode_of(flags, rest);                                                                  \
        va_end(rest);                                                                                        \
        FAIL_IF_DUE(NTH_FILES, -1, EMFILE);                                                                  \
        return REAL(name)(path, flags, mode);                                                                \
    }
OPENING(open)
OPENING(open64)

SEEN FILE *fopen(const char *path, const char *mode) {
    FAIL_IF_DUE(NTH_FILES, NULL, EMFILE);
    return REAL(fopen)(path, mode);
}
SEEN FILE *fopen64(const char *path, const char *mode) {
    FAIL_IF_DUE(NTH_FILES, NULL, EMFILE);
    return REAL(fopen64)(path, mode);
}
SEEN FILE *tmpfile(void) {
    FAIL_IF_DUE(NTH_FILES, NULL, ENOSPC);
    return REAL(tmpfile)();
}
SEEN FILE *tmpfile64(void) {
    FAIL_IF_DUE(NTH_FILES, NULL, ENOSPC);
    return REAL(tmpfile64)();
}
SEEN int mkostemp(char *path, int flags) {
    FAIL_IF_DUE(NTH_FILES, -1, EMFILE);
    return REAL(mkostemp)(path, flags);
}
SEEN int mkostemp64(char *path, int flags) {
    FAIL_IF_DUE(NTH_FILES, -1, EMFILE);
    return REAL(mkostemp64)(path, flags);
}
SEEN size_t fwrite(const void *bytes, size_t size, size_t count, FILE *f) {
    if (f != stderr && f != stdout) FAIL_IF_DUE(NTH_FILES, 0, ENOSPC);
    return REAL(fwrite)(bytes, size, count, f);
}
SEEN size_t fread(void *bytes, size_t size, size_t count, FILE *f) {
    FAIL_IF_DUE(NTH_FILES, 0, EIO);
    return REAL(fread)(bytes, size, count, f);
}
SEEN int fflush(FILE *f) {
    if (f != stderr && f != stdout) FAIL_IF_DUE(NTH_FILES, EOF, ENOSPC);
    return REAL(fflush)(f);
}
SEEN int fsync(int fd) {
    FAIL_IF_DUE(NTH_FILES, -1, EIO);
    return REAL(fsync)(fd);
}
SEEN int fdatasync(int fd) {
    FAIL_IF_DUE(NTH_FILES, -1, EIO);
    return REAL(fdatasync)(fd);
}
SEEN int rename(const char *from, const char *to) {
    FAIL_IF_DUE(NTH_FILES, -1, ENOSPC);
    return REAL(rename)(from, to);
}
SEEN int unlink(const char *path) {
    FAIL_IF_DUE(NTH_FILES, -1, EIO);
    return REAL(unlink)(path);
}
SEEN int mkdir(const char *path, mode_t mode) {
    FAIL_IF_DUE(NTH_FILES, -1, ENOSPC);
    return REAL(mkdir)(path, mode);
}
SEEN int dup(int fd) {
    FAIL_IF_DUE(NTH_FILES, -1, EMFILE);
    return REAL(dup)(fd);
}
SEEN ssize_t read(int fd, void *bytes, size_t n) {
    FAIL_OF_FD_IF_DUE(fd, EIO, ECONNRESET);
    return REAL(read)(fd, bytes, n);
}
SEEN ssize_t write(int fd, const void *bytes, size_t n) {
    FAIL_OF_FD_IF_DUE(fd, ENOSPC, EPIPE);
    return REAL(write)(fd, bytes, n);
}
SEEN ssize_t pread(int fd, void *bytes, size_t n, off_t at) {
    FAIL_IF_DUE(NTH_FILES, -1, EIO);
    return REAL(pread)(fd, bytes, n, at);
}
SEEN ssize_t pread64(int fd, void *bytes, size_t n, off64_t at) {
    FAIL_IF_DUE(NTH_FILES, -1, EIO);
    return REAL(pread64)(fd, bytes, n, at);
}
SEEN ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) {
    FAIL_IF_DUE(NTH_FILES, -1, ENOSPC);
    return REAL(pwrite)(fd, bytes, n, at);
}
SEEN ssize_t readv(int fd, const struct iovec *pieces, int count) {
    FAIL_OF_FD_IF_DUE(fd, EIO, ECONNRESET);
    return REAL(readv)(fd, pieces, count);
}
SEEN ssize_t writev(int fd, const struct iovec *pieces, int count) {
    FAIL_OF_FD_IF_DUE(fd, ENOSPC, EPIPE);
    return REAL(writev)(fd, pieces, count);
}
SEEN void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset) {
    if (fd >= 0) FAIL_IF_DUE(NTH_FILES, MAP_FAILED, ENOMEM);
    return REAL(mmap)(at, n, protection, flags, fd, offset);
}

SEEN int socket(int domain, int type, int protocol) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, EMFILE);
    return REAL(socket)(domain, type, protocol);
}
SEEN int bind(int fd, const struct sockaddr *address, socklen_t n) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, EADDRINUSE);
    return REAL(bind)(fd, address, n);
}
SEEN int listen(int fd, int backlog) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, EADDRINUSE);
    return REAL(listen)(fd, backlog);
}
SEEN int connect(int fd, const struct sockaddr *address, socklen_t n) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, ECONNREFUSED);
    return REAL(connect)(fd, address, n);
}
SEEN int accept4(int fd, struct sockaddr *address, socklen_t *n, int flags) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, EMFILE);
    return REAL(accept4)(fd, address, n, flags);
}
SEEN int setsockopt(int fd, int level, int name, const void *value, socklen_t n) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, ENOBUFS);
    return REAL(setsockopt)(fd, level, name, value, n);
}
SEEN ssize_t recv(int fd, void *bytes, size_t n, int flags) {
    END_IF_DUE(fd, ECONNRESET);
    return REAL(recv)(fd, bytes, n, flags);
}
SEEN ssize_t send(int fd, const void *bytes, size_t n, int flags) {
    END_IF_DUE(fd, EPIPE);
    return REAL(send)(fd, bytes, n, flags);
}
SEEN ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    END_IF_DUE(fd, EPIPE);
    return REAL(sendmsg)(fd, message, flags);
}
SEEN ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    END_IF_DUE(fd, ECONNRESET);
    return REAL(recvmsg)(fd, message, flags);
}
SEEN int epoll_create1(int flags) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, EMFILE);
    return REAL(epoll_create1)(flags);
}
SEEN int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event) {
    if (operation == EPOLL_CTL_ADD) FAIL_IF_DUE(NTH_SOCKETS, -1, ENOSPC);
    return REAL(epoll_ctl)(epoll, operation, fd, event);
}
SEEN int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, EINTR);
    return REAL(epoll_wait)(epoll, events, most, timeout);
}
SEEN int poll(struct pollfd *fds, nfds_t count, int timeout) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, ENOMEM);
    return REAL(poll)(fds, count, timeout);
}
SEEN int eventfd(unsigned count, int flags) {
    FAIL_IF_DUE(NTH_SOCKETS, -1, EMFILE);
    return REAL(eventfd)(count, flags);
}
struct thread {
    void *(*run)(void *);
    void *context;
};

/* Last words need a stack even where a thread's own is used up. */
static void *run_thread(void *context) {
    enum { STACK = 64 * 1024 };
    struct thread t = *(struct thread *)context;
    free(context);
    stack_t stack = {.ss_size = STACK,
                     .ss_sp =
                         REAL(mmap)(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)};
    if (stack.ss_sp != MAP_FAILED) sigaltstack(&stack, NULL);
    return t.run(t.context);
}

SEEN int pthread_create(pthread_t *out, const pthread_attr_t *how, void *(*run)(void *), void *context) {
    if (due(NTH_SOCKETS, __func__)) return EAGAIN;
    inside++; /* this memory is ours */
    struct thread *t = malloc(sizeof *t);
    inside--;
    if (!t) return EAGAIN;
    *t = (struct thread){run, context};
    return REAL(pthread_create)(out, how, run_thread, t);
}

/* ---- libpq ---- */

/* An answer came, and there is no memory to keep it: libpq says so without an SQLSTATE. */
static PGresult *forgotten(PGconn *connection, PGresult *answer) {
    if (answer) PQclear(answer);
    return PQmakeEmptyPGresult(connection, PGRES_FATAL_ERROR);
}

static void lose(PGconn *connection, const char *name) {
    if (due(NTH_LINK, name) && PQsocket(connection) >= 0) shutdown(PQsocket(connection), SHUT_RDWR);
}

#define ANSWERING(name, parameters, ...)                                                                     \
    SEEN PGresult *name parameters {                                                                         \
        lose(connection, #name);                                                                             \
        bool fails = due(NTH_ANSWERS, #name);                                                                \
        inside++;                                                                                            \
        PGresult *answer = REAL(name)(__VA_ARGS__);                                                          \
        if (fails) answer = forgotten(connection, answer);                                                   \
        inside--;                                                                                            \
        return answer;                                                                                       \
    }
#define DOING(name, failure, parameters, ...)                                                                \
    SEEN int name parameters {                                                                               \
        lose(connection, #name);                                                                             \
        if (due(NTH_ANSWERS, #name)) return failure;                                                         \
        inside++;                                                                                            \
        int done = REAL(name)(__VA_ARGS__);                                                                  \
        inside--;                                                                                            \
        return done;                                                                                         \
    }
#define PARAMETERS                                                                                           \
    int count, const Oid *types, const char *const *values, const int *lengths, const int *formats, int format

ANSWERING(PQexec, (PGconn * connection, const char *sql), connection, sql)
ANSWERING(PQprepare, (PGconn * connection, const char *name, const char *sql, int count, const Oid *types),
          connection, name, sql, count, types)
ANSWERING(PQexecPrepared,
          (PGconn * connection, const char *name, int count, const char *const *values, const int *lengths,
           const int *formats, int format),
          connection, name, count, values, lengths, formats, format)
DOING(PQsendQueryPrepared, 0,
      (PGconn * connection, const char *name, int count, const char *const *values, const int *lengths,
       const int *formats, int format),
      connection, name, count, values, lengths, formats, format)
DOING(PQsendQueryParams, 0, (PGconn * connection, const char *sql, PARAMETERS), connection, sql, count, types,
      values, lengths, formats, format)
DOING(PQsetSingleRowMode, 0, (PGconn * connection), connection)
DOING(PQputCopyData, -1, (PGconn * connection, const char *bytes, int n), connection, bytes, n)
DOING(PQputCopyEnd, -1, (PGconn * connection, const char *why), connection, why)
DOING(PQconsumeInput, 0, (PGconn * connection), connection)
DOING(PQenterPipelineMode, 0, (PGconn * connection), connection)
DOING(PQpipelineSync, 0, (PGconn * connection), connection)
DOING(PQexitPipelineMode, 0, (PGconn * connection), connection)

/* Only what is an answer can be forgotten. */
SEEN PGresult *PQgetResult(PGconn *connection) {
    lose(connection, __func__);
    inside++;
    PGresult *answer = REAL(PQgetResult)(connection);
    inside--;
    ExecStatusType status = answer ? PQresultStatus(answer) : PGRES_EMPTY_QUERY;
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_SINGLE_TUPLE)
        return answer;
    return due(NTH_ANSWERS, __func__) ? forgotten(connection, answer) : answer;
}

SEEN PGconn *PQconnectdbParams(const char *const *keywords, const char *const *values, int expand) {
    if (due(NTH_ANSWERS, __func__) || due(NTH_LINK, __func__)) return NULL;
    inside++;
    PGconn *connection = REAL(PQconnectdbParams)(keywords, values, expand);
    inside--;
    return connection;
}

/* ---- libmicrohttpd ---- */

SEEN struct MHD_Response *MHD_create_response_from_buffer(size_t n, void *bytes,
                                                          enum MHD_ResponseMemoryMode mode) {
    if (due(NTH_HTTP, __func__)) return NULL;
    return REAL(MHD_create_response_from_buffer)(n, bytes, mode);
}
SEEN struct MHD_Response *MHD_create_response_from_callback(uint64_t n, size_t piece,
                                                            MHD_ContentReaderCallback reader, void *context,
                                                            MHD_ContentReaderFreeCallback end) {
    if (due(NTH_HTTP, __func__)) return NULL;
    return REAL(MHD_create_response_from_callback)(n, piece, reader, context, end);
}
SEEN enum MHD_Result MHD_add_response_header(struct MHD_Response *response, const char *name,
                                             const char *value) {
    if (due(NTH_HTTP, __func__)) return MHD_NO;
    return REAL(MHD_add_response_header)(response, name, value);
}
SEEN enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned status,
                                        struct MHD_Response *response) {
    if (due(NTH_HTTP, __func__)) return MHD_NO;
    return REAL(MHD_queue_response)(connection, status, response);
}

/* ---- memory ---- */

#ifndef NTH_SANITIZED
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

SEEN void *malloc(size_t n) {
    FAIL_IF_DUE(NTH_MEMORY, NULL, ENOMEM);
    return __libc_malloc(n);
}
SEEN void *calloc(size_t count, size_t size) {
    FAIL_IF_DUE(NTH_MEMORY, NULL, ENOMEM);
    return __libc_calloc(count, size);
}
SEEN void *realloc(void *old, size_t n) {
    FAIL_IF_DUE(NTH_MEMORY, NULL, ENOMEM);
    return __libc_realloc(old, n);
}
SEEN void *aligned_alloc(size_t alignment, size_t n) {
    FAIL_IF_DUE(NTH_MEMORY, NULL, ENOMEM);
    return __libc_memalign(alignment, n);
}
#endif
