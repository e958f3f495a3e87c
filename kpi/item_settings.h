/* item_settings: what of the national collection's items a framework may decide (kpi/items.h). */
#ifndef QD_KPI_ITEM_SETTINGS_H
#define QD_KPI_ITEM_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum item {
    ITEM_ETHNIC_CATEGORY,
    ITEM_GENDER,
    ITEM_SEXUAL_ORIENTATION,
    ITEM_NSSEC,
    ITEM_FREE_PRESCRIPTION,
    ITEM_PREGNANT,
    ITEM_INTERVENTION_TYPE,
    ITEM_SETTING,
    ITEM_AID,
    ITEM_OUTCOME4W,
    ITEM_COUNT
};

enum { UNKNOWN_CODES_MAX = 8 };
struct unknown_codes {
    uint16_t
        codes[UNKNOWN_CODES_MAX]; /* fact_code(); of one character in ethnicCategory: whatever the second */
    size_t count;
};

struct item_settings {
    bool declined_is_unknown;                 /* declinedCountsAs UNKNOWN */
    struct unknown_codes unknown[ITEM_COUNT]; /* unknownCodes: answers that do not complete an item */
};

/* Contract section 8: gender X; nssec 96; aid 99, LK; a declined answer is complete. */
extern const struct item_settings ITEM_SETTINGS_DEFAULT;

#endif
