/* residue: what spreadsheets leave in cells in the place of what was meant: errors (#REF!), shortened numbers
 * (1.2E+05), formulas, typographic quotes, non-breaking spaces and characters of no width. A cell that cannot be read is told what it
 * holds; Excel's ="001", which keeps leading zeros, is read as its text. */
#ifndef QD_RETURNS_RESIDUE_H
#define QD_RETURNS_RESIDUE_H

#include "base/str.h"

struct residue {
    const char *what; /* "is a formula of a spreadsheet, not its value": follows the value */
    const char *fix;
};
/* NULL when the text is nothing of the kind. */
const struct residue *residue_find(str text);
/* The same of what nobody types, not even as a text: errors, a column too narrow, shortened numbers. */
const struct residue *residue_of_whole(str text);

/* ="001": *out is 001. */
bool residue_unwrap(str text, str *out);

#endif
