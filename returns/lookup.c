#include "returns/lookup.h"

#include <stdlib.h>

#include "returns/judge.h"
#include "returns/parts/lookups.h"

/* An entry of a postcode: its key in the upper 37 bits, then 19 of the LSOA and 8 of the authority's place
 * among those that the pack names (0: none), so that sorting entries sorts postcodes. */
enum { LSOA_BITS = 19, AUTHORITY_BITS = 8, AUTHORITIES_MOST = (1 << AUTHORITY_BITS) - 1 };
enum { BELOW_KEY = LSOA_BITS + AUTHORITY_BITS };

const struct part *const lookup_kinds[LOOKUP_KINDS] = {&lookup_imd, &lookup_postcodes, &lookup_bank_holidays};

const struct part *lookup_find(str name) {
    for (size_t i = 0; i < LOOKUP_KINDS; i++)
        if (str_is(name, lookup_kinds[i]->name)) return lookup_kinds[i];
    return NULL;
}

uint32_t lookup_lsoa_number(str code) {
    uint64_t number;
    if (code.n != 9 || memcmp(code.p, "E01", 3) != 0) return 0;
    return str_to_uint(str_sub(code, 3, 9), LSOA_MOST, &number) ? (uint32_t)number : 0;
}

/* At most seven letters and digits to base 37: below 2^37. */
uint64_t lookup_postcode_key(str postcode) {
    uint64_t key = 0;
    for (size_t i = 0; i < postcode.n; i++) {
        char c = postcode.p[i];
        if (c == ' ') continue;
        key = key * 37 + (uint64_t)(ascii_is_digit(c) ? c - '0' + 1 : c - 'A' + 11);
    }
    return key;
}

/* ---- asking ---- */

int lookup_quintile(const struct lookup_imd *imd, uint32_t lsoa) {
    return lsoa < imd->count ? imd->quintiles[lsoa] : 0;
}

bool lookup_postcode(const struct lookup_postcodes *p, str postcode, uint32_t *out_lsoa,
                     uint32_t *out_authority) {
    uint64_t wanted = lookup_postcode_key(postcode) << BELOW_KEY;
    size_t low = 0, high = p->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (p->entries[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    if (low == p->count || p->entries[low] >> BELOW_KEY != wanted >> BELOW_KEY) return false;
    uint64_t entry = p->entries[low];
    size_t authority = entry & AUTHORITIES_MOST;
    *out_lsoa = (uint32_t)(entry >> AUTHORITY_BITS & LSOA_MOST);
    *out_authority = authority && authority <= p->authority_count ? p->authorities[authority - 1] : 0;
    return true;
}

/* ---- packing ---- */

static void pack_imd(const struct fact_imd *rows, size_t count, struct buf *out) {
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].lsoa > most) most = rows[i].lsoa;
    buf_reserve(out, (size_t)most + 1);
    memset(out->p, 0, (size_t)most + 1);
    out->n = (size_t)most + 1;
    for (size_t i = 0; i < count; i++)
        if (rows[i].lsoa) ((uint8_t *)out->p)[rows[i].lsoa] = rows[i].quintile;
}

/* 1 and up; 0 when there is no room for another. */
static size_t authority_place(uint32_t *list, size_t *count, uint32_t authority) {
    for (size_t i = 0; i < *count; i++)
        if (list[i] == authority) return i + 1;
    if (*count == AUTHORITIES_MOST) return 0;
    list[(*count)++] = authority;
    return *count;
}

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The number of authorities, their numbers, the entries from the next multiple of 8 on. */
static bool pack_postcodes(const struct fact_postcode *rows, size_t count, struct buf *out) {
    uint32_t authorities[AUTHORITIES_MOST];
    size_t known = 0;
    uint64_t *entries = must_calloc(count + 1, sizeof *entries);
    bool good = true;
    for (size_t i = 0; i < count && good; i++) {
        size_t place = rows[i].authority ? authority_place(authorities, &known, rows[i].authority) : 0;
        good = place || !rows[i].authority;
        entries[i] = rows[i].key << BELOW_KEY | (uint64_t)rows[i].lsoa << AUTHORITY_BITS | place;
    }
    qsort(entries, count, sizeof *entries, by_value);
    uint32_t head = (uint32_t)known;
    buf_add(out, &head, sizeof head);
    buf_add(out, authorities, known * sizeof *authorities);
    while (out->n % 8)
        buf_add_char(out, '\0');
    buf_add(out, entries, count * sizeof *entries);
    free(entries);
    return good;
}

static int by_day(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

/* Ascending, each day once: a list may name one twice. */
static void pack_holidays(const struct fact_holiday *rows, size_t count, struct buf *out) {
    int32_t *days = must_calloc(count + 1, sizeof *days);
    for (size_t i = 0; i < count; i++)
        days[i] = rows[i].day;
    qsort(days, count, sizeof *days, by_day);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || days[i] != days[i - 1]) buf_add(out, &days[i], sizeof days[i]);
    free(days);
}

bool lookup_pack(const struct part *lookup, const struct judgement *j, struct buf *out) {
    const void *rows = j->facts.p;
    if (lookup->id == LOOKUP_POSTCODES) return pack_postcodes(rows, j->rows, out);
    if (lookup->id == LOOKUP_IMD) pack_imd(rows, j->rows, out);
    else pack_holidays(rows, j->rows, out);
    return true;
}

/* ---- opening ---- */

bool lookup_open_imd(str pack, struct lookup_imd *out) {
    *out = (struct lookup_imd){(const uint8_t *)pack.p, pack.n};
    return true;
}

bool lookup_open_postcodes(str pack, struct lookup_postcodes *out) {
    uint32_t known;
    if (pack.n < sizeof known || pack.n % 8) return false;
    memcpy(&known, pack.p, sizeof known);
    size_t head = (sizeof known + known * sizeof known + 7) / 8 * 8;
    if (known > AUTHORITIES_MOST || head > pack.n) return false;
    *out = (struct lookup_postcodes){
        .entries = (const uint64_t *)(const void *)(pack.p + head),
        .count = (pack.n - head) / sizeof(uint64_t),
        .authorities = (const uint32_t *)(const void *)(pack.p + sizeof known),
        .authority_count = known,
    };
    return true;
}

bool lookup_open_holidays(str pack, const int32_t **out_days, size_t *out_count) {
    *out_days = (const int32_t *)(const void *)pack.p;
    *out_count = pack.n / sizeof(int32_t);
    return pack.n % sizeof(int32_t) == 0;
}
