/* Words that several parts share. Facts store index + 1: append, never reorder. */
#include "returns/parts/parts.h"

const char *const WORDS_METHOD[] = {"FACE_TO_FACE", "TELEPHONE", "VIDEO", "TEXT", "POST", NULL};
const char *const WORDS_STAGE[] = {"4W", "12W", "26W", "52W", NULL};
const char *const WORDS_CONDITION[] = {"COPD", "CVD", "CANCER", "DIABETES", "ASTHMA", "OTHER", NULL};
const char *const WORDS_TENURE[] = {"OWNED", "PRIVATE_RENT", "SOCIAL_RENT", "TEMPORARY", "OTHER", "NOT_STATED", NULL};
