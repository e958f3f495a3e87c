/* people: the columns that say who somebody is, the same in every part that counts people. Read as parts/episodes.h; P is what the
 * names of the indices begin with. */
#ifndef QD_RETURNS_PARTS_PEOPLE_H
#define QD_RETURNS_PARTS_PEOPLE_H

#include "returns/code_list.h"
#include "returns/parts/parts.h"

/* clang-format off */
#define PEOPLE_COLUMNS(X, P) \
    X(P##_AUTHORITY, "localAuthority", COL_AUTHORITY, .example = "E09000012", .aliases = "LA|LA code|Local authority code|Local authority name|Responsible authority|Authority", \
      .meaning = "GSS code or name of the responsible English authority.") \
    X(P##_AGE, "age", COL_INT, .least = 0, .most = 120, .example = "43", .aliases = "Age in years", .meaning = "Completed years.") \
    X(P##_GENDER, "gender", COL_CODE, .list = &code_list_gender, .example = "2", .aliases = "Gender identity|Gender code|Sex", .meaning = "Gender identity.") \
    X(P##_ETHNIC, "ethnicCategory", COL_ETHNIC, .list = &code_list_ethnicCategory, .example = "CT", .aliases = "Ethnicity|Ethnic category code|Ethnic group|Ethnic code", \
      .meaning = "Ethnic category: the national code, then optionally one local character.") \
    X(P##_NSSEC, "nssec", COL_CODE, .list = &code_list_nssec, .example = "08", .aliases = "NS-SEC|Occupation|Socio-economic classification|SES", \
      .meaning = "Socio-economic classification; 08 is routine and manual.") \
    X(P##_IMD, "imdQuintile", COL_INT, .least = 1, .most = 5, .example = "1", .aliases = "IMD|Deprivation quintile", \
      .meaning = "Deprivation quintile of the area of residence, 1 most deprived to 5.") \
    X(P##_PREGNANT, "pregnant", COL_FLAG, .example = "N", .aliases = "Pregnancy|Is pregnant", .meaning = "Whether the person is pregnant.") \
    X(P##_SMI, "seriousMentalIllness", COL_FLAG, .example = "N", .aliases = "SMI|Severe mental illness", .meaning = "Whether the person has a serious mental illness.")
/* clang-format on */

#endif
