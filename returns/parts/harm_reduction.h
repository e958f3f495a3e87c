/* harm-reduction: people on the pathway, with or without a quit date (contract section 4). Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_HARM_REDUCTION_H
#define QD_RETURNS_PARTS_HARM_REDUCTION_H

#include "returns/parts/people.h"

/* clang-format off */
#define HARM_REDUCTION_COLUMNS(X) \
    X(HARM_ID, "pathwayId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "P-0001", .aliases = "Pathway", .meaning = "Your own number of the pathway.") \
    X(HARM_START, "startDate", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_IN_PERIOD, .example = "2025-07-14", .aliases = "Start|Date of start", .meaning = "When the pathway began; it decides the period.") \
    X(HARM_CLIENT_ID, "clientId", COL_ID, .flags = COLUMN_PRIVATE | COLUMN_PSEUDONYM, .example = "C-004567", .aliases = "Client|Client pseudonym|Pseudonym", .meaning = "The client's pseudonym, as in the part episodes.") \
    X(HARM_EPISODE_ID, "episodeId", COL_ID, .flags = COLUMN_PSEUDONYM, .example = "E-000123", .aliases = "Episode", .meaning = "The quit attempt, where there is one too.") \
    X(HARM_OUTCOME, "outcome", COL_WORD, .words = WORDS_HARM_OUTCOME, .example = "CUT_DOWN_HALF_OR_MORE", .meaning = "What came of it.") \
    X(HARM_OUTCOME_DATE, "outcomeDate", COL_DATE, .example = "2025-09-01", .aliases = "Date of outcome", .meaning = "When the outcome was known.") \
    PEOPLE_COLUMNS(X, HARM)
/* clang-format on */

enum harm_reduction_column {
#define X(index, ...) index,
    HARM_REDUCTION_COLUMNS(X)
#undef X
};

#endif
