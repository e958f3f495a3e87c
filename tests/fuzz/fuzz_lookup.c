/* Files of reference data, judged, packed, opened and asked. The first byte chooses which; where a pack is opened that nobody
 * packed, nothing may be read beyond it. */
#include <stdlib.h>

#include "returns/judge.h"
#include "returns/lookup.h"

static void demand(bool holds) {
    if (!holds) abort();
}

/* Whatever opens answers. malloc'ed anew: aligned, and watched by the sanitizer to its last byte. */
static void open_and_ask(const struct part *lookup, str pack) {
    char *copy = must_alloc(pack.n + 1);
    if (pack.n) memcpy(copy, pack.p, pack.n);
    str own = {copy, pack.n};
    struct lookup_imd imd;
    struct lookup_postcodes postcodes;
    const int32_t *days;
    size_t count;
    uint32_t lsoa = 0, authority = 0;
    if (lookup->id == LOOKUP_IMD && lookup_open_imd(own, &imd)) {
        for (uint32_t i = 0; i < 70000; i++)
            demand(lookup_quintile(&imd, i) >= 0);
    } else if (lookup->id == LOOKUP_POSTCODES && lookup_open_postcodes(own, &postcodes)) {
        lookup_postcode(&postcodes, STR("E8 1EA"), &lsoa, &authority);
        lookup_postcode(&postcodes, STR("ZZ99 9ZZ"), &lsoa, &authority);
        lookup_postcode(&postcodes, STR("A1 1AA"), &lsoa, &authority);
    } else if (lookup->id == LOOKUP_BANK_HOLIDAYS && lookup_open_holidays(own, &days, &count)) {
        for (size_t i = 1; i < count; i++)
            lsoa += days[i] != days[i - 1];
    }
    free(copy);
}

static void check_pack(const struct part *lookup, const struct judgement *j) {
    struct buf pack = BUF_EMPTY;
    const int32_t *days;
    size_t count;
    if (lookup_pack(lookup, j, &pack)) {
        open_and_ask(lookup, buf_str(&pack));
        if (lookup->id == LOOKUP_BANK_HOLIDAYS) {
            demand(lookup_open_holidays(buf_str(&pack), &days, &count));
            for (size_t i = 1; i < count; i++)
                demand(days[i - 1] < days[i]);
        }
    }
    buf_free(&pack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned choice = size ? data[0] : 0;
    const struct part *lookup = lookup_kinds[choice % LOOKUP_KINDS];
    str body = {size ? (const char *)data + 1 : "", size ? size - 1 : 0};
    if (choice & 64) {
        open_and_ask(lookup, body);
        return 0;
    }
    struct judge_input in = {
        .part = lookup,
        .period = period_of(2025, 2),
        .today = day_from_civil(2026, 2, 20),
        .windows = DEFAULT_WINDOWS,
        .format = choice & 128 ? FORMAT_JSON : FORMAT_CSV,
        .body = body,
        .spill_dir = "/tmp",
    };
    struct fault fault = {.err = OK};
    struct judgement out;
    if (judge(&in, &fault, &out) != OK) return 0;
    if (!out.findings.errors) check_pack(lookup, &out);
    judgement_free(&out);
    return 0;
}
