#include "kpi/payment_year.h"

bool payment_year_is_agreed(const struct framework *f, int year) {
    return f->payment_kpi && year >= f->first_year && year <= f->last_year;
}

struct payment_year payment_year_of(const struct framework *f, int year, const struct kpi_figures *earning) {
    struct payment_terms terms = {
        .contract_pence = framework_contract_pence(f, year),
        .pool_percent = f->payment_percent,
        .none_until = earning->year->red_limit,
        .full_from = earning->year->green_limit,
    };
    const struct figure *y = &earning->year_to_date;
    struct payment_year p = {
        .contract_pence = terms.contract_pence,
        .terms = terms,
        .numerator = y->has_numbers ? y->numerator : 0,
        .denominator = y->has_numbers ? y->denominator : 0,
    };
    p.pay = payment_of(&terms, p.numerator, p.denominator);
    return p;
}
