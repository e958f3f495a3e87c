#include "tests/support/text_file.h"

#include <fcntl.h>
#include <unistd.h>

bool text_file_read(const char *path, struct buf *out) {
    char piece[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0)
        buf_add(out, piece, (size_t)n);
    if (fd >= 0) close(fd);
    buf_add_char(out, '\0');
    return out->n > 1;
}
