/* lookups: the lists of reference data that are loaded beside the returns: deprivation quintiles, postcodes, bank holidays. They are
 * read, judged and refused as parts are, with the same words. Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_LOOKUPS_H
#define QD_RETURNS_PARTS_LOOKUPS_H

#include "returns/parts/parts.h"

extern const struct part lookup_imd, lookup_postcodes, lookup_bank_holidays;

/* clang-format off */
#define IMD_COLUMNS(X) \
    X(IMD_LSOA, "lsoa", COL_LSOA, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "E01001785", \
      .aliases = "lsoa11cd|lsoa21cd|LSOA code|LSOA11|LSOA21|LSOA11 code|LSOA21 code|LSOA code (2011)|LSOA code (2021)", .meaning = "Code of the area.") \
    X(IMD_QUINTILE, "quintile", COL_INT, .least = 1, .most = 5, .example = "1", .aliases = "imdQuintile|imd19_quintile|imd25_quintile|IMD2019 quintile|IMD2025 quintile", \
      .meaning = "Deprivation quintile, 1 most deprived to 5; blank: it follows from the decile.") \
    X(IMD_DECILE, "decile", COL_INT, .least = 1, .most = 10, .example = "2", \
      .aliases = "imdDecile|imd19_decile|imd25_decile|IMD2019 decile|IMD2025 decile|Index of Multiple Deprivation (IMD) Decile|" \
                 "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)", \
      .meaning = "Deprivation decile, 1 most deprived to 10; two make a quintile.")

#define POSTCODE_COLUMNS(X) \
    X(POSTCODE_POSTCODE, "postcode", COL_POSTCODE, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "E8 1EA", .aliases = "pcd|pcds|pcd7|pcd8|Post code", .meaning = "The postcode.") \
    X(POSTCODE_LSOA, "lsoa", COL_LSOA, .example = "E01001785", .aliases = "lsoa11|lsoa21|lsoa11cd|lsoa21cd|LSOA code", .meaning = "Code of the LSOA that it lies in, of the kind that the IMD edition has.") \
    X(POSTCODE_AUTHORITY, "localAuthority", COL_TEXT, .most = 100, .example = "E09000012", \
      .aliases = "LA|LA code|oslaua|laua|lad|ladcd|lad21cd|lad22cd|lad23cd|lad24cd|lad25cd|Authority|Local authority code", .meaning = "GSS code or name of its authority.")

#define HOLIDAY_COLUMNS(X) \
    X(HOLIDAY_DATE, "date", COL_DATE, .flags = COLUMN_REQUIRED, .example = "2026-08-31", .aliases = "Day|Bank holiday", .meaning = "A bank holiday of England.") \
    X(HOLIDAY_TITLE, "title", COL_TEXT, .most = 200, .example = "Summer bank holiday", .aliases = "Holiday|Event|Description", .meaning = "What it is.")
/* clang-format on */

enum imd_column {
#define X(index, ...) index,
    IMD_COLUMNS(X)
#undef X
};
enum postcode_column {
#define X(index, ...) index,
    POSTCODE_COLUMNS(X)
#undef X
};
enum holiday_column {
#define X(index, ...) index,
    HOLIDAY_COLUMNS(X)
#undef X
};

#endif
