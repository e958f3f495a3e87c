/* media-activity: what was published (contract section 4). No column is a key: two equal posts on one day are two rows. Read as
 * parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_MEDIA_ACTIVITY_H
#define QD_RETURNS_PARTS_MEDIA_ACTIVITY_H

#include "returns/parts/parts.h"

/* clang-format off */
#define MEDIA_COLUMNS(X) \
    X(MEDIA_DATE, "date", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_IN_PERIOD, .example = "2025-07-14", .aliases = "Date published|Posted on", .meaning = "When it was published; it decides the period.") \
    X(MEDIA_CHANNEL, "channel", COL_TEXT, .flags = COLUMN_REQUIRED, .most = 100, .example = "Instagram", .aliases = "Platform|Media", .meaning = "Where it was published.") \
    X(MEDIA_LANGUAGE, "language", COL_TEXT, .most = 100, .example = "Turkish", .meaning = "In which language.") \
    X(MEDIA_DESCRIPTION, "description", COL_TEXT, .most = 2000, .example = "Short video about vaping to quit", .aliases = "Content|Activity", .meaning = "What it was.")
/* clang-format on */

enum media_column {
#define X(index, ...) index,
    MEDIA_COLUMNS(X)
#undef X
};

#endif
