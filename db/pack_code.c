#include "db/pack_code.h"

#include <lz4.h>

enum { KEY = sizeof(struct hash128) };
static const char NO_KEY[KEY];

/* ---- turning round ---- */

/* As many bytes stay together as divide a record: whole words mostly, which costs a fraction of single bytes. */
static size_t word_of(size_t record) {
    return record % 8 == 0 ? 8 : record % 4 == 0 ? 4 : 1;
}

static inline void copy_words(char *to, size_t to_step, const char *from, size_t from_step, uint32_t count,
                              size_t word) {
    for (uint32_t i = 0; i < count; i++) {
        memcpy(to, from, word);
        to += to_step;
        from += from_step;
    }
}

static void copy_column(char *to, size_t to_step, const char *from, size_t from_step, uint32_t count,
                        size_t word) {
    if (word == 8) copy_words(to, to_step, from, from_step, count, 8);
    else if (word == 4) copy_words(to, to_step, from, from_step, count, 4);
    else copy_words(to, to_step, from, from_step, count, 1);
}

/* Of each record what follows its first `skip` bytes. */
static void turn(const char *records, uint32_t rows, size_t record, size_t skip, char *out) {
    size_t word = word_of(record - skip);
    for (size_t at = skip; at < record; at += word, out += rows * word)
        copy_column(out, word, records + at, record, rows, word);
}

/* ---- writing ---- */

/* Does each record begin as its digest does? */
static bool share_keys(str facts, const struct row_digest *digests, uint32_t rows) {
    size_t record = facts.n / rows;
    if (record <= KEY) return false;
    for (uint32_t i = 0; i < rows; i++)
        if (memcmp(facts.p + i * record, &digests[i].key, KEY) != 0) return false;
    return true;
}

static size_t compress(const char *from, size_t n, char *to, size_t room) {
    int made = n ? LZ4_compress_default(from, to, (int)n, (int)room) : 0;
    return made > 0 ? (size_t)made : 0;
}

struct pack_code pack_encode(str facts, str digests, uint32_t rows, struct buf *room) {
    const struct row_digest *of_rows = (const void *)digests.p;
    bool shared = share_keys(facts, of_rows, rows);
    size_t record = facts.n / rows, skip = shared ? KEY : 0, turned = rows * (record - skip);
    size_t most = (size_t)LZ4_compressBound((int)turned);
    buf_clear(room);
    buf_reserve(room, turned + most + (shared ? 2 * rows * (size_t)KEY : 0));
    char *columns = room->p, *small = columns + turned, *keys = small + most, *contents = keys + rows * KEY;
    turn(facts.p, rows, record, skip, columns);
    struct pack_code pack = {.form = PACK_TURNED, .digests = digests, .keys = STR_NONE};
    pack.facts = (str){small, compress(columns, turned, small, most)};
    if (!shared) return pack;
    copy_words(keys, KEY, (const char *)&of_rows->key, sizeof *of_rows, rows, KEY);
    copy_words(contents, KEY, (const char *)&of_rows->content, sizeof *of_rows, rows, KEY);
    pack.keys = (str){keys, rows * (size_t)KEY};
    pack.digests = (str){contents, rows * (size_t)KEY};
    return pack;
}

/* ---- reading ---- */

static bool has_keys(const struct pack_code *pack) {
    return pack->keys.p != NULL;
}

static bool copy_as_it_is(str from, size_t n, void *out) {
    if (from.n != n) return false;
    if (n) memcpy(out, from.p, n);
    return true;
}

/* What is compressed, in `room`. */
static const char *columns_of(const struct pack_code *pack, size_t turned, struct buf *room) {
    if (turned > INT32_MAX || pack->facts.n > INT32_MAX) return NULL;
    buf_clear(room);
    buf_reserve(room, turned + 1);
    if (!turned) return pack->facts.n ? NULL : room->p;
    int got = LZ4_decompress_safe(pack->facts.p, room->p, (int)pack->facts.n, (int)turned);
    return got >= 0 && (size_t)got == turned ? room->p : NULL;
}

bool pack_open_facts(const struct pack_code *pack, uint32_t rows, size_t record, struct buf *room,
                     struct pack_open *out) {
    bool keyed = has_keys(pack) || pack->lacks_keys;
    *out = (struct pack_open){.columns = pack->facts.p,
                              .keys = pack->keys.p,
                              .rows = rows,
                              .record = record,
                              .skip = keyed ? KEY : 0,
                              .is_turned = pack->form == PACK_TURNED};
    if (pack->form == PACK_AS_IT_IS) return pack->facts.n == rows * record;
    if (!out->is_turned || (keyed && record <= KEY)) return false;
    if (has_keys(pack) && pack->keys.n != rows * (size_t)KEY) return false;
    out->columns = columns_of(pack, rows * (record - out->skip), room);
    return out->columns != NULL;
}

void pack_take_facts(const struct pack_open *pack, uint32_t from, uint32_t count, char *out) {
    size_t record = pack->record, word = word_of(record - pack->skip);
    if (!pack->is_turned) {
        if (count > 0 && record > 0) memcpy(out, pack->columns + from * record, count * record);
        return;
    }
    if (pack->keys) copy_words(out, record, pack->keys + from * (size_t)KEY, KEY, count, KEY);
    else if (pack->skip) copy_words(out, record, NO_KEY, 0, count, KEY);
    const char *column = pack->columns + from * word;
    for (size_t at = pack->skip; at < record; at += word, column += pack->rows * word)
        copy_column(out + at, record, column, word, count, word);
}

bool pack_decode_facts(const struct pack_code *pack, uint32_t rows, size_t record, char *out,
                       struct buf *room) {
    struct pack_open open;
    if (!pack_open_facts(pack, rows, record, room, &open)) return false;
    pack_take_facts(&open, 0, rows, out);
    return true;
}

bool pack_decode_digests(const struct pack_code *pack, uint32_t rows, struct row_digest *out) {
    if (pack->form != PACK_AS_IT_IS && pack->form != PACK_TURNED) return false;
    if (!has_keys(pack)) return copy_as_it_is(pack->digests, rows * sizeof *out, out);
    if (pack->keys.n != rows * (size_t)KEY || pack->digests.n != rows * (size_t)KEY) return false;
    copy_words((char *)&out->key, sizeof *out, pack->keys.p, KEY, rows, KEY);
    copy_words((char *)&out->content, sizeof *out, pack->digests.p, KEY, rows, KEY);
    return true;
}
