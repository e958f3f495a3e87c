/* lookup: reference data as it is kept and asked. An accepted file becomes a pack, a compact run of bytes that is stored with its
 * version and opened in place: a byte an LSOA, eight bytes a postcode (1.8 million of them take 14 MB), four a holiday.
 *
 * The layout is stored: little-endian, never changed without a new kind of pack. */
#ifndef QD_RETURNS_LOOKUP_H
#define QD_RETURNS_LOOKUP_H

#include "base/buf.h"
#include "returns/part.h"

struct judgement;

/* What the judge notes of a row. */
struct fact_imd {
    uint32_t lsoa; /* the digits after E01; 0: not in England */
    uint8_t quintile, spare[3];
};
struct fact_postcode {
    uint64_t key;
    uint32_t lsoa, authority; /* 0: none */
};
struct fact_holiday {
    int32_t day;
};

/* Beyond this no LSOA is numbered, nor fits into a pack. */
enum { LSOA_MOST = (1 << 19) - 1 };
/* E01001785 -> 1785; 0 where the code is none of England, or beyond LSOA_MOST. */
uint32_t lookup_lsoa_number(str code);
/* Of a postcode as the judge writes it ("E8 1EA"). */
uint64_t lookup_postcode_key(str postcode);

struct lookup_imd {
    const uint8_t *quintiles; /* by number of the LSOA; 0: none */
    size_t count;
};
struct lookup_postcodes {
    const uint64_t *entries; /* ascending */
    size_t count;
    const uint32_t *authorities;
    size_t authority_count;
};
/* What an upload is judged beside; NULL where none is loaded. */
struct lookups {
    const struct lookup_imd *imd;
    const struct lookup_postcodes *postcodes;
    /* Not NULL: postcodes are looked up by somebody else; counts the rows that leave their authority to that. */
    _Atomic uint64_t *elsewhere;
};

/* 1 to 5, or 0 when the edition does not know the LSOA. */
int lookup_quintile(const struct lookup_imd *imd, uint32_t lsoa);
/* False when the postcode is not in the list. Either may come out as 0. */
bool lookup_postcode(const struct lookup_postcodes *p, str postcode, uint32_t *out_lsoa,
                     uint32_t *out_authority);

/* The pack of a judgement without errors. False: more authorities than a pack can name (255). */
bool lookup_pack(const struct part *lookup, const struct judgement *j, struct buf *out);
/* They point into the pack, which must be aligned to 8 bytes. False: it is none. */
bool lookup_open_imd(str pack, struct lookup_imd *out);
bool lookup_open_postcodes(str pack, struct lookup_postcodes *out);
bool lookup_open_holidays(str pack, const int32_t **out_days, size_t *out_count);

/* NULL when there is no such lookup. */
const struct part *lookup_find(str name);
enum { LOOKUP_KINDS = 3 };
extern const struct part *const lookup_kinds[LOOKUP_KINDS];

#endif
