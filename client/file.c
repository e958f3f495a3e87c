/* See file.h. What cannot be read twice (a pipe) is copied to an unnamed file first: an upload may have to begin
 * again. */
#include "client/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "client/text.h"

enum { HEAD = 64 << 10, NAME_MOST = 256 };
#define FILE_MOST (UINT64_C(4) << 30)

/* ---- its name ---- */

/* The last piece of the path in lower case, every other character than letters and digits a dash, between dashes. */
static str plain_name(const char *path, char out[NAME_MOST + 2]) {
    const char *slash = strrchr(path, '/');
    str name = str_of(slash ? slash + 1 : path);
    if (name.n > NAME_MOST - 2) name.n = NAME_MOST - 2;
    size_t n = 0;
    out[n++] = '-';
    for (size_t i = 0; i < name.n; i++)
        out[n++] = ascii_is_alnum(name.p[i]) ? ascii_lower(name.p[i]) : '-';
    out[n++] = '-';
    out[n] = '\0';
    return (str){out, n};
}

const struct part *file_name_part(const char *path) {
    char name[NAME_MOST + 2], wanted[64];
    const struct part *found = NULL;
    str plain = plain_name(path, name);
    for (int i = 0; i < PART_COUNT; i++) {
        const struct part *part = part_get((enum part_id)i);
        if (!part) continue;
        snprintf(wanted, sizeof wanted, "-%s-", part->name);
        if (!memmem(plain.p, plain.n, wanted, strlen(wanted))) continue;
        if (found) return NULL;
        found = part;
    }
    return found;
}

bool file_name_period(const char *path, char out[16]) {
    enum { LENGTH = 10 }; /* 2025-26-q3 */
    char name[NAME_MOST + 2];
    str plain = plain_name(path, name);
    bool found = false;
    for (size_t i = 1; i + LENGTH < plain.n; i++) {
        char text[16] = {0};
        int16_t period;
        memcpy(text, plain.p + i, LENGTH);
        text[8] = ascii_upper(text[8]);
        if (plain.p[i - 1] != '-' || plain.p[i + LENGTH] != '-' || !period_parse(str_of(text), &period))
            continue;
        if (found && memcmp(out, text, LENGTH) != 0) return false;
        memcpy(out, text, sizeof text);
        found = true;
    }
    return found;
}

/* ---- which part ---- */

static int find_part(struct file *f, const struct options *o) {
    const char *given = o->value[OPTION_PART];
    if (given) {
        f->part = part_find(str_of(given));
        if (f->part) return 0;
        str names[PART_COUNT];
        size_t n = 0;
        for (int i = 0; i < PART_COUNT; i++)
            if (part_get((enum part_id)i)) names[n++] = str_of(part_name((enum part_id)i));
        str near = str_nearest(str_of(given), names, n);
        return options_wrong(o, "there is no part '%s'%s%.*s", given, near.p ? "; did you mean " : "",
                             STR_ARG(near));
    }
    const struct part *by_name = file_name_part(f->path), *by_header = places_part(&f->places);
    if (by_name && by_header && by_name != by_header)
        return options_wrong(o,
                             "%s is named like %s, but its header is that of %s; say which it is with --part",
                             f->path, by_name->name, by_header->name);
    f->part = by_name ? by_name : by_header;
    if (f->part) return 0;
    return options_wrong(
        o, "which part is %s? Neither its name nor its header tells for certain; give --part", f->path);
}

/* ---- its bytes ---- */

/* The beginning, up to a line end: a header that is cut would be read as another. */
static size_t whole_lines(const char *p, size_t n) {
    size_t step = n >= 2 && ((unsigned char)p[0] >= 0xfe) ? 2 : 1;
    for (size_t i = n - n % step; i >= step; i -= step) {
        const char *c = p + i - step;
        if (c[0] == '\n' || c[0] == '\r' || (step == 2 && (c[1] == '\n' || c[1] == '\r'))) return i;
    }
    return 0;
}

static void read_head(struct file *f) {
    char *head = must_alloc(HEAD);
    ssize_t n = pread(f->fd, head, HEAD, 0);
    size_t whole = n <= 0 ? 0 : (uint64_t)n == f->bytes ? (size_t)n : whole_lines(head, (size_t)n);
    bool is_json = f->type && str_is(str_of(f->type), "application/json");
    f->has_header = whole && !is_json && places_open(&f->places, (str){head, whole}, "/tmp");
    free(head);
}

/* Copies standard input, or whatever else has no end that could be asked. 0: go on. */
static int copy_stream(struct file *f, const struct options *o, int from) {
    FILE *copy = tmpfile();
    char piece[65536];
    ssize_t got = 0;
    f->fd = copy ? fcntl(fileno(copy), F_DUPFD_CLOEXEC, 3) : -1;
    if (copy) fclose(copy);
    if (f->fd < 0) return options_wrong(o, "there is no room for a copy of %s: %s", f->path, strerror(errno));
    while ((got = read(from, piece, sizeof piece)) > 0) {
        if (write(f->fd, piece, (size_t)got) != got)
            return options_wrong(o, "there is no room for a copy of %s: %s", f->path, strerror(errno));
        f->bytes += (uint64_t)got;
        if (f->bytes > FILE_MOST) return options_wrong(o, "%s is longer than 4 GiB", f->path);
    }
    if (got < 0) return options_wrong(o, "%s cannot be read: %s", f->path, strerror(errno));
    return 0;
}

static int open_bytes(struct file *f, const struct options *o) {
    struct stat st;
    if (str_is(str_of(f->path), "-")) return copy_stream(f, o, STDIN_FILENO);
    int fd = open(f->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return options_wrong(o, "%s cannot be opened: %s", f->path, strerror(errno));
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        f->fd = fd;
        f->bytes = (uint64_t)st.st_size;
        return f->bytes > FILE_MOST ? options_wrong(o, "%s is longer than 4 GiB", f->path) : 0;
    }
    int status = S_ISDIR(st.st_mode) ? options_wrong(o, "%s is a folder; name its files", f->path)
                                     : copy_stream(f, o, fd);
    close(fd);
    return status;
}

int file_open_as(struct file *f, const struct options *o, const char *path, const struct part *part) {
    str name = str_of(path);
    *f = (struct file){.path = path, .fd = -1};
    f->type = str_ends_with(name, STR(".json"))                                      ? "application/json"
              : str_ends_with(name, STR(".csv")) || str_ends_with(name, STR(".CSV")) ? "text/csv"
                                                                                     : NULL;
    f->part = part;
    return open_bytes(f, o);
}

int file_open(struct file *f, const struct options *o, const char *path) {
    int status = file_open_as(f, o, path, NULL);
    if (status) return status;
    read_head(f);
    return find_part(f, o);
}

void file_close(struct file *f) {
    places_close(&f->places);
    if (f->fd >= 0) close(f->fd);
    f->fd = -1;
}

int file_read(const struct file *f, const struct options *o, struct buf *out) {
    buf_reserve(out, f->bytes + 1);
    while (out->n < f->bytes) {
        ssize_t n = pread(f->fd, out->p + out->n, f->bytes - out->n, (off_t)out->n);
        if (n < 0) return options_wrong(o, "%s cannot be read: %s", f->path, strerror(errno));
        if (n == 0) break;
        out->n += (size_t)n;
    }
    return 0;
}
