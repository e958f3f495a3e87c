/* See dashboard_write.h. One function per object of the answer, in the order of the answer. */
#include "handlers/dashboard_write.h"

/* ---- one KPI ---- */

void kpi_write_name(struct json *j, const struct kpi *k) {
    json_field_cstr(j, "ref", k->ref);
    json_field_cstr(j, "section", k->section);
    json_field_cstr(j, "title", k->title);
    json_field_cstr(j, "unit", k->unit == KPI_COUNT ? "COUNT" : "PERCENT");
    json_field_cstr(j, "direction", k->direction == KPI_HIGHER ? "HIGHER" : "LOWER");
}

static void day_field(struct json *j, const char *key, int32_t day) {
    char text[DAY_TEXT];
    json_field_cstr(j, key, day_format(day, text));
}

static void cohort_write(struct json *j, const struct kpi_figures *f) {
    json_key(j, "cohort");
    json_object_begin(j);
    day_field(j, "from", f->cohort_from);
    day_field(j, "to", f->cohort_to);
    json_end(j);
}

static void optional_int(struct json *j, const char *key, bool given, int64_t v) {
    if (given) json_field_int(j, key, v);
    else json_field_null(j, key);
}

/* The members of a figure, without the braces. */
static void figure_members(struct json *j, const struct kpi *kpi, const struct figure *f) {
    bool rate = kpi->unit == KPI_PERCENT;
    optional_int(j, "numerator", f->has_numbers, f->numerator);
    optional_int(j, "denominator", f->has_numbers && rate, f->denominator);
    json_key(j, "value");
    if (!f->has_value) json_put_null(j);
    else if (rate) percent_write(j, f->numerator, f->denominator);
    else json_int(j, f->numerator);
    json_field_cstr(j, "rag", rag_name(f->rag));
    if (f->goal.minimum.den || f->goal.stretch.den)
        json_field_cstr(j, "reached", reached_name(goal_reached(kpi, &f->goal, figure_value(kpi, f))));
}

/* What only some KPIs have: clients (1.1 to 1.3), unknown (4.x), share (a provider's own counts). */
static void figure_extras(struct json *j, const struct kpi *kpi, const struct figure *f, bool own_view) {
    if (kpi->distinct >= 0) optional_int(j, "distinctClients", f->has_distinct, f->distinct_clients);
    if (kpi->unknown >= 0) {
        optional_int(j, "unknown", f->has_unknown, f->unknown);
        json_key(j, "valueAmongKnown");
        percent_write(j, f->numerator, f->has_unknown ? f->denominator - f->unknown : 0);
    }
    if (own_view && kpi->unit == KPI_COUNT) {
        json_key(j, "share");
        percent_write(j, f->numerator, f->has_share ? f->service_numerator : 0);
    }
}

void figure_write(struct json *j, const struct kpi *kpi, const struct figure *f) {
    json_object_begin(j);
    figure_members(j, kpi, f);
    figure_extras(j, kpi, f, f->has_share);
    json_end(j);
}

static void interval_write(struct json *j, const struct kpi *kpi, const struct figure *f) {
    interval_field(j, f->has_value && kpi->unit == KPI_PERCENT, f->numerator, f->denominator);
}

void figure_write_with_interval(struct json *j, const struct kpi *kpi, const struct figure *f,
                                bool own_view) {
    json_object_begin(j);
    figure_members(j, kpi, f);
    interval_write(j, kpi, f);
    figure_extras(j, kpi, f, own_view);
    json_end(j);
}

static void views_write(struct json *j, const struct kpi_figures *f, bool own_view) {
    json_key(j, "quarter");
    json_object_begin(j);
    figure_members(j, f->kpi, &f->quarter);
    figure_extras(j, f->kpi, &f->quarter, own_view);
    json_end(j);
    json_key(j, "yearToDate");
    figure_write_with_interval(j, f->kpi, &f->year_to_date, own_view);
}

static void coverage_write(struct json *j, const struct kpi_figures *f) {
    json_key(j, "coverage");
    json_object_begin(j);
    json_field_int(j, "expected", f->coverage_expected);
    json_field_int(j, "reported", f->coverage_reported);
    json_end(j);
    json_field_bool(j, "partial", f->partial);
}

static void previous_write(struct json *j, const struct kpi_figures *f) {
    char text[PERIOD_TEXT];
    json_key(j, "previous");
    if (!f->has_previous) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    json_field_cstr(j, "period", period_format(f->previous_period, text));
    json_field_cstr(j, "rag", rag_name(f->previous_rag));
    json_end(j);
}

static void forecast_write(struct json *j, const struct kpi_figures *f) {
    json_key(j, "forecast");
    if (f->has_forecast) decimal_write(j, (struct decimal){fraction_round(f->forecast, 2), 2});
    else json_put_null(j);
}

const struct store_plan_mark *plan_mark_find(const struct store_plan_mark *plans, size_t count,
                                             const struct kpi *k, int16_t period) {
    for (size_t i = 0; i < count; i++) {
        const struct store_plan_mark *m = &plans[i];
        if (!str_is(m->kpi, k->ref) || m->opened_for > period) continue;
        if (m->opened_for == period || plan_is_open(m->status)) return m;
    }
    return NULL;
}

