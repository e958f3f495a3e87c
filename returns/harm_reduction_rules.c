/* harm_reduction_rules: nothing holds between the columns of a pathway; whether its episode became a quit is
 * asked when it is counted (kpi/quitters.h), since follow-ups come later. */
#include "returns/parts/harm_reduction.h"
#include "returns/rules.h"

static void look_up(struct judging *j) {
    rule_episode_exists(j, HARM_EPISODE_ID);
}

static void fact(const struct judging *j, void *out) {
    const struct row *r = &j->row;
    struct fact_harm_reduction *f = out;
    f->client = rule_fact_hash(r, HARM_CLIENT_ID);
    f->episode = rule_fact_hash(r, HARM_EPISODE_ID);
    f->start = rule_fact_day(r, HARM_START);
    f->outcome_day = rule_fact_day(r, HARM_OUTCOME_DATE);
    f->gender = rule_fact_code(r, HARM_GENDER);
    f->ethnic_category = rule_fact_code(r, HARM_ETHNIC);
    f->nssec = rule_fact_code(r, HARM_NSSEC);
    f->flags = rule_fact_flag(r, HARM_PREGNANT, FLAG_PREGNANT) |
               rule_fact_flag(r, HARM_SMI, FLAG_SERIOUS_MENTAL_ILLNESS);
    f->authority = (uint32_t)row_number(r, HARM_AUTHORITY, 0);
    f->outcome = (uint8_t)row_number(r, HARM_OUTCOME, 0);
    f->age = (uint8_t)row_number(r, HARM_AGE, FACT_NO_AGE);
    f->imd_quintile = (uint8_t)row_number(r, HARM_IMD, 0);
}

const struct part_rules harm_reduction_rules = {.look_up = look_up, .fact = fact};
