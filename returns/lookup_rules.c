/* lookup_rules: what holds in a row of reference data, and what is noted of it. */
#include "returns/lookup.h"
#include "returns/parts/lookups.h"
#include "returns/rules.h"

/* ---- imd ---- */

static int quintile_of(const struct row *r) {
    if (row_has(r, IMD_QUINTILE)) return r->values[IMD_QUINTILE].number;
    return (row_number(r, IMD_DECILE, 0) + 1) / 2;
}

static void imd_check(struct judging *j) {
    const struct row *r = &j->row;
    bool quintile = row_has(r, IMD_QUINTILE), decile = row_has(r, IMD_DECILE);
    struct finding *f = NULL;
    if (r->values[IMD_QUINTILE].state == VALUE_BLANK && r->values[IMD_DECILE].state == VALUE_BLANK) {
        if (!(f = find_in_row(j, IMD_QUINTILE, FINDING_MISSING_VALUE))) return;
        f->detail = STR("The LSOA has neither a quintile nor a decile.");
        f->fix = STR("Write one of them.");
    } else if (quintile && decile &&
               (r->values[IMD_DECILE].number + 1) / 2 != r->values[IMD_QUINTILE].number) {
        if (!(f = find_in_row(j, IMD_DECILE, FINDING_INCONSISTENT))) return;
        f->detail = say(j, "Decile %d is not in quintile %d.", r->values[IMD_DECILE].number,
                        r->values[IMD_QUINTILE].number);
        f->fix = STR("Correct one of the two: deciles 1 and 2 make quintile 1, and so on.");
    }
}

static void imd_fact(const struct judging *j, void *out) {
    struct fact_imd *f = out;
    f->lsoa = lookup_lsoa_number(row_text(&j->row, IMD_LSOA));
    f->quintile = (uint8_t)quintile_of(&j->row);
}

/* ---- postcodes ---- */

static const struct authority *authority_of(const struct row *r) {
    str text = row_text(r, POSTCODE_AUTHORITY);
    if (!text.n) return NULL;
    const struct authority *a = authority_by_code(text);
    return a ? a : authority_by_name(text);
}

/* A list of the whole country names authorities that return nothing here: districts, Wales. */
static void postcode_check(struct judging *j) {
    const struct row *r = &j->row;
    if (!row_has(r, POSTCODE_AUTHORITY) || authority_of(r)) return;
    struct finding *f = find_warning(j, POSTCODE_AUTHORITY, FINDING_UNKNOWN_CODE);
    if (!f) return;
    f->detail = say(j, "%.*s is no English upper-tier authority: the postcode resolves the LSOA alone.",
                    STR_ARG(shown(j, POSTCODE_AUTHORITY, row_text(r, POSTCODE_AUTHORITY))));
    f->fix = STR("Nothing has to be done; returns with this postcode must give localAuthority.");
}

static void postcode_fact(const struct judging *j, void *out) {
    struct fact_postcode *f = out;
    const struct authority *a = authority_of(&j->row);
    f->key = lookup_postcode_key(row_text(&j->row, POSTCODE_POSTCODE));
    f->lsoa = lookup_lsoa_number(row_text(&j->row, POSTCODE_LSOA));
    f->authority = a ? (uint32_t)a->number : 0;
}

static void holiday_fact(const struct judging *j, void *out) {
    struct fact_holiday *f = out;
    f->day = row_number(&j->row, HOLIDAY_DATE, DAY_NONE);
}

const struct part_rules imd_rules = {.check = imd_check, .fact = imd_fact};
const struct part_rules postcode_rules = {.check = postcode_check, .fact = postcode_fact};
const struct part_rules holiday_rules = {.fact = holiday_fact};
