/* national_return: the national return of a period added up from what is in force: every episode once into each of the
 * parts 1A to 1H (contract section 8), and the cells of the providers that send only those. Pure.
 *
 * People whose follow-up is still open are in SET and in no outcome. A blank is put under the code that the form has
 * for it, and counted among the imputed. Where the form of the period has no such code (gender X before April 2024)
 * the people are counted as unplaced: they stand in no row of that part, so that V04 and V09 tell of them. */
#ifndef QD_KPI_NATIONAL_RETURN_H
#define QD_KPI_NATIONAL_RETURN_H

#include "kpi/book.h"
#include "kpi/framework.h"
#include "returns/national_checks.h"
#include "returns/national_form.h"

/* What may be blank, by the part and code that it is put under. */
/* clang-format off */
#define IMPUTED_LIST(X)                             \
    X(ETHNIC_CATEGORY,   NATIONAL_1A, "Z",  "Z")    \
    X(GENDER_1A,         NATIONAL_1A, "X",  "X")    \
    X(GENDER_1B,         NATIONAL_1B, "X",  "X")    \
    X(PREGNANT,          NATIONAL_1C, "N",  "N")    \
    X(FREE_PRESCRIPTION, NATIONAL_1D, "N",  "N")    \
    X(NSSEC,             NATIONAL_1E, "96", "96")   \
    X(AID,               NATIONAL_1F, "99", "99")   \
    X(INTERVENTION_TYPE, NATIONAL_1G, "97", "96")   \
    X(SETTING,           NATIONAL_1H, "98", "98")
/* clang-format on */
enum imputed {
#define X(name, part, code, code_2017) IMPUTED_##name,
    IMPUTED_LIST(X)
#undef X
        IMPUTED_COUNT
};
enum national_part imputed_part(enum imputed i);
const char *imputed_key(enum imputed i, int16_t period); /* by the form of the period */

enum { UNPLACED_MAX = IMPUTED_COUNT };

struct national_return {
    struct national_form form;
    struct national_filled filled; /* parts 1A to 1H, all of them present; 2A and 2B are the commissioner's */
    int64_t imputed[IMPUTED_COUNT];
    struct national_unplaced unplaced[UNPLACED_MAX];
    size_t unplaced_count;
    int64_t waiting; /* people whose 4-week follow-up is still open */
    size_t by_cells; /* providers that sent cells instead of episodes, and were added */
    size_t left_out; /* and those that were not, since cells know no authority and one was asked for */
};

void national_return_begin(int16_t period, struct national_return *out);
/* Adds one provider's period as at a day. authority: as in facts; 0: all. */
void national_return_add(const struct framework *f, const struct book *book, int32_t as_at,
                         uint32_t authority, struct national_return *io);

/* Adds the cells of a version of `national`; those of 2A and 2B are not added. */
void national_return_add_cells(const struct held *h, struct national_return *io);

/* How many people of a provider set a quit date in a period, -1 when it sent nothing that says so. */
int64_t national_people(const struct book *book, int16_t period, uint32_t authority);

#endif
