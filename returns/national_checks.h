/* national_checks: rules V01 to V19 of domain.md 1.7 over a filled form of the national collection, whether a
 * provider sent it or it was added up from episodes. Exact: counts are compared as integers, 35 % and 70 %
 * both included; nothing is compared after rounding. Cells that are missing are told of once, by V03; no
 * other rule repeats it.
 *
 * What would surprise: a rule that cannot be judged (V17 without four quarters before it) has passed, and
 * says why it was not judged. V11 changes its severity with the form and with who is missing. */
#ifndef QD_RETURNS_NATIONAL_CHECKS_H
#define QD_RETURNS_NATIONAL_CHECKS_H

#include "base/arena.h"
#include "returns/finding.h"
#include "returns/national_form.h"

/* clang-format off */
#define NATIONAL_RULE_LIST(X) \
    X(V01, ERROR,   "The return covers one quarter, from its first day to its last.")                                     \
    X(V02, ERROR,   "The organisation is known, active and may return for that authority.")                               \
    X(V03, ERROR,   "Every mandatory cell is there and is a whole number in its range.")                                  \
    X(V04, ERROR,   "Every code exists and is valid in that quarter.")                                                    \
    X(V05, ERROR,   "Every combination of keys is there, once.")                                                          \
    X(V06, ERROR,   "No row of 1A, 1D, 1E, 1F, 1G, 1H has more quitters than people setting a quit date.")                \
    X(V07, ERROR,   "In every row of 1B quit, not quit and lost add up to the people setting a quit date.")               \
    X(V08, ERROR,   "No row of 1B and 1C has more quitters confirmed by carbon monoxide than quitters.")                  \
    X(V09, ERROR,   "1A, 1B, 1E, 1F, 1G and 1H add up to the same people setting a quit date, and to the same quitters.") \
    X(V10, ERROR,   "1A and 1B agree for each gender.")                                                                   \
    X(V11, ERROR,   "No more pregnant people than people.")                                                               \
    X(V12, ERROR,   "No more people with free prescriptions than people.")                                                \
    X(V13, WARNING, "Every intervention type and setting with at most 35 % or at least 70 % success has its reason.")     \
    X(V14, WARNING, "The spend grows from quarter to quarter, and the allocation stays within the year.")                 \
    X(V15, WARNING, "No more people with an unknown aid than people lost to follow-up.")                                  \
    X(V16, WARNING, "Success, carbon monoxide, lost to follow-up and unknown codes are within the expected ranges.")      \
    X(V17, WARNING, "The quarter is within 50 % of the mean of the four quarters before it.")                             \
    X(V18, ERROR,   "No earlier quarter of the year is missing.")                                                         \
    X(V19, ERROR,   "A return sent again names the one that it replaces, and the reason.")
/* clang-format on */
enum national_rule {
#define X(id, severity, meaning) NATIONAL_##id,
    NATIONAL_RULE_LIST(X)
#undef X
        NATIONAL_RULE_COUNT
};
const char *national_rule_id(enum national_rule rule);      /* "V07" */
const char *national_rule_meaning(enum national_rule rule); /* the sentence above */

/* People whose code the form of the period has no row for. */
struct national_unplaced {
    enum national_part part;
    const char *key;
    int64_t count;
};

/* What a form does not say of itself. All zero: nothing is known, and the rules that need it are not judged. */
struct national_context {
    int32_t first_day, last_day;              /* V01: as sent; both 0: those of the form's period */
    const char *submitter_problem;            /* V02: what is wrong with who sends it; NULL: nothing */
    const struct national_unplaced *unplaced; /* V04 */
    size_t unplaced_count;
    bool without_finance; /* V03, V05: 2A and 2B are not asked for, since they are somebody else's */
    int64_t waiting;      /* V07, V13: people whose follow-up is still open; part of SET alone */
    bool quarter_runs;    /* V13: people may still set a quit date in it */
    struct {
        bool known;
        int64_t allocation, cumulative_spend;
    } earlier_money[3]; /* V14: of quarters 1 to 3 of the year, as far as they come before */
    int64_t before[4];  /* V17: people setting a quit date in the quarters before it */
    size_t before_count;
    unsigned missing_quarters; /* V18: bit q - 1 for each earlier quarter of the year that is missing */
    bool resubmitted;          /* V19: it replaces one that was sent */
    bool names_replaced, has_reason;
};

/* One cell, row or sum that breaks a rule, with both numbers. */
struct national_offence {
    int cell, other; /* of the form, where the two numbers stand: of a sum its last cell; -1: of the return */
    int64_t value, against; /* what stands there; what it was held against */
    str detail;             /* a sentence */
};

struct national_check {
    enum national_rule rule;
    enum severity severity;
    bool passed, judged;
    str detail; /* the first offences; or what holds; or why it was not judged */
    const struct national_offence *offences;
    size_t offence_count;
};

/* All texts live in the arena. */
void national_check_run(enum national_rule rule, const struct national_filled *f,
                        const struct national_context *context, struct arena *a, struct national_check *out);
void national_checks_run(const struct national_filled *f, const struct national_context *context,
                         struct arena *a, struct national_check out[NATIONAL_RULE_COUNT]);

#endif
