/* not_text: what a body is that is no text at all, by its first bytes: people attach the workbook in the place of its CSV. */
#ifndef QD_RETURNS_NOT_TEXT_H
#define QD_RETURNS_NOT_TEXT_H

#include "base/str.h"

/* "is a PDF", to follow "the file", or NULL when nothing is known against its being text. */
const char *not_text_find(str body);

#endif
