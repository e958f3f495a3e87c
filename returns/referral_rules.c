/* referral_rules: nobody is contacted, or offered an appointment, before the referral was received; the site and the
 * episode that it names should be there. */
#include "returns/parts/referrals.h"
#include "returns/rules.h"

static void check_not_before(struct judging *j, size_t column) {
    const struct row *r = &j->row;
    if (!row_has(r, column) || !row_has(r, REFERRAL_RECEIVED)) return;
    int32_t day = r->values[column].number, received = r->values[REFERRAL_RECEIVED].number;
    struct finding *f = day < received ? find_in_row(j, column, FINDING_INCONSISTENT) : NULL;
    if (!f) return;
    char then[DAY_TEXT], first[DAY_TEXT];
    f->detail =
        say(j, "%s lies before receivedDate, %s.", day_format(day, then), day_format(received, first));
    f->fix = STR("Correct one of the two dates.");
}

static void check(struct judging *j) {
    check_not_before(j, REFERRAL_CONTACTED);
    check_not_before(j, REFERRAL_OFFERED);
}

static void look_up(struct judging *j) {
    rule_listed(j, REFERRAL_SITE, PART_SITES, rule_fact_hash(&j->row, REFERRAL_SITE), FINDING_UNKNOWN_SITE);
    rule_episode_exists(j, REFERRAL_EPISODE_ID);
}

static void fact(const struct judging *j, void *out) {
    const struct row *r = &j->row;
    struct fact_referral *f = out;
    f->episode = rule_fact_hash(r, REFERRAL_EPISODE_ID);
    f->organisation = rule_fact_hash(r, REFERRAL_ORGANISATION);
    f->site = rule_fact_hash(r, REFERRAL_SITE).a;
    f->received = rule_fact_day(r, REFERRAL_RECEIVED);
    f->contacted = rule_fact_day(r, REFERRAL_CONTACTED);
    f->offered = rule_fact_day(r, REFERRAL_OFFERED);
    f->gender = rule_fact_code(r, REFERRAL_GENDER);
    f->ethnic_category = rule_fact_code(r, REFERRAL_ETHNIC);
    f->nssec = rule_fact_code(r, REFERRAL_NSSEC);
    f->destination_type = rule_fact_code(r, REFERRAL_DESTINATION_TYPE);
    f->flags = rule_fact_flag(r, REFERRAL_PREGNANT, FLAG_PREGNANT) |
               rule_fact_flag(r, REFERRAL_SMI, FLAG_SERIOUS_MENTAL_ILLNESS);
    f->authority = (uint32_t)row_number(r, REFERRAL_AUTHORITY, 0);
    f->source = (uint8_t)row_number(r, REFERRAL_SOURCE, 0);
    f->age = (uint8_t)row_number(r, REFERRAL_AGE, FACT_NO_AGE);
    f->imd_quintile = (uint8_t)row_number(r, REFERRAL_IMD, 0);
}

const struct part_rules referral_rules = {.check = check, .look_up = look_up, .fact = fact};
