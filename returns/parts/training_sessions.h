/* training-sessions: training given in the period (contract section 4). Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_TRAINING_SESSIONS_H
#define QD_RETURNS_PARTS_TRAINING_SESSIONS_H

#include "returns/parts/parts.h"

enum { ATTENDEES_MOST = 100000 };

/* clang-format off */
#define TRAINING_COLUMNS(X) \
    X(TRAINING_ID, "sessionId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "T-0001", .aliases = "Session", .meaning = "Your own number of the session.") \
    X(TRAINING_DATE, "date", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_IN_PERIOD, .example = "2025-07-14", .aliases = "Session date", .meaning = "When it was held; it decides the period.") \
    X(TRAINING_TYPE, "type", COL_WORD, .flags = COLUMN_REQUIRED, .words = WORDS_TRAINING, .example = "VBA", .aliases = "Session type", .meaning = "Kind of training.") \
    X(TRAINING_TOPIC, "topic", COL_WORD, .words = WORDS_TOPIC, .example = "VAPING", .meaning = "What it was about; needed for SPECIALTY.") \
    X(TRAINING_ATTENDEES, "attendees", COL_INT, .flags = COLUMN_REQUIRED, .most = ATTENDEES_MOST, .example = "12", .aliases = "Number of attendees", .meaning = "How many attended.") \
    X(TRAINING_OUT_OF_HOURS, "outOfHours", COL_FLAG, .example = "N", .meaning = "Whether it was held out of hours.") \
    X(TRAINING_CERTIFIED, "ncsctCertified", COL_FLAG, .example = "Y", .aliases = "NCSCT", .meaning = "Whether it is certified by the NCSCT.") \
    X(TRAINING_RATINGS, "ratingsReceived", COL_INT, .most = ATTENDEES_MOST, .example = "10", .aliases = "Ratings", .meaning = "How many attendees rated it.") \
    X(TRAINING_GOOD, "ratedGoodOrVeryGood", COL_INT, .most = ATTENDEES_MOST, .example = "9", .aliases = "Good or very good", .meaning = "Of these, good or very good.") \
    X(TRAINING_ORGANISATIONS, "organisations", COL_TEXT, .most = 2000, .example = "Homerton:8;Hackney Council:4", .meaning = "Organisations with their attendees, joined by semicolons.")
/* clang-format on */

enum training_column {
#define X(index, ...) index,
    TRAINING_COLUMNS(X)
#undef X
};

#endif
