/* embed: the texts that the build puts into the binary (SQL, migrations, frameworks, the OpenAPI document, web pages).
 * Names are paths in the repository, such as "db/sql/version_insert.sql". tools/embed.sh writes the table, sorted by
 * name; a NUL follows the bytes of each file, outside its size, so that a text can be used as a C string. */
#ifndef QD_BASE_EMBED_H
#define QD_BASE_EMBED_H

#include <stddef.h>

struct embed_file {
    const char *name;
    const unsigned char *bytes;
    size_t size;
};

extern const struct embed_file embed_files[];
extern const size_t embed_files_count;

/* NULL when the build embedded no file of that name. */
const struct embed_file *embed_find(const char *name);

#endif
