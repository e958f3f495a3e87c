/* file: a file to be sent or checked: its bytes, its type, and which part it is when that is certain. */
#ifndef QD_CLIENT_FILE_H
#define QD_CLIENT_FILE_H

#include "base/buf.h"
#include "client/options.h"
#include "returns/places.h"

struct file {
    const char *path; /* as it was named; "-": standard input */
    const char *type; /* "text/csv", "application/json", or NULL: to be found out from the bytes */
    int fd;
    uint64_t bytes;
    struct places places; /* of its header; empty for JSON */
    bool has_header;
    const struct part *part;
};

/* Opens it, reads its beginning, finds the part (--part, or the name and the header where they leave no doubt).
 * 0: go on; otherwise it said what is wrong. file_close() in both cases. */
int file_open(struct file *f, const struct options *o, const char *path);
/* The same of a file of which the part is known, a lookup's too. */
int file_open_as(struct file *f, const struct options *o, const char *path, const struct part *part);
void file_close(struct file *f);
/* All of its bytes. 0: go on. */
int file_read(const struct file *f, const struct options *o, struct buf *out);

/* The part that a file's name speaks of: "2025-26-Q3_follow_ups (2).csv"; NULL: none or several. */
const struct part *file_name_part(const char *path);
/* The one period that a file's name speaks of. */
bool file_name_period(const char *path, char out[16]);

#endif
