/* rules: what the parts' rules share. */
#ifndef QD_RETURNS_RULES_H
#define QD_RETURNS_RULES_H

#include "returns/judging.h"

extern const struct part_rules episode_rules, follow_up_rules, harm_reduction_rules, referral_rules,
    contact_rules, training_rules, adviser_rules, site_rules, web_rules, national_rules, imd_rules,
    postcode_rules, holiday_rules;
extern const char *const STAGE_WORDS[STAGE_COUNT];

/* FOLLOW_UP_OUTSIDE_WINDOW when the day is not within the stage's window after the quit date. */
void rule_window(struct judging *j, size_t date_column, enum stage stage, int32_t quit, int32_t day);
/* A CO reading without a date of its own is as good as the method of the follow-up. The column of its date
 * follows that of the reading. */
void rule_co_method(struct judging *j, size_t method_column, size_t co_column);
/* Of an episode: what the loaded lookups say of its postcode and LSOA. */
void rule_place(struct judging *j);
/* A warning with this code when the newest list (PART_SITES, PART_ADVISERS) lacks the id. */
void rule_listed(struct judging *j, size_t column, enum part_id list, struct hash128 id,
                 enum finding_code code);
/* A warning when no episode in force has the id, of a part that names episodes and need not: referrals, harm-reduction. */
void rule_episode_exists(struct judging *j, size_t column);
/* INCONSISTENT in `column` when its number is larger than that of `whole`, of which it counts a part. */
void rule_at_most(struct judging *j, size_t column, size_t whole);

/* ---- values as facts keep them ---- */

static inline int16_t rule_fact_day(const struct row *r, size_t column) {
    return fact_day(row_number(r, column, DAY_NONE));
}
static inline uint16_t rule_fact_code(const struct row *r, size_t column) {
    return fact_code(row_text(r, column));
}
static inline uint32_t rule_fact_count(const struct row *r, size_t column) {
    return row_has(r, column) ? (uint32_t)r->values[column].number : FACT_NO_COUNT;
}
/* All zero where there is no good value. */
static inline struct hash128 rule_fact_hash(const struct row *r, size_t column) {
    return row_has(r, column) ? hash128_of(r->values[column].text) : (struct hash128){0, 0};
}
/* The same for ids that repeat from row to row: looked up instead of hashed again. */
struct hash128 rule_fact_hash_again(struct judging *j, size_t column);
/* FLAG_NO or FLAG_YES at the place of the flag. */
static inline uint16_t rule_fact_flag(const struct row *r, size_t column, unsigned flag) {
    return row_has(r, column) ? (uint16_t)((r->values[column].number ? FLAG_YES : FLAG_NO) << (2 * flag)) : 0;
}

#endif
