/* harm-reduction: people on the pathway, with or without a quit date (contract section 4). Not offered yet: see part.c. */
#include "returns/parts/people.h"

static const char *const OUTCOMES[] = {
    "CUT_DOWN_HALF_OR_MORE", "CUT_DOWN_LESS", "PARTIAL_SWITCH", "TEMPORARY_ABSTINENCE", "NO_CHANGE", "NOT_KNOWN", NULL,
};

/* clang-format off */
static const struct column COLUMNS[] = {
    {"pathwayId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "P-0001", .aliases = "Pathway", .meaning = "Your own number of the pathway."},
    {"startDate", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_IN_PERIOD, .example = "2025-07-14", .aliases = "Start|Date of start", .meaning = "When the pathway began; it decides the period."},
    {"clientId", COL_ID, .flags = COLUMN_PRIVATE | COLUMN_PSEUDONYM, .example = "C-004567", .aliases = "Client|Client pseudonym|Pseudonym", .meaning = "The client's pseudonym, as in the part episodes."},
    {"episodeId", COL_ID, .flags = COLUMN_PSEUDONYM, .example = "E-000123", .aliases = "Episode", .meaning = "The quit attempt, where there is one too."},
    {"outcome", COL_WORD, .words = OUTCOMES, .example = "CUT_DOWN_HALF_OR_MORE", .meaning = "What came of it."},
    {"outcomeDate", COL_DATE, .flags = COLUMN_PAST, .example = "2025-09-01", .aliases = "Date of outcome", .meaning = "When the outcome was known."},
    PEOPLE_COLUMNS,
};
/* clang-format on */

const struct part part_harm_reduction = {
    .id = PART_HARM_REDUCTION,
    .name = "harm-reduction",
    .table = "harm_reduction",
    .meaning = "One row per person on the harm-reduction pathway that began in the period.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
};
