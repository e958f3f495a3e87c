/* See explanation.h. One function per object of the answer, in the order of contract section 6, "Explanation". */
#include "handlers/dashboard_write.h"
#include "handlers/explanation.h"

/* ---- rule, limits ---- */

static void write_condition(struct json *j, const struct framework *f, const char *key, int element) {
    json_key(j, key);
    if (element < 0) {
        json_put_null(j);
        return;
    }
    const struct element *e = &f->elements[element];
    json_object_begin(j);
    json_field_cstr(j, "element", e->name);
    json_field_cstr(j, "meaning", e->meaning ? e->meaning : e->name);
    json_end(j);
}

/* The shares by which a count is asked for, in percent by the end of each quarter: those that were applied. */
static void write_profile(struct json *j, const struct explained *x) {
    json_key(j, "profile");
    if (x->kpi->unit != KPI_COUNT || !x->figures.year->has_target) {
        json_put_null(j);
        return;
    }
    json_array_begin(j);
    for (int i = 1; i <= 4; i++)
        fraction_write(j, fraction_mul(x->figures.profile.shares.to[i], fraction_of(100, 1)));
    json_end(j);
}

static void write_rule(struct json *j, const struct explained *x) {
    const struct framework *f = x->ask->view.framework;
    const struct kpi *k = x->kpi;
    const struct element *n = &f->elements[k->numerator];
    const struct element *d = k->denominator >= 0 ? &f->elements[k->denominator] : NULL;
    struct buf words = BUF_EMPTY;
    buf_add_cstr(&words, n->meaning ? n->meaning : n->name);
    if (d) buf_printf(&words, " / %s", d->meaning ? d->meaning : d->name);
    json_key(j, "rule");
    json_object_begin(j);
    json_field_str(j, "formula", buf_str(&words));
    json_field_cstr(j, "part", part_name(k->part));
    write_condition(j, f, "numerator", k->numerator);
    write_condition(j, f, "denominator", k->denominator);
    json_field_bool(j, "strict", k->strict);
    json_field_cstr(j, "scheme", scheme_name(x->figures.year->scheme));
    write_profile(j, x);
    json_end(j);
    buf_free(&words);
}

static void write_limits(struct json *j, const struct explained *x) {
    json_key(j, "limits");
    if (!x->figures.year->has_target) {
        json_put_null(j);
        return;
    }
    struct status_limits l = status_limits_of(x->kpi, x->figures.year, &x->figures.year_to_date.goal);
    json_object_begin(j);
    if (x->figures.year->scheme == SCHEME_FOUR_COLOURS) exact_field(j, "blue", l.blue);
    exact_field(j, "green", l.green);
    exact_field(j, "amber", l.amber);
    json_field_bool(j, "amberStrict", x->figures.year->tolerance == TOLERANCE_LIMITS);
    json_end(j);
}

/* ---- providers ---- */

static void write_versions(struct json *j, const struct explained_provider *p) {
    char text[PERIOD_TEXT];
    json_key(j, "versions");
    json_array_begin(j);
    for (size_t i = 0; i < p->version_count; i++) {
        json_object_begin(j);
        json_field_cstr(j, "period", period_format(p->versions[i].period, text));
        json_field_cstr(j, "part", part_name(p->versions[i].part));
        json_field_int(j, "version", p->versions[i].version);
        json_end(j);
    }
    json_end(j);
}

static void write_number(struct json *j, const char *key, bool given, int64_t n) {
    if (given) json_field_int(j, key, n);
    else json_field_null(j, key);
}

static void write_providers(struct json *j, const struct explained *x) {
    bool rate = x->kpi->unit == KPI_PERCENT;
    json_key(j, "providers");
    json_array_begin(j);
    for (size_t i = 0; i < x->provider_count; i++) {
        const struct explained_provider *p = &x->providers[i];
        const struct figure *f = &p->figures.year_to_date;
        if (!p->asked) continue;
        json_object_begin(j);
        json_field_str(j, "provider", p->id);
        write_number(j, "numerator", f->has_numbers, f->numerator);
        write_number(j, "denominator", f->has_numbers && rate, f->denominator);
        json_key(j, "value");
        if (!f->has_value) json_put_null(j);
        else if (rate) percent_write(j, f->numerator, f->denominator);
        else json_int(j, f->numerator);
        json_field_cstr(j, "rag", rag_name(p->figures.rag));
        write_versions(j, p);
        json_end(j);
    }
    json_end(j);
}

/* ---- left out ---- */

