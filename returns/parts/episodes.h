/* episodes: one row per quit attempt whose quit date lies in the period (contract section 4).
 * One line per column, in the contract's order. The first word is the column's index in a row, for the rules and facts
 * in episode_rules.c; the rest are the fields of struct column. */
#ifndef QD_RETURNS_PARTS_EPISODES_H
#define QD_RETURNS_PARTS_EPISODES_H

#include "returns/code_list.h"
#include "returns/parts/parts.h"

/* clang-format off */
#define EPISODE_COLUMNS(X) \
    X(EPISODE_ID, "episodeId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY | COLUMN_PSEUDONYM, .example = "E-000123", \
      .aliases = "Episode|Episode number|Episode ref|Episode reference", \
      .meaning = "Your own number of the quit attempt; unique for ever, also across periods.") \
    X(EPISODE_CLIENT_ID, "clientId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_PRIVATE | COLUMN_PSEUDONYM, .example = "C-004567", \
      .aliases = "Client|Client number|Client ref|Client reference|Client pseudonym|Pseudonym", \
      .meaning = "A pseudonym of the client that is the same in all their episodes; never a name or an NHS number.") \
    X(EPISODE_AUTHORITY, "localAuthority", COL_AUTHORITY, .flags = COLUMN_REQUIRED, .example = "E09000012", \
      .aliases = "LA|LA code|Local authority code|Local authority name|Responsible authority|Authority", \
      .meaning = "GSS code or name of the responsible English authority.") \
    X(EPISODE_QUIT_DATE, "quitDate", COL_DATE, .flags = COLUMN_REQUIRED | COLUMN_IN_PERIOD, .example = "2025-07-14", \
      .aliases = "Agreed quit date|Quit date set|Date of quit|Quit date agreed", \
      .meaning = "The agreed quit date; it decides the period.") \
    X(EPISODE_AGE, "ageAtQuitDate", COL_INT, .flags = COLUMN_REQUIRED, .least = 0, .most = 120, .example = "43", \
      .aliases = "Age|Age at quit", \
      .meaning = "Completed years on the quit date; dateOfBirth may stand in.") \
    X(EPISODE_BORN, "dateOfBirth", COL_DATE, .flags = COLUMN_NOT_STORED | COLUMN_PRIVATE, .example = "1982-03-09", \
      .aliases = "DOB|Birth date|Born", \
      .meaning = "Stands in for ageAtQuitDate; used for the age and not stored.") \
    X(EPISODE_SITE, "site", COL_ID, .example = "MAIN", .aliases = "Site id|Site code|Location", \
      .meaning = "Id of the site, as in the part sites.") \
    X(EPISODE_ADVISER, "adviser", COL_ID, .example = "A12", \
      .aliases = "Adviser id|Advisor|Advisor id|Practitioner", \
      .meaning = "Id of the adviser, as in the part advisers.") \
    X(EPISODE_POSTCODE, "postcode", COL_POSTCODE, .flags = COLUMN_NOT_STORED | COLUMN_PRIVATE, .example = "E8 1EA", \
      .aliases = "Post code|Home postcode", \
      .meaning = "Resolved by the loaded lookup to the LSOA, then dropped.") \
    X(EPISODE_LSOA, "lsoa", COL_LSOA, .example = "E01001785", .aliases = "LSOA code|LSOA21|LSOA11", \
      .meaning = "Code of the area of residence; gives the quintile where a lookup is loaded.") \
    X(EPISODE_IMD, "imdQuintile", COL_INT, .least = 1, .most = 5, .example = "1", \
      .aliases = "IMD|Deprivation quintile|IMD quintile of residence", \
      .meaning = "Deprivation quintile of the area of residence, 1 most deprived to 5.") \
    X(EPISODE_GENDER, "gender", COL_CODE, .flags = COLUMN_NATIONAL, .list = &code_list_gender, .example = "2", \
      .aliases = "Gender identity|Gender code|Sex", \
      .meaning = "Gender identity.") \
    X(EPISODE_ORIENTATION, "sexualOrientation", COL_CODE, .flags = COLUMN_NATIONAL, .list = &code_list_sexualOrientation, .example = "1", \
      .aliases = "Orientation", \
      .meaning = "Sexual orientation as the person states it; collected from 2024-25.") \
    X(EPISODE_ETHNIC, "ethnicCategory", COL_ETHNIC, .flags = COLUMN_NATIONAL, .list = &code_list_ethnicCategory, .example = "CT", \
      .aliases = "Ethnicity|Ethnic category code|Ethnic group|Ethnic code", \
      .meaning = "Ethnic category: the national code, then optionally one local character.") \
    X(EPISODE_NSSEC, "nssec", COL_CODE, .flags = COLUMN_NATIONAL, .list = &code_list_nssec, .example = "08", \
      .aliases = "NS-SEC|Occupation|Socio-economic classification|SES", \
      .meaning = "Socio-economic classification; 08 is routine and manual.") \
    X(EPISODE_FREE_PRESCRIPTION, "freePrescription", COL_FLAG, .flags = COLUMN_NATIONAL, .example = "Y", \
      .aliases = "Free prescriptions|Eligible for free prescriptions", \
      .meaning = "Whether the person is entitled to free prescriptions.") \
    X(EPISODE_PREGNANT, "pregnant", COL_FLAG, .flags = COLUMN_NATIONAL, .example = "N", \
      .aliases = "Pregnancy|Is pregnant", \
      .meaning = "Whether the person is pregnant; may be blank where gender is 1.") \
    X(EPISODE_INTERVENTION, "interventionType", COL_CODE, .flags = COLUMN_NATIONAL, .list = &code_list_interventionType, .example = "08", \
      .aliases = "Intervention|Intervention session type|Type of intervention", \
      .meaning = "Kind of sessions.") \
    X(EPISODE_SETTING, "setting", COL_CODE, .flags = COLUMN_NATIONAL, .list = &code_list_setting, .example = "13", \
      .aliases = "Intervention setting|Setting type", \
      .meaning = "Kind of place; a blank takes that of the site.") \
    X(EPISODE_AID, "aid", COL_CODE, .flags = COLUMN_NATIONAL, .list = &code_list_aid, .example = "10", \
      .aliases = "Aid received|Pharmacotherapy|Treatment|Medication", \
      .meaning = "Medication or other aid received.") \
    X(EPISODE_SMI, "seriousMentalIllness", COL_FLAG, .example = "N", .aliases = "SMI|Severe mental illness", \
      .meaning = "Whether the person has a serious mental illness.") \
    X(EPISODE_HOMELESS, "homeless", COL_FLAG, .example = "N", .aliases = "Homelessness", \
      .meaning = "Whether the person is homeless.") \
    X(EPISODE_SUBSTANCE, "substanceMisuse", COL_FLAG, .example = "N", .aliases = "Substance use", \
      .meaning = "Whether the person is in treatment for substance misuse.") \
    X(EPISODE_SWAP, "swapToStop", COL_FLAG, .example = "Y", .aliases = "Swap to stop kit", \
      .meaning = "Whether a Swap to Stop kit was given.") \
    X(EPISODE_EXTENDED, "extendedSupport", COL_FLAG, .example = "N", .aliases = "Support beyond 12 weeks", \
      .meaning = "Whether support goes on beyond 12 weeks.") \
    X(EPISODE_CONDITIONS, "longTermConditions", COL_WORDS, .words = WORDS_CONDITION, .example = "COPD;ASTHMA", \
      .aliases = "Long term condition|Conditions|LTC", \
      .meaning = "Long-term conditions, joined by semicolons.") \
    X(EPISODE_TENURE, "housingTenure", COL_WORD, .words = WORDS_TENURE, .example = "SOCIAL_RENT", \
      .aliases = "Tenure|Housing", \
      .meaning = "How the person is housed.") \
    X(EPISODE_OUTCOME_4W, "outcome4w", COL_CODE, .flags = COLUMN_NATIONAL | COLUMN_DIGIT_CODE, .list = &code_list_outcome, .example = "1", \
      .aliases = "Outcome|4 week outcome|Outcome at 4 weeks|Four week outcome", \
      .meaning = "Outcome at 4 weeks: 1 quit by self-report, 2 not quit, 3 lost to follow-up.") \
    X(EPISODE_DATE_4W, "followUp4wDate", COL_DATE, .flags = COLUMN_PAST, .example = "2025-08-11", \
      .aliases = "Follow up date|4 week follow up date|Four week follow up date", \
      .meaning = "Date of the 4-week follow-up; it counts 25 to 42 days after the quit date.") \
    X(EPISODE_METHOD_4W, "followUp4wMethod", COL_WORD, .words = WORDS_METHOD, .example = "FACE_TO_FACE", \
      .aliases = "Follow up method|4 week follow up method|Method", \
      .meaning = "How the 4-week follow-up was held.") \
    X(EPISODE_CO_4W, "co4wPpm", COL_INT, .least = 0, .most = 200, .example = "4", \
      .aliases = "CO|CO ppm|CO reading|4 week CO|4 week CO reading", \
      .meaning = "Carbon monoxide reading at 4 weeks in ppm; below 10 confirms a quit.") \
    X(EPISODE_CO_DATE_4W, "co4wDate", COL_DATE, .flags = COLUMN_PAST, .example = "2025-08-12", \
      .aliases = "CO date|CO reading date|Date of CO reading", \
      .meaning = "Date of the reading where it is not that of the follow-up.") \
    X(EPISODE_OUTCOME_12W, "outcome12w", COL_CODE, .flags = COLUMN_DIGIT_CODE, .list = &code_list_outcome, .example = "1", \
      .aliases = "12 week outcome|Outcome at 12 weeks", \
      .meaning = "Outcome at 12 weeks.") \
    X(EPISODE_DATE_12W, "followUp12wDate", COL_DATE, .flags = COLUMN_PAST, .example = "2025-10-06", \
      .aliases = "12 week follow up date", \
      .meaning = "Date of the 12-week follow-up; it counts 81 to 98 days after the quit date.") \
    X(EPISODE_CO_12W, "co12wPpm", COL_INT, .least = 0, .most = 200, .example = "3", \
      .aliases = "12 week CO|12 week CO reading", \
      .meaning = "Carbon monoxide reading at 12 weeks in ppm.") \
    X(EPISODE_OUTCOME_26W, "outcome26w", COL_CODE, .flags = COLUMN_DIGIT_CODE, .list = &code_list_outcome, .example = "1", \
      .aliases = "26 week outcome|6 month outcome|Outcome at 6 months", \
      .meaning = "Outcome at 26 weeks.") \
    X(EPISODE_DATE_26W, "followUp26wDate", COL_DATE, .flags = COLUMN_PAST, .example = "2026-01-12", \
      .aliases = "26 week follow up date|6 month follow up date", \
      .meaning = "Date of the 26-week follow-up; it counts 168 to 210 days after the quit date.") \
    X(EPISODE_OUTCOME_52W, "outcome52w", COL_CODE, .flags = COLUMN_DIGIT_CODE, .list = &code_list_outcome, .example = "2", \
      .aliases = "52 week outcome|12 month outcome|Outcome at 12 months", \
      .meaning = "Outcome at 52 weeks.") \
    X(EPISODE_DATE_52W, "followUp52wDate", COL_DATE, .flags = COLUMN_PAST, .example = "2026-07-13", \
      .aliases = "52 week follow up date|12 month follow up date", \
      .meaning = "Date of the 52-week follow-up; it counts 351 to 393 days after the quit date.") \
    X(EPISODE_SATISFACTION, "satisfaction", COL_INT, .least = 1, .most = 5, .example = "5", \
      .aliases = "Satisfaction score|Client satisfaction", \
      .meaning = "The client's satisfaction: 4 satisfied, 5 very satisfied.") \
    X(EPISODE_DELIVERY_DATE, "deliveryDate", COL_DATE, .example = "2025-11-30", \
      .aliases = "Date of delivery", \
      .meaning = "Date of delivery, of pregnant women.") \
    X(EPISODE_SMOKING_AT_DELIVERY, "smokingAtDelivery", COL_FLAG, .example = "N", \
      .aliases = "Smoking at time of delivery|SATOD", \
      .meaning = "Whether the woman smoked at delivery.")
/* clang-format on */

enum episode_column {
#define X(index, ...) index,
    EPISODE_COLUMNS(X)
#undef X
};

#endif
