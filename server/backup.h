/* backup: a copy of the whole database in a folder, and back. A copy is DIR/quarterday-<instant>/ with `dump` (pg_dump, custom format) and `manifest.json`:
 * of every table the rows and a digest, worked out in the very snapshot that the dump is of, and where each chain of the audit ended. So a restore can
 * be held against what was there, table by table, and not only against itself.
 *
 * pg_dump, pg_restore, createdb and dropdb are run as programs, with the connection in a file of mode 0600. */
#ifndef QD_SERVER_BACKUP_H
#define QD_SERVER_BACKUP_H

#include "base/arena.h"
#include "base/err.h"

struct backup_said {
    const char *path; /* of the copy, in the arena */
    size_t tables, chains;
    int64_t rows, bytes;
};
/* Takes a copy into a new folder below dir: complete, or none. */
enum err backup_take(const char *conninfo, const char *dir, struct arena *a, struct fault *fault,
                     struct backup_said *out);
/* Puts a copy into the empty database of conninfo, and holds it against the manifest. ERR_CONFLICT: it differs, or the database is not empty. */
enum err backup_put_back(const char *conninfo, const char *copy, struct arena *a, struct fault *fault,
                         struct backup_said *out);
/* The same with a database that is made for it beside that of conninfo, and dropped afterwards: does the copy hold what it says? */
enum err backup_try(const char *conninfo, const char *copy, struct arena *a, struct fault *fault,
                    struct backup_said *out);

#endif
