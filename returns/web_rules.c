/* web_rules: of the visitors, some are new. Nothing is counted, so there is no record. */
#include "returns/parts/web_analytics.h"
#include "returns/rules.h"

static void check(struct judging *j) {
    rule_at_most(j, WEB_NEW_VISITORS, WEB_VISITORS);
}

const struct part_rules web_rules = {.check = check};
