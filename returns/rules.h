/* rules: what the parts' rules share. */
#ifndef QD_RETURNS_RULES_H
#define QD_RETURNS_RULES_H

#include "returns/judging.h"

extern const struct part_rules episode_rules, follow_up_rules;
extern const char *const STAGE_WORDS[STAGE_COUNT];

/* FOLLOW_UP_OUTSIDE_WINDOW when the day is not within the stage's window after the quit date. */
void rule_window(struct judging *j, size_t date_column, enum stage stage, int32_t quit, int32_t day);
/* A CO reading without a date of its own is as good as the method of the follow-up. The column of its date
 * follows that of the reading. */
void rule_co_method(struct judging *j, size_t method_column, size_t co_column);

#endif
