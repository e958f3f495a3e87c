/* list_rules: sites and advisers: lists that episodes refer to. Each upload is the whole list; it stays in
 * force until that of a later period. */
#include "returns/parts/advisers.h"
#include "returns/parts/sites.h"
#include "returns/rules.h"

static void site_fact(const struct judging *j, void *out) {
    struct fact_site *f = out;
    f->id = j->id_hash;
    f->setting = rule_fact_code(&j->row, SITE_SETTING);
}

static void adviser_fact(const struct judging *j, void *out) {
    struct fact_adviser *f = out;
    f->id = j->id_hash;
    f->certified = rule_fact_day(&j->row, ADVISER_CERTIFIED);
}

const struct part_rules site_rules = {.fact = site_fact}, adviser_rules = {.fact = adviser_fact};
