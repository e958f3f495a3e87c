/* training-sessions: training given in the period (contract section 4). Not offered yet: see part.c. */
#include "returns/parts/parts.h"

enum { MANY = 100000 };

static const char *const TYPES[] = {"VBA", "PRACTITIONER", "REFRESHER", "SPECIALTY", NULL};
static const char *const TOPICS[] = {
    "MENTAL_HEALTH",       "PREGNANCY_POSTPARTUM",    "MEDICATIONS",      "VAPING", "VBA_PREGNANCY",
    "VBA_SECONDHAND_SMOKE", "VBA_HOMELESSNESS", NULL,
};

/* clang-format off */
static const struct column COLUMNS[] = {
    {"sessionId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "T-0001", .aliases = "Session", .meaning = "Your own number of the session."},
    {"date", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_IN_PERIOD, .example = "2025-07-14", .aliases = "Session date", .meaning = "When it was held; it decides the period."},
    {"type", COL_WORD, .flags = COLUMN_REQUIRED, .words = TYPES, .example = "VBA", .aliases = "Session type", .meaning = "Kind of training."},
    {"topic", COL_WORD, .words = TOPICS, .example = "VAPING", .meaning = "What it was about; needed for SPECIALTY."},
    {"attendees", COL_INT, .flags = COLUMN_REQUIRED, .most = MANY, .example = "12", .aliases = "Number of attendees", .meaning = "How many attended."},
    {"outOfHours", COL_FLAG, .example = "N", .meaning = "Whether it was held out of hours."},
    {"ncsctCertified", COL_FLAG, .example = "Y", .aliases = "NCSCT", .meaning = "Whether it is certified by the NCSCT."},
    {"ratingsReceived", COL_INT, .most = MANY, .example = "10", .aliases = "Ratings", .meaning = "How many attendees rated it."},
    {"ratedGoodOrVeryGood", COL_INT, .most = MANY, .example = "9", .aliases = "Good or very good", .meaning = "Of these, good or very good."},
    {"organisations", COL_TEXT, .most = 2000, .example = "Homerton:8;Hackney Council:4", .meaning = "Organisations with their attendees, joined by semicolons."},
};
/* clang-format on */

const struct part part_training_sessions = {
    .id = PART_TRAINING_SESSIONS,
    .name = "training-sessions",
    .table = "training_session",
    .meaning = "One row per training session held in the period.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
};