static void write_reasons(struct json *j, const int64_t counts[REASON_COUNT], enum standing standing) {
    for (int r = 0; r < REASON_COUNT; r++) {
        if (!counts[r]) continue;
        json_object_begin(j);
        json_field_cstr(j, "reason", reason_name(r));
        json_field_cstr(j, "meaning", reason_meaning(r));
        json_field_cstr(j, "standing", standing_name(standing));
        json_field_int(j, "count", counts[r]);
        json_end(j);
    }
}

static void write_excluded(struct json *j, const struct explained *x) {
    json_key(j, "excluded");
    json_array_begin(j);
    write_reasons(j, x->rows.outside, STANDING_OUTSIDE);
    write_reasons(j, x->rows.denominator_only, STANDING_DENOMINATOR);
    json_end(j);
}

/* ---- smallest change ---- */

static void write_way(struct json *j, const char *key, struct change c) {
    write_number(j, key, c.reachable, c.count);
}

static void write_goal(struct json *j, const struct explained *x, const char *key, enum rag goal) {
    const struct figure *f = &x->figures.year_to_date;
    json_key(j, key);
    if (rag_rank(x->figures.rag) >= rag_rank(goal)) {
        json_put_null(j);
        return;
    }
    struct smallest_change c =
        smallest_change_to(goal, x->kpi, x->figures.year, f->numerator, f->denominator, &f->goal);
    const struct framework *fw = x->ask->view.framework;
    const struct element *n = &fw->elements[x->kpi->numerator];
    bool fewer = x->kpi->direction == KPI_LOWER;
    json_object_begin(j);
    if (x->kpi->unit == KPI_COUNT) {
        write_way(j, "more", c.adding);
    } else {
        write_way(j, fewer ? "fewer" : "more", c.changing);
        write_way(j, "added", c.adding);
    }
    json_field_cstr(j, "of", n->meaning ? n->meaning : n->name);
    json_end(j);
}

static void write_smallest_change(struct json *j, const struct explained *x) {
    enum rag rag = x->figures.rag;
    json_key(j, "smallestChange");
    if (rag_rank(rag) == 0) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    write_goal(j, x, "toAmber", RAG_AMBER);
    write_goal(j, x, "toGreen", RAG_GREEN);
    if (x->figures.year->scheme == SCHEME_FOUR_COLOURS) write_goal(j, x, "toBlue", RAG_BLUE);
    json_end(j);
}

/* ---- movement ---- */

static void hundredths(struct json *j, const char *key, int64_t units) {
    json_key(j, key);
    decimal_write(j, (struct decimal){units, 2});
}

static size_t asked_of(const struct explained *x, const struct explained_provider **out) {
    size_t n = 0;
    for (size_t i = 0; i < x->provider_count; i++)
        if (x->providers[i].asked) out[n++] = &x->providers[i];
    return n;
}

static void write_counts_moved(struct json *j, const struct explained_provider **p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        json_object_begin(j);
        json_field_str(j, "provider", p[i]->id);
        json_field_int(j, "volume", p[i]->figures.quarter.numerator - p[i]->before.quarter.numerator);
        json_field_int(j, "mix", 0);
        json_field_int(j, "rate", 0);
        json_end(j);
    }
}

/* Percentage points, which add up to the change as it is printed. */
static void write_rates_moved(struct json *j, const struct explained *x, const struct explained_provider **p,
                              size_t n) {
    struct arena *a = x->ask->r->arena;
    struct moving *moving = ARENA_ARRAY(a, struct moving, n);
    struct movement *movement = ARENA_ARRAY(a, struct movement, n);
    struct fraction *parts = ARENA_ARRAY(a, struct fraction, 2 * n);
    int64_t *rounded = ARENA_ARRAY(a, int64_t, 2 * n);
    for (size_t i = 0; i < n; i++) {
        const struct figure *now = &p[i]->figures.quarter, *then = &p[i]->before.quarter;
        moving[i] = (struct moving){{then->numerator, now->numerator}, {then->denominator, now->denominator}};
    }
    if (!movement_of_rate(moving, n, movement)) return;
    for (size_t i = 0; i < n; i++) {
        parts[2 * i] = movement[i].mix_points;
        parts[2 * i + 1] = movement[i].rate_points;
    }
    struct fraction change =
        fraction_sub(figure_value(x->kpi, &x->figures.quarter), figure_value(x->kpi, &x->before.quarter));
    movement_round(parts, 2 * n, change, 2, rounded);
    for (size_t i = 0; i < n; i++) {
        json_object_begin(j);
        json_field_str(j, "provider", p[i]->id);
        json_field_int(j, "volume", 0);
        hundredths(j, "mix", rounded[2 * i]);
        hundredths(j, "rate", rounded[2 * i + 1]);
        json_key(j, "numerator");
        json_object_begin(j);
        fraction_field(j, "volume", true, movement[i].volume);
        fraction_field(j, "mix", true, movement[i].mix);
        fraction_field(j, "rate", true, movement[i].rate);
        json_end(j);
        json_end(j);
    }
}

