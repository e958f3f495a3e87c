#include "handlers/framework_preview_row.h"

#include <stdio.h>

#include "handlers/dashboard_write.h"

static bool is_same_amount(struct fraction a, struct fraction b) {
    if (a.den == 0 || b.den == 0) return a.den == b.den;
    return fraction_cmp(a, b) == 0;
}

static bool is_same_figure(const struct kpi *k, const struct figure *x, const struct figure *y) {
    if (x->rag != y->rag || x->has_numbers != y->has_numbers || x->has_target != y->has_target) return false;
    if (!is_same_amount(x->goal.target, y->goal.target) ||
        !is_same_amount(x->goal.minimum, y->goal.minimum) ||
        !is_same_amount(x->goal.stretch, y->goal.stretch))
        return false;
    return x->numerator == y->numerator && (k->unit == KPI_COUNT || x->denominator == y->denominator);
}

static bool is_same(const struct preview_side *x, const struct preview_side *y) {
    if (!x->kpi || !y->kpi) return !x->kpi && !y->kpi;
    return x->kpi->unit == y->kpi->unit && is_same_figure(x->kpi, x->figure, y->figure);
}

static void write_side(struct json *j, const char *key, const struct preview_side *s) {
    json_key(j, key);
    if (!s->kpi) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    fraction_field(j, "target", s->figure->has_target, s->figure->goal.target);
    json_key(j, "figure");
    figure_write(j, s->kpi, s->figure);
    json_end(j);
}

void preview_row_write(struct json *j, const struct preview_row *row) {
    char text[PERIOD_TEXT];
    if (is_same(&row->before, &row->after)) return;
    json_object_begin(j);
    json_field_cstr(j, "period", period_format(row->period, text));
    json_field_cstr(j, "view", row->view);
    json_field_cstr(j, "ref", (row->after.kpi ? row->after.kpi : row->before.kpi)->ref);
    if (row->provider.p) json_field_str(j, "provider", row->provider);
    if (row->authority) {
        char code[16];
        snprintf(code, sizeof code, "E%08u", (unsigned)row->authority);
        json_field_cstr(j, "localAuthority", code);
    }
    if (row->by) {
        json_field_cstr(j, "by", row->by);
        json_field_cstr(j, "key", row->key);
    }
    write_side(j, "before", &row->before);
    write_side(j, "after", &row->after);
    json_end(j);
}
