/* See breakdown.h. Every number goes through kpi/disclose.h: `exact` changes nothing. */
#include "handlers/breakdown.h"
#include "handlers/number_write.h"
#include "kpi/breakdown_target.h"
#include "kpi/priority.h"
#include "kpi/wilson.h"
#include "returns/csv_write.h"

/* ---- one cell, as its reader may see it ---- */

struct shown {
    struct disclosed_rate of;
    bool is_rate, small, suppressed;
    bool has_interval; /* exact rates alone: the interval of rounded numbers would say nothing true */
};

static struct shown show(const struct breakdown_answer *a, struct breakdown_cell c) {
    enum disclosure d = a->ask->disclosure;
    bool rate = measure_info(a->table.measure)->below != NULL;
    struct shown s = {.is_rate = rate};
    if (rate) s.of = disclose_rate(d, c.numerator, c.denominator);
    else s.of.numerator = disclose_count(d, c.numerator);
    if (a->withheld) s.of = (struct disclosed_rate){{true, 0}, {true, 0}, false};
    s.suppressed = s.of.numerator.suppressed || (rate && s.of.denominator.suppressed);
    s.small =
        d == DISCLOSE_EXACT && (is_small_number(c.numerator) || (rate && is_small_number(c.denominator)));
    s.has_interval = d == DISCLOSE_EXACT && rate && c.denominator > 0;
    return s;
}

/* ---- JSON ---- */

static void number_field(struct json *j, const char *key, struct disclosed n) {
    if (n.suppressed) json_field_cstr(j, key, "*");
    else json_field_int(j, key, n.value);
}

static void value_field(struct json *j, const struct shown *s) {
    json_key(j, "value");
    if (!s->is_rate && !s->suppressed) json_int(j, s->of.numerator.value);
    else if (s->is_rate && s->of.has_value) percent_write(j, s->of.numerator.value, s->of.denominator.value);
    else json_put_null(j);
}

static void cell_fields(struct json *j, const struct shown *s) {
    number_field(j, "numerator", s->of.numerator);
    if (s->is_rate) number_field(j, "denominator", s->of.denominator);
    else json_field_null(j, "denominator");
    value_field(j, s);
    interval_field(j, s->has_interval, s->of.numerator.value, s->of.denominator.value);
    json_field_bool(j, "smallNumber", s->small);
    json_field_bool(j, "suppressed", s->suppressed);
}

/* Where the framework sets targets for single members: those of the whole service, for who sees it exactly. */
static void targets_write(struct json *j, const struct breakdown_answer *a, size_t member) {
    struct breakdown_target targets[BREAKDOWN_TARGETS_MAX];
    if (a->ask->disclosure != DISCLOSE_EXACT || a->ask->provider.p || a->ask->authority) return;
    size_t count = breakdown_targets(&a->table, member, a->year_to_date, targets);
    if (!count) return;
    json_key(j, "targets");
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        const struct breakdown_target *t = &targets[i];
        json_object_begin(j);
        json_field_cstr(j, "kpi", t->kpi->ref);
        fraction_field(j, "target", t->goal.target.den != 0, t->goal.target);
        if (t->goal.minimum.den) fraction_field(j, "minimum", true, t->goal.minimum);
        if (t->goal.stretch.den) fraction_field(j, "stretch", true, t->goal.stretch);
        json_field_cstr(j, "rag", rag_name(t->rag));
        json_end(j);
    }
    json_end(j);
}

static void row_write(struct json *j, const struct breakdown_answer *a, size_t first, size_t second) {
    const struct breakdown *t = &a->table;
    size_t at[BREAKDOWN_BY_MAX] = {first, second};
    struct shown s = show(a, breakdown_at(t, first, second));
    json_object_begin(j);
    json_key(j, "keys");
    json_object_begin(j);
    for (size_t i = 0; i < t->by_count; i++)
        json_field_str(j, dimension_info(t->by[i].which)->name, t->by[i].list[at[i]].key);
    json_end(j);
    cell_fields(j, &s);
    targets_write(j, a, first);
    json_end(j);
}

static void members_write(struct json *j, const struct dimension_members *m) {
    json_key(j, "members");
    json_array_begin(j);
    for (size_t i = 0; i < m->count; i++) {
        if (!breakdown_lists(m, i)) continue;
        json_object_begin(j);
        json_field_str(j, "key", m->list[i].key);
        json_field_str(j, "label", m->list[i].label);
        json_end(j);
    }
    json_end(j);
}

/* Priority groups of which the part has not all columns: their rows would be zeros that nobody counted. */
static void not_asked_write(struct json *j, const struct dimension_members *m, enum part_id part) {
    const struct framework *f = m->framework;
    json_key(j, "notAsked");
    json_array_begin(j);
    for (size_t i = 0; m->which == DIMENSION_PRIORITY_GROUP && i < f->priority_group_count; i++)
        if (!f->priority_groups[i].asked[part]) json_cstr(j, f->priority_groups[i].key);
    json_end(j);
}

