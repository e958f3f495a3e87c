/* items: an item is complete when present and not one of its unknown codes; a declined answer is complete
 * unless the framework says otherwise. The outcome is the one known of the stage, whether it came by
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

/* Declined answers: Z not stated (asked, declined), U asked and not sure. Only lists that have them are
 * asked. */
static bool is_declined(uint16_t code) {
    return code >> 8 == 'Z' || code >> 8 == 'U';
}

static unsigned when(bool yes, enum item i) {
    return (unsigned)yes << i;
}

struct items items_of(const struct fact_episode *e, const struct outcomes *known, bool due4, int16_t period,
                      bool declined_is_unknown) {
    const unsigned ALWAYS = 1u << ITEM_ETHNIC_CATEGORY | 1u << ITEM_GENDER | 1u << ITEM_NSSEC |
                            1u << ITEM_FREE_PRESCRIPTION | 1u << ITEM_INTERVENTION_TYPE | 1u << ITEM_SETTING |
                            1u << ITEM_AID;
    bool is_male = e->gender == CODE('1', 0);
    unsigned required = ALWAYS | when(period >= ITEMS_SEXUAL_ORIENTATION_FROM, ITEM_SEXUAL_ORIENTATION) |
                        when(!is_male, ITEM_PREGNANT) | when(due4, ITEM_OUTCOME4W);
    unsigned there = when(e->ethnic_category, ITEM_ETHNIC_CATEGORY) |
                     when(e->gender && e->gender != CODE('X', 0), ITEM_GENDER) |
                     when(e->sexual_orientation, ITEM_SEXUAL_ORIENTATION) |
                     when(e->nssec && e->nssec != CODE('9', '6'), ITEM_NSSEC) |
                     when(fact_flag_get(e->flags, FLAG_FREE_PRESCRIPTION), ITEM_FREE_PRESCRIPTION) |
                     when(fact_flag_get(e->flags, FLAG_PREGNANT), ITEM_PREGNANT) |
                     when(e->intervention_type, ITEM_INTERVENTION_TYPE) | when(e->setting, ITEM_SETTING) |
                     when(e->aid && e->aid != CODE('9', '9') && e->aid != CODE('L', 'K'), ITEM_AID) |
                     when(known->outcome[STAGE_4W], ITEM_OUTCOME4W);
    if (declined_is_unknown) {
        there &= ~(when(is_declined(e->ethnic_category), ITEM_ETHNIC_CATEGORY) |
                   when(is_declined(e->gender), ITEM_GENDER) |
                   when(is_declined(e->sexual_orientation), ITEM_SEXUAL_ORIENTATION));
    }
    return (struct items){(uint16_t)required, (uint16_t)(there & required)};
}
