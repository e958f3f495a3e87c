#include "base/embed.h"

#include <stdlib.h>
#include <string.h>

static int compare_name(const void *name, const void *file) {
    return strcmp(name, ((const struct embed_file *)file)->name);
}

const struct embed_file *embed_find(const char *name) {
    return bsearch(name, embed_files, embed_files_count, sizeof *embed_files, compare_name);
}
