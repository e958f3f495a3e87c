/* personal: what free text must not carry. Reasons and notes are read by others and go into the national return, so
 * text that tells who somebody is, is refused instead of stored. It finds what has a form; names it cannot find. */
#ifndef QD_RETURNS_PERSONAL_H
#define QD_RETURNS_PERSONAL_H

#include "base/str.h"

/* "an NHS number", "an e-mail address", "a telephone number"; NULL when none of them is in the text. */
const char *personal_find(str text);

#endif
