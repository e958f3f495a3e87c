/* follow-ups: outcomes for episodes of this or an earlier period (contract section 4). Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_FOLLOW_UPS_H
#define QD_RETURNS_PARTS_FOLLOW_UPS_H

#include "returns/code_list.h"
#include "returns/parts/parts.h"

/* clang-format off */
#define FOLLOW_UP_COLUMNS(X) \
    X(FOLLOW_UP_EPISODE_ID, "episodeId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY | COLUMN_PSEUDONYM, .example = "E-000123", \
      .aliases = "Episode|Episode number|Episode ref|Episode reference", \
      .meaning = "The episode that was followed up, as in the part episodes.") \
    X(FOLLOW_UP_STAGE, "stage", COL_WORD, .flags = COLUMN_REQUIRED | COLUMN_KEY, .words = WORDS_STAGE, .example = "12W", \
      .aliases = "Follow up stage|Weeks", \
      .meaning = "Which follow-up: 4, 12, 26 or 52 weeks after the quit date.") \
    X(FOLLOW_UP_DATE, "date", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_PAST, .example = "2025-10-06", \
      .aliases = "Follow up date|Date of follow up", \
      .meaning = "Date of the follow-up.") \
    X(FOLLOW_UP_OUTCOME, "outcome", COL_CODE, .flags = COLUMN_REQUIRED | COLUMN_DIGIT_CODE, .list = &code_list_outcome, .example = "1", \
      .aliases = "Follow up outcome", \
      .meaning = "1 quit by self-report, 2 not quit, 3 lost to follow-up.") \
    X(FOLLOW_UP_METHOD, "method", COL_WORD, .words = WORDS_METHOD, .example = "FACE_TO_FACE", \
      .aliases = "Follow up method", \
      .meaning = "How the follow-up was held.") \
    X(FOLLOW_UP_CO, "coPpm", COL_INT, .least = 0, .most = 200, .example = "4", .aliases = "CO|CO reading", \
      .meaning = "Carbon monoxide reading in ppm; below 10 confirms a quit.") \
    X(FOLLOW_UP_CO_DATE, "coDate", COL_DATE, .flags = COLUMN_PAST, .example = "2025-10-07", \
      .aliases = "CO reading date|Date of CO reading", \
      .meaning = "Date of the reading where it is not that of the follow-up.")
/* clang-format on */

enum follow_up_column {
#define X(index, ...) index,
    FOLLOW_UP_COLUMNS(X)
#undef X
};

#endif
