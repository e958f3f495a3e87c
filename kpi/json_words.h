/* json_words: what Jansson says of a text that is no JSON. */
#ifndef QD_KPI_JSON_WORDS_H
#define QD_KPI_JSON_WORDS_H

#include <jansson.h>

#include "base/str.h"

/* What is wrong, without what stands at the place: that may be about a person. Valid as long as error. */
str json_words(const json_error_t *error);

#endif
