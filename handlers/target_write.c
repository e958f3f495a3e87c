/* "target" and "tolerance" of a KPI (handlers/dashboard_write.h): what its figures are held against. Members beyond those of contract
 * section 6 are written only where the framework asks for them. */
#include "handlers/dashboard_write.h"

static void amounts_write(struct json *j, const struct kpi_figures *f, const char *key, struct decimal annual,
                          struct fraction to_date, struct fraction quarter) {
    json_key(j, key);
    json_object_begin(j);
    fraction_field(j, "annual", true, fraction_of_decimal(annual));
    fraction_field(j, "toDate", true, to_date);
    if (f->kpi->unit == KPI_COUNT) fraction_field(j, "quarter", true, quarter);
    json_end(j);
}

static void statement_write(struct json *j, const struct kpi_figures *f, const char *year) {
    const struct profile_now *p = &f->profile;
    struct buf words = BUF_EMPTY;
    int64_t all = p->quarters[0] + p->quarters[1] + p->quarters[2] + p->quarters[3];
    switch (p->last_year) {
    case LAST_YEAR_KNOWN:
        buf_printf(&words, "By the shape of %s: %lld, %lld, %lld and %lld of %lld in its four quarters.",
                   year, (long long)p->quarters[0], (long long)p->quarters[1], (long long)p->quarters[2],
                   (long long)p->quarters[3], (long long)all);
        break;
    case LAST_YEAR_NOT_WHOLE:
        buf_printf(&words, "%s was not sent whole by everyone expected, so its shape is not known", year);
        break;
    case LAST_YEAR_EMPTY: buf_printf(&words, "Nothing was counted in %s, so it has no shape", year); break;
    default: buf_printf(&words, "The shape of %s is not shown to a wider audience", year);
    }
    if (p->last_year != LAST_YEAR_KNOWN)
        buf_add_cstr(&words, "; the profile that the framework names for this case is used.");
    json_field_str(j, "statement", buf_str(&words));
    buf_free(&words);
}

/* Only of a count that is asked for in last year's shape. */
static void profile_write(struct json *j, const struct kpi_figures *f) {
    const struct profile_now *p = &f->profile;
    char year[YEAR_TEXT];
    if (p->last_year == LAST_YEAR_NOT_ASKED) return;
    year_format(f->year->year - 1, year);
    json_key(j, "profile");
    json_object_begin(j);
    json_field_cstr(j, "shape", "LAST_YEAR");
    json_field_cstr(j, "year", year);
    json_field_cstr(j, "lastYear", last_year_name(p->last_year));
    json_key(j, "shares");
    json_array_begin(j);
    for (int i = 1; i <= 4; i++)
        fraction_write(j, fraction_mul(p->shares.to[i], fraction_of(100, 1)));
    json_end(j);
    statement_write(j, f, year);
    json_end(j);
}

static void target_write(struct json *j, const struct kpi_figures *f) {
    bool given = f->year->has_target;
    const struct goal *year = &f->year_to_date.goal, *quarter = &f->quarter.goal;
    json_key(j, "target");
    json_object_begin(j);
    fraction_field(j, "annual", given, fraction_of_decimal(f->year->annual));
    fraction_field(j, "toDate", given, year->target);
    if (f->kpi->unit == KPI_COUNT) fraction_field(j, "quarter", given, quarter->target);
    if (f->year->has_minimum)
        amounts_write(j, f, "minimum", f->year->minimum, year->minimum, quarter->minimum);
    if (f->year->has_stretch)
        amounts_write(j, f, "stretch", f->year->stretch, year->stretch, quarter->stretch);
    if (f->year->scheme == SCHEME_DIRECTION)
        fraction_field(j, "lastYear", year->last_year.den != 0, year->last_year);
    if (f->own_targets) json_field_bool(j, "own", true);
    profile_write(j, f);
    json_end(j);
}

static void tolerance_write(struct json *j, const struct kpi_year *year) {
    json_key(j, "tolerance");
    json_object_begin(j);
    json_field_cstr(j, "kind", tolerance_kind_name(year->tolerance));
    bool limits = year->tolerance == TOLERANCE_LIMITS;
    fraction_field(j, "value", !limits, fraction_of_decimal(year->tolerance_value));
    if (limits) fraction_field(j, "green", true, fraction_of_decimal(year->green_limit));
    if (limits) fraction_field(j, "red", true, fraction_of_decimal(year->red_limit));
    json_field_cstr(j, "source", year->tolerance_by_commissioner ? "COMMISSIONER" : "DEFAULT");
    if (year->scheme != SCHEME_TOLERANCE) json_field_cstr(j, "scheme", scheme_name(year->scheme));
    json_end(j);
}

void kpi_write_target(struct json *j, const struct kpi_figures *f) {
    target_write(j, f);
    tolerance_write(j, f->year);
}
