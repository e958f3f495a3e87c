/* items: an item is complete when present and not one of its unknown codes; which these are, and whether a
 * declined answer is one, the framework may say. The outcome is the one known of the stage, whether it came by
 * episodes or by follow-ups. */
#include "kpi/items.h"

#define CODE(a, b) ((uint16_t)((a) << 8 | (b)))

static const char *const NAMES[ITEM_COUNT] = {
    [ITEM_ETHNIC_CATEGORY] = "ethnicCategory",
    [ITEM_GENDER] = "gender",
    [ITEM_SEXUAL_ORIENTATION] = "sexualOrientation",
    [ITEM_NSSEC] = "nssec",
    [ITEM_FREE_PRESCRIPTION] = "freePrescription",
    [ITEM_PREGNANT] = "pregnant",
    [ITEM_INTERVENTION_TYPE] = "interventionType",
    [ITEM_SETTING] = "setting",
    [ITEM_AID] = "aid",
    [ITEM_OUTCOME4W] = "outcome4w",
};

const char *item_name(enum item i) {
    return NAMES[i];
}

const struct item_settings ITEM_SETTINGS_DEFAULT = {
    .unknown = {[ITEM_GENDER] = {{CODE('X', 0)}, 1},
                [ITEM_NSSEC] = {{CODE('9', '6')}, 1},
                [ITEM_AID] = {{CODE('9', '9'), CODE('L', 'K')}, 2}},
};

/* Declined answers: Z not stated (asked, declined), U asked and not sure. Only lists that have them are
 * asked. */
static bool is_declined(uint16_t code) {
    return code >> 8 == 'Z' || code >> 8 == 'U';
}

static unsigned when(bool yes, enum item i) {
    return (unsigned)yes << i;
}

/* An answer is there, and none of the item's unknown codes. */
static unsigned when_known(const struct item_settings *s, uint16_t code, enum item i) {
    bool known = code != 0;
    for (size_t k = 0; k < s->unknown[i].count; k++) {
        uint16_t unknown = s->unknown[i].codes[k];
        bool any_second = i == ITEM_ETHNIC_CATEGORY && !(unknown & 0xff);
        known &= (any_second ? code & 0xff00 : code) != unknown;
    }
    return when(known, i);
}

struct items items_of(const struct fact_episode *e, const struct outcomes *known, bool due4, int16_t period,
                      const struct item_settings *settings) {
    const unsigned ALWAYS = 1u << ITEM_ETHNIC_CATEGORY | 1u << ITEM_GENDER | 1u << ITEM_NSSEC |
                            1u << ITEM_FREE_PRESCRIPTION | 1u << ITEM_INTERVENTION_TYPE | 1u << ITEM_SETTING |
                            1u << ITEM_AID;
    bool is_male = e->gender == CODE('1', 0);
    unsigned required = ALWAYS | when(period >= ITEMS_SEXUAL_ORIENTATION_FROM, ITEM_SEXUAL_ORIENTATION) |
                        when(!is_male, ITEM_PREGNANT) | when(due4, ITEM_OUTCOME4W);
    unsigned there = when_known(settings, e->ethnic_category, ITEM_ETHNIC_CATEGORY) |
                     when_known(settings, e->gender, ITEM_GENDER) |
                     when_known(settings, e->sexual_orientation, ITEM_SEXUAL_ORIENTATION) |
                     when_known(settings, e->nssec, ITEM_NSSEC) |
                     when(fact_flag_get(e->flags, FLAG_FREE_PRESCRIPTION), ITEM_FREE_PRESCRIPTION) |
                     when(fact_flag_get(e->flags, FLAG_PREGNANT), ITEM_PREGNANT) |
                     when_known(settings, e->intervention_type, ITEM_INTERVENTION_TYPE) |
                     when_known(settings, e->setting, ITEM_SETTING) | when_known(settings, e->aid, ITEM_AID) |
                     when(known->outcome[STAGE_4W], ITEM_OUTCOME4W);
    if (settings->declined_is_unknown) {
        there &= ~(when(is_declined(e->ethnic_category), ITEM_ETHNIC_CATEGORY) |
                   when(is_declined(e->gender), ITEM_GENDER) |
                   when(is_declined(e->sexual_orientation), ITEM_SEXUAL_ORIENTATION));
    }
    return (struct items){(uint16_t)required, (uint16_t)(there & required)};
}
