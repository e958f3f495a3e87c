/* referrals: people referred in the period, and how soon they were reached (contract section 4). Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_REFERRALS_H
#define QD_RETURNS_PARTS_REFERRALS_H

#include "returns/parts/people.h"

/* clang-format off */
#define REFERRAL_COLUMNS(X) \
    X(REFERRAL_ID, "referralId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "R-0001", .aliases = "Referral", .meaning = "Your own number of the referral.") \
    X(REFERRAL_RECEIVED, "receivedDate", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_IN_PERIOD, .example = "2025-07-14", .aliases = "Date received|Referral date", .meaning = "When it was received; it decides the period.") \
    X(REFERRAL_SOURCE, "source", COL_WORD, .words = WORDS_SOURCE, .example = "GP", .aliases = "Referral source", .meaning = "Who referred.") \
    X(REFERRAL_ORGANISATION, "referrerOrganisation", COL_TEXT, .most = 200, .example = "Lower Clapton Group Practice", .aliases = "Referrer|Referring organisation", .meaning = "The organisation that referred.") \
    X(REFERRAL_CONTACTED, "contactedDate", COL_DATE, .example = "2025-07-15", .aliases = "Date contacted|First contact date", .meaning = "When the person was first contacted; not before receivedDate.") \
    X(REFERRAL_OFFERED, "firstAppointmentOfferedDate", COL_DATE, .example = "2025-07-18", .aliases = "First appointment offered|Date first appointment offered", .meaning = "When the first appointment was offered; not before receivedDate.") \
    X(REFERRAL_EPISODE_ID, "episodeId", COL_ID, .flags = COLUMN_PSEUDONYM, .example = "E-000123", .aliases = "Episode", .meaning = "The quit attempt that came of it.") \
    X(REFERRAL_SITE, "destinationSite", COL_ID, .example = "MAIN", .aliases = "Destination", .meaning = "Id of the site referred to.") \
    X(REFERRAL_DESTINATION_TYPE, "destinationType", COL_CODE, .list = &code_list_setting, .example = "13", .aliases = "Destination setting", .meaning = "Kind of place referred to.") \
    PEOPLE_COLUMNS(X, REFERRAL)
/* clang-format on */

enum referral_column {
#define X(index, ...) index,
    REFERRAL_COLUMNS(X)
#undef X
};

#endif
