/* service_file: a conninfo as a service file of libpq's. A password stays out of arguments and environment, where other processes could read it. */
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "db/store_backup.h"

static bool write_file(const char *path, const struct buf *text) {
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool good = write(fd, text->p, text->n) == (ssize_t)text->n;
    return close(fd) == 0 && good;
}

bool store_write_service_file(const char *path, const char *service, const char *conninfo,
                              const char *database) {
    struct buf text = BUF_EMPTY;
    PQconninfoOption *all = PQconninfoParse(conninfo, NULL);
    bool good = all != NULL;
    buf_printf(&text, "[%s]\n", service);
    for (const PQconninfoOption *o = all; o && o->keyword; o++) {
        const char *value = database && strcmp(o->keyword, "dbname") == 0 ? database : o->val;
        /* A line is a value to its end: one that has an end of line inside would be another line. */
        if (value && strpbrk(value, "\r\n")) good = false;
        else if (value && strcmp(o->keyword, "service") != 0) buf_printf(&text, "%s=%s\n", o->keyword, value);
    }
    PQconninfoFree(all);
    good = good && write_file(path, &text);
    buf_free(&text);
    return good;
}
