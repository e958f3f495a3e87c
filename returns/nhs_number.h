/* nhs_number: telling NHS numbers among the ids of a file. One id of ten digits in eleven passes the check by
 * chance, so a file whose ids are not NHS numbers still has some that look so; only the share tells, and that
 * is known at the end. */
#ifndef QD_RETURNS_NHS_NUMBER_H
#define QD_RETURNS_NHS_NUMBER_H

#include "base/str.h"

/* Ten digits, or the same written 943-476-5919. */
bool nhs_number_has_form(str id);
/* Of that form, and the last digit is the modulus-11 check digit of the others. */
bool nhs_number_is_valid(str id);

/* Also written with spaces or dots: not to be shown to anyone. */
bool nhs_number_is_within(str text);

enum { NHS_KEPT = 1000, NHS_COLUMNS = 2 };

struct nhs_sighting {
    uint32_t row, line;
};

/* Per column of pseudonyms: how many ids have the form, how many pass, and where the first of those stand. */
struct nhs_column {
    size_t column;
    uint64_t formed, passed;
    struct nhs_sighting *first; /* NHS_KEPT of them, allocated when the first passes */
    size_t first_count;
};
struct nhs_numbers {
    struct nhs_column columns[NHS_COLUMNS];
    size_t count;
};

void nhs_numbers_watch(struct nhs_numbers *n, size_t column);
void nhs_numbers_see_ten(struct nhs_column *c, str id, uint32_t row, uint32_t line);
/* Most ids are of another length, and need no call. */
static inline void nhs_numbers_see(struct nhs_column *c, str id, uint32_t row, uint32_t line) {
    if (id.n == 10 || id.n == 12) nhs_numbers_see_ten(c, id, row, line);
}
/* Adds what was seen in the rows that follow, and empties `later`. */
void nhs_numbers_join(struct nhs_numbers *n, struct nhs_numbers *later);
/* At least half of the ids of that form pass: they are NHS numbers. */
bool nhs_column_is_majority(const struct nhs_column *c);
void nhs_numbers_free(struct nhs_numbers *n);

#endif
