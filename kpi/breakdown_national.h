/* breakdown_national: what a provider that sends the national return in the place of episodes counts in a breakdown: the cells of the
 * form's table that stands for the dimensions asked for. 1A: ethnic group, gender, both crossed; 1B: age band, gender, both crossed; 1C:
 * pregnant; 1E to 1H: nssec, aid, intervention type, setting; any of these alone crossed with the provider. Its measures are those of the
 * KPIs that take the return in, with the same cells: set, quit / set, confirmed / quit, lost / set. Pure.
 *
 * What would surprise: the form has no blanks. Who is blank stands under Z, X, 96, 97, 98, 99 there and in none of 1C (contract section
 * 8), so nobody of a national return is UNKNOWN, and of pregnancy all people of 1B who are not in 1C are N. The cells are final: no day
 * is asked. They know no authority. Where neither 1B nor 1C breaks a rule, but 1B less 1C is no rate, the quarter is left out. */
#ifndef QD_KPI_BREAKDOWN_NATIONAL_H
#define QD_KPI_BREAKDOWN_NATIONAL_H

#include "kpi/breakdown.h"

/* Name in C; how answers call it. What becomes of a national return in a table. */
/* clang-format off */
#define NATIONAL_TOLD_LIST(X) \
    X(ABSENT,        NULL)            /* none stands for the quarter, or the measure is not of people who set a quit date */ \
    X(TOLD,          NULL)            /* its cells are in */ \
    X(NO_AUTHORITY,  "NO_AUTHORITY")  /* one authority is asked for */ \
    X(NO_MEASURE,    "NO_MEASURE")    /* no table has what the measure counts */ \
    X(NO_TABLE,      "NO_TABLE")      /* none has it by these dimensions */ \
    X(SERVICE_USERS, "SERVICE_USERS") /* rows of the pathway are in; which of its people they are nobody can tell */ \
    X(DISAGREES,     "DISAGREES")     /* 1B less 1C leaves more above the line than below it */
/* clang-format on */
enum national_told {
#define X(name, text) NATIONAL_##name,
    NATIONAL_TOLD_LIST(X)
#undef X
        NATIONAL_TOLD_COUNT
};
/* NULL where it is in, or absent. */
const char *national_told_name(enum national_told t);
static inline bool national_is_left_out(enum national_told t) {
    return t > NATIONAL_TOLD;
}

/* Does a table of the form tell of the measure by these dimensions? None: undivided. */
bool national_tells(enum measure m, const enum dimension *by, size_t by_count);
/* What becomes of the provider's national return of a quarter; its facts are read where pregnancy is asked. */
enum national_told breakdown_national_of(const struct breakdown *b, const struct book *book, int16_t period);
/* Adds the returns of the table's quarters that are TOLD. breakdown_add() does it. */
void breakdown_national_add(struct breakdown *b, uint32_t provider, const struct book *book);

#endif
