/* pack_code: how the facts and digests of a pack are written down. For the files of db/ alone.
 *
 * Records are turned round, so that what stands at the same place of each lies together, and compressed (LZ4): of 96 bytes of an episode some 57
 * are left, and 41 where the id is kept beside them. Hashes are as good as random; all else repeats. An id's hash begins the record as well as the digest of most
 * parts: it is then stored once for both. */
#ifndef QD_DB_PACK_CODE_H
#define QD_DB_PACK_CODE_H

#include "base/buf.h"
#include "returns/facts.h"

enum pack_form {
    PACK_AS_IT_IS, /* records and digests one after the other: what older programs wrote */
    PACK_TURNED,
};

struct pack_code {
    int16_t form; /* enum pack_form, or what another program means by it */
    str facts, digests;
    str keys;        /* p NULL: none */
    bool lacks_keys; /* there are some, but they were not read: where they would stand, nothing is said */
};

/* facts and digests: of `rows` rows. The result points into `room`, which is emptied before. */
struct pack_code pack_encode(str facts, str digests, uint32_t rows, struct buf *room);
/* `record` bytes a row to `out`. False when it does not fit: it is of a form or a length that this program does not know. `room` is for the work. */
bool pack_decode_facts(const struct pack_code *pack, uint32_t rows, size_t record, char *out,
                       struct buf *room);
/* The same a few rows at a time: what they are decoded to stays warm. Of a pack that lacks its keys the first 16 bytes of each record are zeros.
 * What is open points into the pack and into `room`. */
struct pack_open {
    const char *columns, *keys;
    uint32_t rows;
    size_t record, skip;
    bool is_turned;
};
bool pack_open_facts(const struct pack_code *pack, uint32_t rows, size_t record, struct buf *room,
                     struct pack_open *out);
/* Rows [from, from + count). */
void pack_take_facts(const struct pack_open *pack, uint32_t from, uint32_t count, char *out);
bool pack_decode_digests(const struct pack_code *pack, uint32_t rows, struct row_digest *out);

#endif
