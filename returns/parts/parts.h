/* parts: the tables of all parts. Others use part_find() and part_get(), which know which parts can be sent yet. */
#ifndef QD_RETURNS_PARTS_PARTS_H
#define QD_RETURNS_PARTS_PARTS_H

#include "returns/part.h"

extern const struct part part_episodes, part_follow_ups, part_harm_reduction, part_referrals, part_contacts,
    part_training_sessions, part_advisers, part_sites, part_web_analytics, part_media_activity, part_national;

/* The words of the parts; facts store index + 1: append only. */
extern const char *const WORDS_METHOD[]; /* enum method_word of facts.h */
extern const char *const WORDS_STAGE[];  /* enum stage of facts.h */
extern const char *const WORDS_CONDITION[];
extern const char *const WORDS_TENURE[];
extern const char *const WORDS_HARM_OUTCOME[];
extern const char *const WORDS_SOURCE[];
extern const char *const WORDS_TRAINING[]; /* enum training_word of facts.h */
extern const char *const WORDS_TOPIC[];
extern const char *const WORDS_NATIONAL_PART[];    /* enum national_part of national_form.h */
extern const char *const WORDS_NATIONAL_MEASURE[]; /* enum national_measure */

#define COLUMN_COUNT(table) (sizeof(table) / sizeof *(table))

#endif
