/* derive: what follows for one episode from its quit date, what is known of its follow-ups, and the as-at
 * date (contract section 5). Pure: one struct in, one bit mask out; every condition has a name that
 * framework files use. Beside each result stand the reasons why an episode does not have it, so that
 * explanations count with the same bits.
 *
 * What would surprise: known26 and known52 do not ask whether the window has passed, so a framework asks
 * for due26 too. */
#ifndef QD_KPI_DERIVE_H
#define QD_KPI_DERIVE_H

#include "kpi/resolve.h"
#include "returns/judge.h"

#define BIT(name) (UINT64_C(1) << DERIVED_##name)
#define OF_DUE4 BIT(DUE4)
#define OF_QUIT4 (BIT(QUIT4) | OF_DUE4)
#define OF_LOST4 (BIT(LOST4) | OF_DUE4)
#define OF_DUE12 BIT(DUE12)
#define OF_QUIT12 (BIT(QUIT12) | OF_DUE12)
#define OF_DUE26 BIT(DUE26)
#define OF_DUE52 BIT(DUE52)

/* name in C, name in framework files, what it says, what it always includes (a numerator must include its
 * denominator). */
/* clang-format off */
#define DERIVED_LIST(X) \
    X(DUE4,                "due4",               "the 4-week window has passed at the as-at date",           0) \
    X(NOT_DUE4,            "notDue4",            "the 4-week window has not passed",                         0) \
    X(QUIT4,               "quit4",              "quit at 4 weeks by self-report, in the window",            OF_DUE4) \
    X(NOT_QUIT4,           "notQuit4",           "not quit at 4 weeks, in the window",                       OF_DUE4) \
    X(LOST4,               "lost4",              "due at 4 weeks, and neither quit nor not quit",            OF_DUE4) \
    X(RECORDED_LOST4,      "recordedLost",       "lost4: recorded as lost to follow-up",                     OF_LOST4) \
    X(NOT_REPORTED4,       "notReported",        "lost4: no outcome",                                        OF_LOST4) \
    X(OUT_OF_WINDOW4,      "outOfWindow",        "lost4: followed up outside the window",                    OF_LOST4) \
    X(DATE_MISSING4,       "dateMissing",        "lost4: an outcome without a date",                         OF_LOST4) \
    X(CO_VERIFIED4,        "coVerified4",        "quit4, confirmed by carbon monoxide",                      OF_QUIT4) \
    X(METHOD_ASSUMED,      "methodAssumed",      "coVerified4, the blank method taken as face to face",      BIT(CO_VERIFIED4) | OF_QUIT4) \
    X(CO_BLANK4,           "coBlank4",           "quit4 without a reading",                                  OF_QUIT4) \
    X(CO_HIGH4,            "coHigh4",            "quit4, the reading at or above the limit",                 OF_QUIT4) \
    X(CO_OUT_OF_WINDOW4,   "coOutOfWindow4",     "quit4, the reading's date outside the window",             OF_QUIT4) \
    X(CO_NOT_FACE_TO_FACE, "coNotFaceToFace",    "quit4, the reading neither dated nor face to face",        OF_QUIT4) \
    X(SATISFACTION_BASE,   "satisfactionBase",   "quit4, and asked by the setting satisfactionBase",         OF_QUIT4) \
    X(SATISFIED,           "satisfied",          "quit4 with satisfaction 4 or 5",                           BIT(SATISFACTION_BASE) | OF_QUIT4) \
    X(NOT_SATISFIED,       "notSatisfied",       "quit4 with satisfaction 1 to 3",                           BIT(SATISFACTION_BASE) | OF_QUIT4) \
    X(SATISFACTION_BLANK,  "satisfactionBlank",  "quit4 without an answer",                                  OF_QUIT4) \
    X(DUE12,               "due12",              "the 12-week window has passed",                            0) \
    X(NOT_DUE12,           "notDue12",           "the 12-week window has not passed",                        0) \
    X(QUIT12,              "quit12",             "quit at 12 weeks, in the window, and quit4 (stillQuit)",   OF_DUE12) \
    X(NOT_QUIT12,          "notQuit12",          "not quit at 12 weeks, in the window, and quit4 (stillQuit)", OF_DUE12) \
    X(NOT_QUIT_BEFORE12,   "notQuitBefore12",    "due12, left out because not quit4 (stillQuit)",            OF_DUE12) \
    X(LOST12,              "lost12",             "due12 and quit4 without an outcome 1 or 2 in the window",  OF_DUE12 | OF_QUIT4) \
    X(RECORDED_LOST12,     "recordedLost12",     "without result at 12 weeks: recorded as lost",             OF_DUE12) \
    X(NOT_REPORTED12,      "notReported12",      "without result at 12 weeks: no outcome",                   OF_DUE12) \
    X(OUT_OF_WINDOW12,     "outOfWindow12",      "without result at 12 weeks: outside the window",           OF_DUE12) \
    X(DATE_MISSING12,      "dateMissing12",      "without result at 12 weeks: outcome without a date",       OF_DUE12) \
    X(CO_VERIFIED12,       "coVerified12",       "quit12, confirmed by carbon monoxide",                     OF_QUIT12) \
    X(CO_BLANK12,          "coBlank12",          "quit12 without a reading",                                 OF_QUIT12) \
    X(CO_HIGH12,           "coHigh12",           "quit12, the reading at or above the limit",                OF_QUIT12) \
    X(DUE26,               "due26",              "the 26-week window has passed",                            0) \
    X(NOT_DUE26,           "notDue26",           "the 26-week window has not passed",                        0) \
    X(KNOWN26,             "known26",            "quit or not quit at 26 weeks, in the window",              0) \
    X(RECORDED_LOST26,     "recordedLost26",     "due26, not known: recorded as lost",                       OF_DUE26) \
    X(NOT_REPORTED26,      "notReported26",      "due26, not known: no outcome",                             OF_DUE26) \
    X(OUT_OF_WINDOW26,     "outOfWindow26",      "due26, not known: outside the window",                     OF_DUE26) \
    X(DATE_MISSING26,      "dateMissing26",      "due26, not known: an outcome without a date",              OF_DUE26) \
    X(DUE52,               "due52",              "the 52-week window has passed",                            0) \
    X(NOT_DUE52,           "notDue52",           "the 52-week window has not passed",                        0) \
    X(KNOWN52,             "known52",            "quit or not quit at 52 weeks, in the window",              0) \
    X(RECORDED_LOST52,     "recordedLost52",     "due52, not known: recorded as lost",                       OF_DUE52) \
    X(NOT_REPORTED52,      "notReported52",      "due52, not known: no outcome",                             OF_DUE52) \
    X(OUT_OF_WINDOW52,     "outOfWindow52",      "due52, not known: outside the window",                     OF_DUE52) \
    X(DATE_MISSING52,      "dateMissing52",      "due52, not known: an outcome without a date",              OF_DUE52)
/* clang-format on */

enum derived {
#define X(name, text, meaning, includes) DERIVED_##name,
    DERIVED_LIST(X)
#undef X
        DERIVED_COUNT
};
_Static_assert(DERIVED_COUNT <= 64, "one bit each");

static inline uint64_t derived_bit(enum derived d) {
    return UINT64_C(1) << d;
}

struct derived_info {
    const char *name, *meaning;
    uint64_t includes; /* conditions that every such episode meets too */
};
const struct derived_info *derived_info(enum derived d);
bool derived_parse(str name, enum derived *out);

/* The settings of a framework, and the day. */
struct derive_settings {
    struct follow_up_windows windows;
    int32_t as_at;
    int co_below;
    bool still_quit, satisfaction_respondents;
};

/* Bits of enum derived. satisfaction as in facts: 0 blank, 1 to 5. */
uint64_t derive(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known,
                uint8_t satisfaction);
/* The same of each of `count` rows and what is known of it. */
void derive_many(const struct derive_settings *s, const struct fact_episode *rows,
                 const struct outcomes *known, size_t count, uint64_t *out);

#endif
