#include "returns/nhs_number.h"

#include <stdlib.h>

#include "base/arena.h"

enum { DIGITS = 10 };

static bool digits_of(str id, int out[DIGITS]) {
    bool dashed = id.n == DIGITS + 2;
    if (id.n != DIGITS && !dashed) return false;
    size_t n = 0;
    for (size_t i = 0; i < id.n; i++) {
        if (dashed && (i == 3 || i == 7)) {
            if (id.p[i] != '-') return false;
            continue;
        }
        if (!ascii_is_digit(id.p[i])) return false;
        out[n++] = id.p[i] - '0';
    }
    return true;
}

bool nhs_number_has_form(str id) {
    int digits[DIGITS];
    return digits_of(id, digits);
}

/* NHS Data Dictionary: weights 10 to 2, eleven minus the remainder; 11 counts as 0, and 10 makes no number. */
static bool check_digit_fits(const int digits[DIGITS]) {
    int sum = 0;
    for (int i = 0; i < DIGITS - 1; i++)
        sum += digits[i] * (DIGITS - i);
    int check = 11 - sum % 11;
    return (check == 11 ? 0 : check) == digits[DIGITS - 1];
}

bool nhs_number_is_valid(str id) {
    int digits[DIGITS];
    return digits_of(id, digits) && check_digit_fits(digits);
}

bool nhs_number_is_within(str text) {
    char digits[DIGITS];
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (memchr(" .-/'", text.p[i], 5)) continue;
        if (n == DIGITS || !ascii_is_digit(text.p[i])) return false;
        digits[n++] = text.p[i];
    }
    return n == DIGITS && nhs_number_is_valid((str){digits, n});
}

void nhs_numbers_watch(struct nhs_numbers *n, size_t column) {
    if (n->count < NHS_COLUMNS) n->columns[n->count++] = (struct nhs_column){.column = column};
}

void nhs_numbers_see_ten(struct nhs_column *c, str id, uint32_t row, uint32_t line) {
    int digits[DIGITS];
    if (!digits_of(id, digits)) return;
    c->formed++;
    if (!check_digit_fits(digits)) return;
    c->passed++;
    if (!c->first) c->first = must_alloc(NHS_KEPT * sizeof *c->first);
    if (c->first_count < NHS_KEPT) c->first[c->first_count++] = (struct nhs_sighting){row, line};
}

static void join_column(struct nhs_column *c, struct nhs_column *later) {
    c->formed += later->formed;
    c->passed += later->passed;
    if (later->first_count && !c->first) c->first = must_alloc(NHS_KEPT * sizeof *c->first);
    for (size_t i = 0; i < later->first_count && c->first_count < NHS_KEPT; i++)
        c->first[c->first_count++] = later->first[i];
    later->formed = later->passed = later->first_count = 0;
}

void nhs_numbers_join(struct nhs_numbers *n, struct nhs_numbers *later) {
    for (size_t i = 0; i < n->count; i++)
        join_column(&n->columns[i], &later->columns[i]);
}

bool nhs_column_is_majority(const struct nhs_column *c) {
    return c->passed > 0 && 2 * c->passed >= c->formed;
}

void nhs_numbers_free(struct nhs_numbers *n) {
    for (size_t i = 0; i < n->count; i++)
        free(n->columns[i].first);
    *n = (struct nhs_numbers){.count = 0};
}
