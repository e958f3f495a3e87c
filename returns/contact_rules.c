/* contact_rules: of the calls received, some were answered the first time. */
#include "returns/parts/contacts.h"
#include "returns/rules.h"

static void check(struct judging *j) {
    rule_at_most(j, CONTACT_ANSWERED, CONTACT_CALLS);
}

static void fact(const struct judging *j, void *out) {
    const struct row *r = &j->row;
    struct fact_contact *f = out;
    f->month = rule_fact_day(r, CONTACT_MONTH);
    f->calls = rule_fact_count(r, CONTACT_CALLS);
    f->answered = rule_fact_count(r, CONTACT_ANSWERED);
    f->emails = rule_fact_count(r, CONTACT_EMAILS);
}

const struct part_rules contact_rules = {.check = check, .fact = fact};