static bool has_moved(const struct explained *x) {
    return x->before.kpi && figure_value(x->kpi, &x->figures.quarter).den &&
           figure_value(x->kpi, &x->before.quarter).den;
}

static void write_movement(struct json *j, const struct explained *x) {
    char text[PERIOD_TEXT];
    json_key(j, "moved");
    if (has_moved(x)) {
        struct fraction change =
            fraction_sub(figure_value(x->kpi, &x->figures.quarter), figure_value(x->kpi, &x->before.quarter));
        json_object_begin(j);
        json_field_cstr(j, "from", period_format((int16_t)(x->period - 1), text));
        json_field_cstr(j, "to", period_format(x->period, text));
        hundredths(j, "change", fraction_round(change, 2));
        json_end(j);
    } else {
        json_put_null(j);
    }
    json_key(j, "movement");
    json_array_begin(j);
    if (has_moved(x)) {
        const struct explained_provider **p =
            ARENA_ARRAY(x->ask->r->arena, const struct explained_provider *, x->provider_count);
        size_t n = asked_of(x, p);
        if (x->kpi->unit == KPI_COUNT) write_counts_moved(j, p, n);
        else write_rates_moved(j, x, p, n);
    }
    json_end(j);
}

static void write_previous(struct json *j, const struct explained *x) {
    char text[PERIOD_TEXT];
    json_key(j, "previous");
    if (!x->figures.has_previous) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    json_field_cstr(j, "period", period_format(x->figures.previous_period, text));
    json_field_cstr(j, "rag", rag_name(x->figures.previous_rag));
    if (x->before.kpi) {
        json_key(j, "yearToDate");
        figure_write_with_interval(j, x->kpi, &x->before.year_to_date, x->ask->provider.p != NULL);
    }
    json_end(j);
}

/* ---- the whole ---- */

static void write_links(struct json *j, const struct explained *x) {
    struct arena *a = x->ask->r->arena;
    char period[PERIOD_TEXT];
    str service = x->ask->service;
    period_format(x->period, period);
    json_key(j, "links");
    json_object_begin(j);
    json_field_str(j, "dashboard", arena_printf(a, "/v1/dashboards/%.*s/%s", STR_ARG(service), period));
    json_field_str(j, "history", arena_printf(a, "/v1/kpis/%.*s/%s", STR_ARG(service), x->kpi->ref));
    json_field_str(j, "rows",
                   arena_printf(a, "/v1/kpis/%.*s/%s/%s/rows", STR_ARG(service), x->kpi->ref, period));
    json_field_str(j, "plans",
                   arena_printf(a, "/v1/action-plans?service=%.*s&kpi=%s", STR_ARG(service), x->kpi->ref));
    json_field_str(j, "framework",
                   arena_printf(a, "/v1/frameworks/%s?version=%d", x->ask->view.framework->id,
                                x->ask->view.framework->version));
    json_end(j);
}

void explanation_write(struct buf *out, const struct explained *x) {
    char text[PERIOD_TEXT];
    const struct figure *f = &x->figures.year_to_date;
    bool rate = x->kpi->unit == KPI_PERCENT, own = x->ask->provider.p != NULL;
    struct buf sentence = BUF_EMPTY;
    struct json j = json_to(out);
    explanation_sentence(&sentence, x);
    json_object_begin(&j);
    json_field_str(&j, "service", x->ask->service);
    figures_ask_write_framework(&j, x->ask);
    json_field_cstr(&j, "period", period_format(x->period, text));
    figures_ask_write_as_at(&j, x->ask);
    kpi_write_name(&j, x->kpi);
    json_field_str(&j, "sentence", buf_str(&sentence));
    json_field_cstr(&j, "rag", rag_name(x->figures.rag));
    write_rule(&j, x);
    kpi_write_target(&j, &x->figures);
    write_limits(&j, x);
    write_number(&j, "numerator", f->has_numbers, f->numerator);
    write_number(&j, "denominator", f->has_numbers && rate, f->denominator);
    json_key(&j, "quarter");
    figure_write_with_interval(&j, x->kpi, &x->figures.quarter, own);
    json_key(&j, "yearToDate");
    figure_write_with_interval(&j, x->kpi, f, own);
    write_providers(&j, x);
    write_excluded(&j, x);
    write_smallest_change(&j, x);
    write_previous(&j, x);
    write_movement(&j, x);
    write_links(&j, x);
    json_end(&j);
    buf_free(&sentence);
}
