/* national: the cells of the national return, of a provider that holds no client records (contract section 4).
 * Read as parts/episodes.h. Which cells a form has is the table of national_form.c; the keys are held against it
 * in national_rules.c, since which list a key comes from depends on the row's part. */
#ifndef QD_RETURNS_PARTS_NATIONAL_H
#define QD_RETURNS_PARTS_NATIONAL_H

#include "returns/national_form.h"
#include "returns/parts/parts.h"

enum { NATIONAL_KEY_MOST = 100 }; /* a code, or its label */

/* clang-format off */
#define NATIONAL_COLUMNS(X) \
    X(NATIONAL_COLUMN_PART, "part", COL_WORD, .flags = COLUMN_REQUIRED | COLUMN_KEY, .words = WORDS_NATIONAL_PART, .example = "1B", .aliases = "Form part|Table", \
      .meaning = "Part of the national form.") \
    X(NATIONAL_COLUMN_KEY1, "key1", COL_TEXT, .flags = COLUMN_KEY, .most = NATIONAL_KEY_MOST, .example = "02", .aliases = "First key", \
      .meaning = "Code of the row: ethnic category in 1A (its first character), age band in 1B, the code of the list in 1E to 1H; blank in the others.") \
    X(NATIONAL_COLUMN_KEY2, "key2", COL_TEXT, .flags = COLUMN_KEY, .most = NATIONAL_KEY_MOST, .example = "2", .aliases = "Second key", \
      .meaning = "Gender in 1A and 1B; blank in the others.") \
    X(NATIONAL_COLUMN_MEASURE, "measure", COL_WORD, .flags = COLUMN_REQUIRED | COLUMN_KEY, .words = WORDS_NATIONAL_MEASURE, .example = "SET", \
      .meaning = "What the cell counts: one of the measures of its part.") \
    X(NATIONAL_COLUMN_VALUE, "value", COL_INT, .flags = COLUMN_REQUIRED, .most = NATIONAL_MONEY_MOST, .example = "41", .aliases = "Number|Total", \
      .meaning = "The number in the cell, 0 too: people up to 999999, whole pounds in 2A and 2B.") \
    X(NATIONAL_COLUMN_REASON, "reason", COL_TEXT, .most = NATIONAL_REASON_MOST, .example = "Small clinic, nine people.", .aliases = "Reason for exception|Exception reason", \
      .meaning = "1G and 1H: why the row's success is at most 35 % or at least 70 %. No personal data.")
/* clang-format on */

enum national_column {
#define X(index, ...) index,
    NATIONAL_COLUMNS(X)
#undef X
};

#endif
