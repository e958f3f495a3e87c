/* The words of the parts. Facts store index + 1: append, never reorder. */
#include "returns/national_form.h"
#include "returns/parts/parts.h"

const char *const WORDS_METHOD[] = {"FACE_TO_FACE", "TELEPHONE", "VIDEO", "TEXT", "POST", NULL};
const char *const WORDS_STAGE[] = {"4W", "12W", "26W", "52W", NULL};
const char *const WORDS_CONDITION[] = {"COPD", "CVD", "CANCER", "DIABETES", "ASTHMA", "OTHER", NULL};
const char *const WORDS_TENURE[] = {"OWNED", "PRIVATE_RENT", "SOCIAL_RENT", "TEMPORARY",
                                    "OTHER", "NOT_STATED",   NULL};
const char *const WORDS_HARM_OUTCOME[] = {"CUT_DOWN_HALF_OR_MORE",
                                          "CUT_DOWN_LESS",
                                          "PARTIAL_SWITCH",
                                          "TEMPORARY_ABSTINENCE",
                                          "NO_CHANGE",
                                          "NOT_KNOWN",
                                          NULL};
const char *const WORDS_SOURCE[] = {"SELF",          "GP",       "HOSPITAL_INPATIENT", "MATERNITY",
                                    "MENTAL_HEALTH", "PHARMACY", "HELPLINE",           "SOCIAL_CARE",
                                    "OTHER",         NULL};
const char *const WORDS_TRAINING[] = {"VBA", "PRACTITIONER", "REFRESHER", "SPECIALTY", NULL};
const char *const WORDS_TOPIC[] = {"MENTAL_HEALTH", "PREGNANCY_POSTPARTUM", "MEDICATIONS",      "VAPING",
                                   "VBA_PREGNANCY", "VBA_SECONDHAND_SMOKE", "VBA_HOMELESSNESS", NULL};
const char *const WORDS_NATIONAL_PART[] = {"1A", "1B", "1C", "1D", "1E", "1F", "1G", "1H", "2A", "2B", NULL};
const char *const WORDS_NATIONAL_MEASURE[] = {
#define X(name, meaning) #name,
    NATIONAL_MEASURE_LIST(X)
#undef X
        NULL};
