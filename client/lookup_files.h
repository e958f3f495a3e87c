/* lookup_files: the lists of postcodes and of deprivation quintiles that `check` is given as files: read, judged and packed as the service
 * does when they are loaded there. Without a list of postcodes, rows may leave their authority to the service's: they are counted. */
#ifndef QD_CLIENT_LOOKUP_FILES_H
#define QD_CLIENT_LOOKUP_FILES_H

#include "base/buf.h"
#include "client/options.h"
#include "returns/lookup.h"

struct lookup_files {
    struct lookups lookups; /* points into the struct: it must stay where it is */
    struct lookup_imd imd;
    struct lookup_postcodes postcodes;
    struct buf packs[2];
    _Atomic uint64_t
        left_to_service; /* rows with a postcode and no authority, where no list of postcodes was given */
};

/* Of --postcodes and --imd. 0: go on; otherwise it said what is wrong. lookup_files_close() in both cases. */
int lookup_files_open(struct lookup_files *l, const struct options *o, int32_t today);
void lookup_files_close(struct lookup_files *l);

#endif
