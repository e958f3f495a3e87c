/* store_backup: what a backup keeps beside the dump, and what a restore is held against. For `quarterday backup` and `restore`, with a role that
 * row-level security does not hold for. */
#ifndef QD_DB_STORE_BACKUP_H
#define QD_DB_STORE_BACKUP_H

#include "db/store.h"

struct store_table {
    str name;
    int64_t rows;
    str digest; /* of all rows, in whatever order */
};

struct store_backup {
    str snapshot; /* for pg_dump --snapshot; good until the transaction ends */
    str lsn, server;
    int32_t schema; /* the newest migration */
};
/* TX, read only, and first in it: what follows sees the same as the dump. ERR_FORBIDDEN where the role does not see every row. */
enum err store_backup_begin(struct db *db, struct arena *a, struct fault *fault, struct store_backup *out);
/* TX. By name; as long as it takes. */
enum err store_table_digests(struct db *db, struct arena *a, struct store_table **out, size_t *out_count);

/* TX. Is the database empty, and the role able to fill it? ERR_CONFLICT, ERR_FORBIDDEN with what to do. */
enum err store_restore_check(struct db *db, struct fault *fault);

/* TX. The rights on the database that a dump does not carry: nothing for everybody. */
enum err store_restore_rights(struct db *db);

/* A connection of its own as libpq's programs take it without showing a password to others: a service file (mode 0600, made anew) with one service.
 * database: in the place of the one that the conninfo names; NULL: that one. False: it cannot be written, or the conninfo is none. */
bool store_write_service_file(const char *path, const char *service, const char *conninfo,
                              const char *database);

#endif
