/* place_rules: the postcode of an episode gives its LSOA and authority, the LSOA its deprivation quintile, by the lookups that are
 * loaded. A lookup wins over what was sent, with a warning; but for the authority, which is the one responsible and need not be that of
 * the residence: there the one sent counts. Without a lookup all stays as it was sent. */
#include <stdatomic.h>
#include <stdio.h>

#include "returns/lookup.h"
#include "returns/parts/episodes.h"
#include "returns/rules.h"

static void find_differs(struct judging *j, size_t column, str detail, const char *fix) {
    struct finding *f = find_in_row(j, column, FINDING_LOOKUP_DIFFERS);
    if (!f) return;
    f->detail = detail;
    f->fix = str_of(fix);
}

static void resolve_lsoa(struct judging *j, uint32_t lsoa) {
    struct value *v = &j->row.values[EPISODE_LSOA];
    if (!lsoa) return;
    if (v->state == VALUE_GOOD && lookup_lsoa_number(v->text) != lsoa)
        find_differs(
            j, EPISODE_LSOA,
            say(j, "%.*s is not the LSOA of the postcode, E01%06u, which counts.", STR_ARG(v->text), lsoa),
            "Check the postcode, or leave one of the two out.");
    char digits[16];
    snprintf(digits, sizeof digits, "E01%06u", lsoa);
    memcpy(j->lsoa, digits, sizeof j->lsoa);
    *v = (struct value){.text = {j->lsoa, sizeof j->lsoa}, .state = VALUE_GOOD};
}

static void resolve_authority(struct judging *j, uint32_t number) {
    struct value *v = &j->row.values[EPISODE_AUTHORITY];
    const struct authority *a = number ? authority_by_number((int32_t)number) : NULL;
    if (!a) return;
    if (v->state == VALUE_BLANK) {
        *v = (struct value){.text = {a->code, 9}, .number = a->number, .state = VALUE_GOOD};
    } else if (v->state == VALUE_GOOD && v->number != a->number) {
        find_differs(
            j, EPISODE_AUTHORITY,
            say(j, "The postcode lies in %s (%s); the authority that was sent counts.", a->code, a->name),
            "Nothing has to be done if that authority is responsible; otherwise correct it.");
    }
}

static void find_unresolved(struct judging *j, bool is_listed) {
    struct finding *f = find_in_row(j, EPISODE_AUTHORITY, FINDING_MISSING_VALUE);
    if (!f) return;
    f->detail = is_listed ? STR("localAuthority is blank, and the lookup has no authority for the postcode.")
                          : STR("localAuthority is blank, and the postcode is not in the loaded lookup.");
    f->fix = STR("Fill it in, or correct the postcode.");
}

static void resolve_postcode(struct judging *j, const struct lookup_postcodes *postcodes) {
    const struct row *r = &j->row;
    uint32_t lsoa = 0, authority = 0;
    if (!row_has(r, EPISODE_POSTCODE)) return;
    bool is_listed = lookup_postcode(postcodes, r->values[EPISODE_POSTCODE].text, &lsoa, &authority);
    bool blank = r->values[EPISODE_AUTHORITY].state == VALUE_BLANK;
    if (is_listed) {
        resolve_lsoa(j, lsoa);
        resolve_authority(j, authority);
    } else if (!blank) {
        find_differs(j, EPISODE_POSTCODE, STR("The postcode is not in the loaded lookup; it gives nothing."),
                     "Check it. A new one may not be in the list yet: then give lsoa or imdQuintile.");
    }
    if (blank && r->values[EPISODE_AUTHORITY].state == VALUE_BLANK) find_unresolved(j, is_listed);
}

static void resolve_quintile(struct judging *j, const struct lookup_imd *imd) {
    struct value *v = &j->row.values[EPISODE_IMD];
    if (!row_has(&j->row, EPISODE_LSOA) || v->state == VALUE_BAD) return;
    str code = j->row.values[EPISODE_LSOA].text;
    uint32_t lsoa = lookup_lsoa_number(code);
    int quintile = lookup_quintile(imd, lsoa);
    if (!quintile) {
        find_differs(j, EPISODE_LSOA,
                     say(j,
                         "%.*s is not in the loaded edition of the deprivation index; it gives no quintile.",
                         STR_ARG(code)),
                     "Check it: areas were renumbered between editions.");
        return;
    }
    if (v->state == VALUE_GOOD && v->number != quintile)
        find_differs(j, EPISODE_IMD,
                     say(j, "Quintile %d was sent, but that of %.*s is %d, which counts.", (int)v->number,
                         STR_ARG(code), quintile),
                     "Check the postcode or LSOA, or leave the quintile out.");
    *v = (struct value){.number = quintile, .state = VALUE_GOOD};
}

/* A value that the row before was given must not stay where the file has no such column. */
static void forget(struct judging *j, size_t column) {
    if (j->absent[column]) j->row.values[column].state = VALUE_BLANK;
}

void rule_place(struct judging *j) {
    const struct lookups *l = j->in->lookups;
    if (!l) return;
    forget(j, EPISODE_LSOA);
    forget(j, EPISODE_IMD);
    if (l->postcodes) resolve_postcode(j, l->postcodes);
    else if (l->elsewhere && row_has(&j->row, EPISODE_POSTCODE) &&
             j->row.values[EPISODE_AUTHORITY].state == VALUE_BLANK)
        atomic_fetch_add(l->elsewhere, 1); /* several hands may judge */
    if (l->imd) resolve_quintile(j, l->imd);
}