static void dimensions_write(struct json *j, const struct breakdown *t) {
    json_key(j, "dimensions");
    json_array_begin(j);
    for (size_t i = 0; i < t->by_count; i++) {
        const struct dimension_info *info = dimension_info(t->by[i].which);
        json_object_begin(j);
        json_field_cstr(j, "name", info->name);
        json_field_bool(j, "overlaps", dimension_overlaps(info->kind));
        not_asked_write(j, &t->by[i], measure_info(t->measure)->part);
        members_write(j, &t->by[i]);
        json_end(j);
    }
    json_end(j);
}

/* The undivided figure. Not for a wider audience: it would only bring cells closer to their exact numbers. */
static void total_write(struct json *j, const struct breakdown_answer *a) {
    json_key(j, "total");
    if (a->ask->disclosure != DISCLOSE_EXACT) {
        json_put_null(j);
        return;
    }
    struct shown s = show(a, a->table.total);
    json_object_begin(j);
    cell_fields(j, &s);
    json_end(j);
}

static void head_write(struct json *j, const struct breakdown_answer *a) {
    const struct measure_info *m = measure_info(a->table.measure);
    char period[PERIOD_TEXT];
    json_field_str(j, "service", a->ask->service);
    figures_ask_write_framework(j, a->ask);
    json_field_cstr(j, "period", period_format(a->period, period));
    json_field_cstr(j, "view", a->year_to_date ? "YEAR_TO_DATE" : "QUARTER");
    json_field_cstr(j, "measure", m->name);
    json_field_cstr(j, "unit", m->below ? "PERCENT" : "COUNT");
    json_field_cstr(j, "numeratorMeaning", m->above);
    json_field_cstr(j, "denominatorMeaning", m->below);
    figures_ask_write_as_at(j, a->ask);
    json_field_cstr(j, "disclosure", disclosure_name(a->ask->disclosure));
    json_field_bool(j, "withheld", a->withheld);
    breakdown_coverage_write(j, a);
    dimensions_write(j, &a->table);
    total_write(j, a);
}

void breakdown_write_json(struct buf *out, const struct breakdown_answer *a) {
    const struct breakdown *t = &a->table;
    struct json j = json_to(out);
    json_object_begin(&j);
    head_write(&j, a);
    json_key(&j, "rows");
    json_array_begin(&j);
    for (size_t i = 0; i < t->by[0].count; i++)
        for (size_t k = 0; k < breakdown_width(t); k++)
            if (breakdown_has_row(t, i, k)) row_write(&j, a, i, k);
    json_end(&j);
    json_end(&j);
}

/* ---- CSV ---- */

static void csv_number(struct buf *out, struct disclosed n) {
    if (n.suppressed) buf_add_cstr(out, ",*");
    else buf_printf(out, ",%lld", (long long)n.value);
}

static void csv_interval(struct buf *out, const struct shown *s) {
    if (!s->has_interval) {
        buf_add_cstr(out, ",,");
        return;
    }
    struct interval i = wilson(s->of.numerator.value, s->of.denominator.value, WILSON_95);
    buf_add_cstr(out, ",");
    buf_add_decimal(out, (struct decimal){proportion_hundredths(i.lower), 2});
    buf_add_cstr(out, ",");
    buf_add_decimal(out, (struct decimal){proportion_hundredths(i.upper), 2});
}

static void csv_cell(struct buf *out, const struct shown *s) {
    csv_number(out, s->of.numerator);
    if (s->is_rate) csv_number(out, s->of.denominator);
    else buf_add_cstr(out, ",");
    buf_add_cstr(out, ",");
    if (!s->is_rate && !s->suppressed) buf_printf(out, "%lld", (long long)s->of.numerator.value);
    if (s->is_rate && s->of.has_value)
        buf_add_decimal(
            out, (struct decimal){percent_hundredths(s->of.numerator.value, s->of.denominator.value), 2});
    buf_printf(out, ",%s,%s", s->small ? "true" : "false", s->suppressed ? "true" : "false");
    csv_interval(out, s);
    csv_write_end_row(out);
}

static void csv_row(struct buf *out, const struct breakdown_answer *a, size_t first, size_t second) {
    const struct breakdown *t = &a->table;
    size_t at[BREAKDOWN_BY_MAX] = {first, second};
    struct shown s = show(a, breakdown_at(t, first, second));
    for (size_t i = 0; i < t->by_count; i++) {
        const struct dimension_member *m = &t->by[i].list[at[i]];
        if (i) buf_add_cstr(out, ",");
        csv_write_field(out, m->key, true);
        buf_add_cstr(out, ",");
        if (m->label.p) csv_write_field(out, m->label, true);
    }
    csv_cell(out, &s);
}

void breakdown_write_csv(struct buf *out, const struct breakdown_answer *a) {
    const struct breakdown *t = &a->table;
    for (size_t i = 0; i < t->by_count; i++)
        buf_printf(out, "%s%s,%sLabel", i ? "," : "", dimension_info(t->by[i].which)->name,
                   dimension_info(t->by[i].which)->name);
    buf_add_cstr(out, ",numerator,denominator,value,smallNumber,suppressed,lower95,upper95");
    csv_write_end_row(out);
    for (size_t i = 0; i < t->by[0].count; i++)
        for (size_t k = 0; k < breakdown_width(t); k++)
            if (breakdown_has_row(t, i, k)) csv_row(out, a, i, k);
}