static void plan_mark_write(struct json *j, const struct dashboard_head *h, const struct kpi *k) {
    char text[PERIOD_TEXT];
    const struct store_plan_mark *m = plan_mark_find(h->plans, h->plan_count, k, h->period);
    json_key(j, "actionPlan");
    if (!m) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    json_field_str(j, "id", m->id);
    json_field_cstr(j, "openedFor", period_format(m->opened_for, text));
    json_field_cstr(j, "status", plan_status_name(m->status));
    day_field(j, "dueDate", m->due_day);
    json_field_bool(j, "overdue", plan_is_overdue(m->status, m->due_day, h->as_at));
    struct plan_clock clock = store_plan_mark_clock(m);
    int32_t since;
    json_field_bool(j, "escalated", plan_cause_of(&clock, h->as_at, &since) != PLAN_NO_CAUSE);
    json_end(j);
}

static void kpi_write(struct json *j, const struct dashboard_head *h, const struct kpi_figures *f,
                      bool own_view) {
    const struct kpi *k = f->kpi;
    json_object_begin(j);
    kpi_write_name(j, k);
    kpi_write_target(j, f);
    cohort_write(j, f);
    views_write(j, f, own_view);
    json_field_cstr(j, "rag", rag_name(f->rag));
    coverage_write(j, f);
    previous_write(j, f);
    forecast_write(j, f);
    if (k->earns) json_field_cstr(j, "earned", earned_name(f->earned));
    json_field_bool(j, "raisesPlan", k->raises_plan);
    plan_mark_write(j, h, k);
    json_end(j);
}

/* ---- the head ---- */

static bool is_asked(const struct dashboard_head *h, const struct framework_provider *p) {
    return p && (!h->provider.p || str_is(h->provider, p->id));
}

static bool has_signed(const struct dashboard_head *h, const struct framework_provider *p) {
    for (size_t i = 0; i < h->signed_count; i++)
        if (str_is(h->signed_off[i], p->id)) return true;
    return false;
}

static void returns_write(struct json *j, const struct dashboard_head *h) {
    int expected = 0, submitted = 0;
    for (size_t i = 0; i < h->provider_count; i++) {
        const struct framework_provider *p = h->providers[i].provider;
        if (!is_asked(h, p) || !framework_expects_any(p, h->period)) continue;
        expected++;
        submitted += has_signed(h, p);
    }
    json_key(j, "returns");
    json_object_begin(j);
    json_field_int(j, "expected", expected);
    json_field_int(j, "submitted", submitted);
    json_key(j, "missing");
    json_array_begin(j);
    for (size_t i = 0; i < h->provider_count; i++) {
        const struct framework_provider *p = h->providers[i].provider;
        if (is_asked(h, p) && framework_expects_any(p, h->period) && !has_signed(h, p)) json_cstr(j, p->id);
    }
    json_end(j);
    json_end(j);
}

/* Of the period itself: what waits in an earlier quarter makes that one provisional. */
static bool all_due(const struct kpi_figures *figures, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!figures[i].quarter_due) return false;
    }
    return true;
}

static void authority_write(struct json *j, uint32_t authority) {
    struct buf code = BUF_EMPTY;
    buf_printf(&code, "E%08u", (unsigned)authority);
    json_field_str(j, "localAuthority", buf_str(&code));
    buf_free(&code);
}

static void head_write(struct json *j, const struct dashboard_head *h, bool provisional) {
    char period[PERIOD_TEXT], instant[INSTANT_TEXT];
    json_field_str(j, "service", h->service);
    json_key(j, "framework");
    json_object_begin(j);
    json_field_cstr(j, "id", h->framework->id);
    json_field_int(j, "version", h->framework->version);
    json_end(j);
    json_field_cstr(j, "period", period_format(h->period, period));
    if (h->provider.p) json_field_str(j, "provider", h->provider);
    if (h->authority) authority_write(j, h->authority);
    day_field(j, "asAt", h->as_at);
    if (h->known_at == INSTANT_NONE) json_field_null(j, "knownAt");
    else json_field_cstr(j, "knownAt", instant_format(h->known_at, instant));
    json_field_bool(j, "provisional", provisional);
    returns_write(j, h);
}

static void summary_write(struct json *j, const struct kpi_figures *figures, size_t count) {
    int of[RAG_COUNT];
    figures_summarise(figures, count, of);
    json_key(j, "summary");
    json_object_begin(j);
    for (unsigned r = RAG_NONE + 1; r < RAG_COUNT; r++)
        if (r != RAG_BLUE || figures_have_blue(figures, count))
            json_field_int(j, rag_name((enum rag)r), of[r]);
    json_end(j);
}

void dashboard_write(struct buf *out, const struct dashboard_head *head, const struct kpi_figures *figures,
                     size_t count) {
    enum { HEAD_BYTES = 1024, KPI_BYTES = 800 }; /* about */
    struct json j = json_to(out);
    buf_reserve(out, HEAD_BYTES + count * KPI_BYTES);
    json_object_begin(&j);
    head_write(&j, head, !head->final || !all_due(figures, count));
    summary_write(&j, figures, count);
    json_key(&j, "kpis");
    json_array_begin(&j);
    for (size_t i = 0; i < count; i++)
        kpi_write(&j, head, &figures[i], head->provider.p != NULL);
    json_end(&j);
    json_end(&j);
}
