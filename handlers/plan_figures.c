#include "handlers/plan_figures.h"

#include "handlers/dashboard_write.h"
#include "handlers/tallies.h"
#include "kpi/plan_verdict.h"

enum { QUARTERS_MAX = 24 }; /* six years of quarters are enough for a chart */

/* By the KPIs of the version that rates the quarter. */
static enum err compute(struct request *r, const struct service_tallies *t, int16_t period,
                        const struct framework_provider *view, struct figures_question *q,
                        struct kpi_figures **out) {
    *q = tallies_question(t, period);
    q->view = view;
    *out = ARENA_ARRAY(r->arena, struct kpi_figures, q->framework->kpi_count);
    return figures_compute(q, *out);
}

static enum err load(struct request *r, const struct service_view *v, struct quarters of,
                     struct service_tallies *out) {
    return tallies_load(r, v, of, app_today(app_of(r)), INSTANT_NONE, 0, out);
}

enum err plan_service_figures(struct request *r, const struct service_view *v, int16_t period,
                              const struct framework_provider *view, struct kpi_figures **out) {
    struct service_tallies tallies;
    struct figures_question q;
    enum err e = load(r, v, (struct quarters){period, period}, &tallies);
    if (e != OK) return e;
    e = compute(r, &tallies, period, view, &q, out);
    tallies_release(r, &tallies);
    return e;
}

/* ---- JSON ---- */

/* What is frozen: of which quarter, and the instant at which it was known. */
struct moment {
    int16_t period;
    int64_t at;
};

static void write_head(struct json *j, struct request *r, const struct service_view *v, int16_t period) {
    char text[PERIOD_TEXT], day[DAY_TEXT];
    const struct framework *f = service_view_framework(v, period);
    json_key(j, "framework");
    json_object_begin(j);
    json_field_cstr(j, "id", f->id);
    json_field_int(j, "version", f->version);
    json_end(j);
    json_field_cstr(j, "period", period_format(period, text));
    json_field_cstr(j, "asAt", day_format(app_today(app_of(r)), day));
}

static void write_target(struct json *j, const struct kpi_figures *f) {
    struct buf number = BUF_EMPTY;
    json_key(j, "target");
    json_object_begin(j);
    if (f->year->has_target) buf_add_decimal(&number, f->year->annual);
    else buf_add_cstr(&number, "null");
    json_field_raw(j, "annual", buf_str(&number));
    buf_clear(&number);
    if (f->year_to_date.has_target) buf_add_fraction(&number, f->year_to_date.goal.target);
    else buf_add_cstr(&number, "null");
    json_field_raw(j, "toDate", buf_str(&number));
    buf_free(&number);
    json_end(j);
}

/* The link leads to the explanation of these figures, not of those that a correction makes of them later. */
static void write_figures(struct json *j, struct request *r, const struct service_view *v,
                          const struct kpi_figures *f, struct moment m) {
    char text[PERIOD_TEXT], day[DAY_TEXT], instant[INSTANT_TEXT];
    json_field_cstr(j, "rag", rag_name(f->rag));
    write_target(j, f);
    json_key(j, "quarter");
    figure_write(j, f->kpi, &f->quarter);
    json_key(j, "yearToDate");
    figure_write(j, f->kpi, &f->year_to_date);
    json_field_str(j, "explanation",
                   arena_printf(r->arena, "/v1/kpis/%.*s/%s/%s/explanation?asAt=%s&knownAt=%s",
                                STR_ARG(v->service.id), f->kpi->ref, period_format(m.period, text),
                                day_format(app_today(app_of(r)), day), instant_format(m.at, instant)));
}

static str kept(struct request *r, struct buf *b) {
    str body = arena_str(r->arena, buf_str(b));
    buf_free(b);
    return body;
}

str plan_figures_at_opening(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                            int16_t period, int64_t at) {
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    write_head(&j, r, v, period);
    write_figures(&j, r, v, f, (struct moment){period, at});
    json_end(&j);
    return kept(r, &b);
}

str plan_figures_of_theme(struct request *r, const struct service_view *v,
                          const struct kpi_figures *const *list, size_t count, int16_t period, int64_t at) {
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    write_head(&j, r, v, period);
    json_key(&j, "kpis");
    json_array_begin(&j);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(&j);
        json_field_cstr(&j, "ref", list[i]->kpi->ref);
        write_figures(&j, r, v, list[i], (struct moment){period, at});
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return kept(r, &b);
}

/* ---- evidence ---- */

/* Quarters whose version does not have the KPI are passed over. */
static enum err verdict_of(struct request *r, const struct service_view *v, const struct kpi *kpi,
                           int16_t period, bool *out_drawn, struct plan_verdict *out) {
    int16_t first, last;
    struct service_tallies tallies;
    struct kpi_figures of_kpi[QUARTERS_MAX];
    size_t count = 0;
    frameworks_quarters(&v->in_force, &first, &last);
    if (period - first >= QUARTERS_MAX) first = (int16_t)(period - QUARTERS_MAX + 1);
    enum err e = load(r, v, (struct quarters){first, period}, &tallies);
    if (e != OK) return e;
    for (int16_t p = first; p <= period; p++) {
        struct figures_question q;
        struct kpi_figures *all;
        if (compute(r, &tallies, p, NULL, &q, &all) != OK) continue;
        const struct kpi *same = figures_same_kpi(&q, kpi);
        if (same) of_kpi[count++] = all[same - q.framework->kpis];
    }
    tallies_release(r, &tallies);
    *out_drawn = plan_verdict_of(kpi, of_kpi, count, out);
    return OK;
}

static void write_verdict(struct json *j, bool drawn, const struct plan_verdict *verdict) {
    json_key(j, "spc");
    if (!drawn) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    json_field_int(j, "points", (int64_t)verdict->points);
    json_field_bool(j, "trialLimits", verdict->trial);
    json_field_cstr(j, "variation", spc_signal_name(verdict->variation));
    json_field_cstr(j, "assurance", spc_assurance_name(verdict->assurance));
    json_end(j);
}

enum err plan_evidence(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                       int16_t period, int64_t at, int red_before, str *out) {
    struct plan_verdict verdict;
    bool drawn;
    enum err e = verdict_of(r, v, f->kpi, period, &drawn, &verdict);
    if (e != OK) return e;
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    write_head(&j, r, v, period);
    write_figures(&j, r, v, f, (struct moment){period, at});
    json_field_int(&j, "redBefore", red_before);
    json_field_int(&j, "redRunning", f->rag == RAG_RED ? red_before + 1 : 0);
    write_verdict(&j, drawn, &verdict);
    json_end(&j);
    *out = kept(r, &b);
    return OK;
}
