/* referrals: people referred in the period, and how soon they were reached (contract section 4). Not offered yet: see part.c. */
#include "returns/parts/people.h"

static const char *const SOURCES[] = {
    "SELF", "GP", "HOSPITAL_INPATIENT", "MATERNITY", "MENTAL_HEALTH", "PHARMACY", "HELPLINE", "SOCIAL_CARE", "OTHER", NULL,
};

/* clang-format off */
static const struct column COLUMNS[] = {
    {"referralId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "R-0001", .aliases = "Referral", .meaning = "Your own number of the referral."},
    {"receivedDate", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_IN_PERIOD, .example = "2025-07-14", .aliases = "Date received|Referral date", .meaning = "When it was received; it decides the period."},
    {"source", COL_WORD, .words = SOURCES, .example = "GP", .aliases = "Referral source", .meaning = "Who referred."},
    {"referrerOrganisation", COL_TEXT, .most = 200, .example = "Lower Clapton Group Practice", .aliases = "Referrer|Referring organisation", .meaning = "The organisation that referred."},
    {"contactedDate", COL_DATE, .example = "2025-07-15", .aliases = "Date contacted|First contact date", .meaning = "When the person was first contacted; not before receivedDate."},
    {"firstAppointmentOfferedDate", COL_DATE, .example = "2025-07-18", .aliases = "First appointment offered|Date first appointment offered", .meaning = "Date of the first appointment offered; not before receivedDate."},
    {"episodeId", COL_ID, .flags = COLUMN_PSEUDONYM, .example = "E-000123", .aliases = "Episode", .meaning = "The quit attempt that came of it."},
    {"destinationSite", COL_ID, .example = "MAIN", .aliases = "Destination", .meaning = "Id of the site referred to."},
    {"destinationType", COL_CODE, .list = &code_list_setting, .example = "13", .aliases = "Destination setting", .meaning = "Kind of place referred to."},
    PEOPLE_COLUMNS,
};
/* clang-format on */

const struct part part_referrals = {
    .id = PART_REFERRALS,
    .name = "referrals",
    .table = "referral",
    .meaning = "One row per referral received in the period.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
};
