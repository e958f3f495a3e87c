/* spool: owns the bytes of one body. The file has no name, so a crash leaves nothing behind and nobody else can open it.
 * Must not decide what is sent on failure, and must not log: the caller knows the request. */
#include "server/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void spool_begin(struct spool *s, const char *dir, uint64_t cap) {
    *s = (struct spool){.dir = dir, .cap = cap, .fd = -1};
}

static enum err disk_failed(struct fault *fault, const char *what, const char *dir) {
    return fail(fault, ERR_UNAVAILABLE, "%s in the spool directory %s: %s", what, dir, strerror(errno));
}

/* Some file systems have no O_TMPFILE: there the name lives for an instant. */
static int open_named(const char *dir) {
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/body-XXXXXX", dir);
    if (n < 0 || (size_t)n >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) unlink(path);
    return fd;
}

static int open_unnamed(const char *dir) {
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL && errno != ENOENT)) return fd;
    return open_named(dir);
}

enum err spool_check(const char *dir, struct fault *fault) {
    int fd = open_unnamed(dir);
    if (fd < 0)
        return fail(
            fault, ERR_UNAVAILABLE,
            "The folder for large bodies, %s, takes no files: %s. Make it, let this user write in it, or name "
            "another (spoolDir).",
            dir, strerror(errno));
    close(fd);
    return OK;
}

static enum err write_all(struct spool *s, const char *p, size_t n, struct fault *fault) {
    while (n) {
        ssize_t done = write(s->fd, p, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return disk_failed(fault, "Cannot write", s->dir);
        p += done;
        n -= (size_t)done;
    }
    return OK;
}

static enum err move_to_disk(struct spool *s, struct fault *fault) {
    s->fd = open_unnamed(s->dir);
    if (s->fd < 0) return disk_failed(fault, "Cannot make a file", s->dir);
    enum err e = write_all(s, s->memory.p, s->memory.n, fault);
    buf_free(&s->memory);
    return e;
}

enum err spool_add(struct spool *s, const void *bytes, size_t n, struct fault *fault) {
    uint64_t length;
    if (__builtin_add_overflow(s->length, n, &length) || length > s->cap)
        return fail(fault, ERR_BODY_TOO_LARGE, "At most %llu bytes", (unsigned long long)s->cap);
    if (s->fd < 0 && length > SPOOL_MEMORY_MAX) {
        enum err e = move_to_disk(s, fault);
        if (e) return e;
    }
    s->length = length;
    if (s->fd >= 0) return write_all(s, bytes, n, fault);
    buf_add(&s->memory, bytes, n);
    return OK;
}

enum err spool_view(struct spool *s, struct fault *fault, str *out) {
    if (s->fd < 0) {
        *out = buf_str(&s->memory);
        return OK;
    }
    if (!s->map) {
        void *map = mmap(NULL, s->length, PROT_READ, MAP_PRIVATE, s->fd, 0);
        if (map == MAP_FAILED) return disk_failed(fault, "Cannot map a file", s->dir);
        madvise(map, s->length, MADV_SEQUENTIAL);
        s->map = map;
    }
    *out = (str){s->map, s->length};
    return OK;
}

void spool_free(struct spool *s) {
    if (s->map) munmap(s->map, s->length);
    if (s->dir && s->fd >= 0) close(s->fd);
    buf_free(&s->memory);
    *s = (struct spool){.fd = -1};
}
