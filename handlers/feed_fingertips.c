/* The feed kpi-results with ?format=fingertips: each KPI's quarter in the columns, and in the words, of Fingertips. */
#include "handlers/feed_kpis.h"
#include "kpi/wilson.h"

/* ---- words ---- */

static const char *trend_words(const struct kpi *k, enum trend t) {
    bool better = (t == TREND_INCREASING) == (k->direction == KPI_HIGHER);
    switch (t) {
    case TREND_INCREASING: return better ? "Increasing and getting better" : "Increasing and getting worse";
    case TREND_DECREASING: return better ? "Decreasing and getting better" : "Decreasing and getting worse";
    case TREND_NO_CHANGE: return "No significant change";
    default: return "Cannot be calculated";
    }
}

static const char *goal_words(enum rag rag) {
    static const char *const WORDS[] = {"Not compared", "Red", "Amber", "Green",
                                        "Green"}; /* Fingertips has no blue */
    return WORDS[rag_rank(rag)];
}

static str note_words(const struct kpi_table *t, const struct kpi_figures *f) {
    const char *why = kpi_no_value(&f->quarter);
    if (why && str_is(str_of(why), "NOT_SENT")) return STR("Not sent");
    if (why && str_is(str_of(why), "NOT_DUE")) return STR("Not due yet");
    if (why) return STR("Nothing to divide by");
    bool small = kpi_is_small(f->kpi, &f->quarter);
    if (!t->provisional && !f->partial && !small) return STR_NONE;
    return arena_printf(&t->ask->out.row, "%s%s%s", t->provisional ? "Provisional. " : "",
                        f->partial ? "Not every provider has sent. " : "", small ? "Small number. " : "");
}

/* ---- a row ---- */

/* Who and when; the area's parent is the service of a provider. */
static void put_who(struct kpi_table *t) {
    struct feed_out *o = &t->ask->out;
    const struct store_service *service = &t->ask->q.view.service;
    bool own = t->entity->is_provider;
    int year = period_year(t->period);
    if (feed_run_again(o, &t->who)) return;
    feed_run_begin(o, &t->who);
    feed_text(o, "Parent Code", own ? service->id : STR_NONE);
    feed_text(o, "Parent Name", own ? service->name : STR_NONE);
    feed_text(o, "Area Code", own ? t->entity->id : service->id);
    feed_text(o, "Area Name", own ? t->entity->name : service->name);
    feed_cstr(o, "Area Type", own ? "Provider" : "Service");
    feed_cstr(o, "Sex", "Persons");
    feed_cstr(o, "Age", "All ages");
    feed_text(o, "Category Type", STR_NONE);
    feed_text(o, "Category", STR_NONE);
    feed_text(o, "Time period",
              arena_printf(&o->row, "%d/%02d Q%d", year, (year + 1) % 100, period_quarter(t->period)));
    feed_run_end(o, &t->who);
}

void fingertips_row_write(struct kpi_table *t, size_t kpi) {
    struct feed_out *o = &t->ask->out;
    const struct kpi_figures *f = &t->figures[kpi];
    const struct kpi *k = f->kpi;
    int year = period_year(t->period), quarter = period_quarter(t->period);
    feed_cstr(o, "Indicator ID", k->ref);
    feed_cstr(o, "Indicator Name", k->title);
    put_who(t);
    kpi_put_value(o, "Value", k, &f->quarter);
    kpi_put_limits(o, "Lower CI 95.0 limit", "Upper CI 95.0 limit", k, &f->quarter, WILSON_95);
    kpi_put_limits(o, "Lower CI 99.8 limit", "Upper CI 99.8 limit", k, &f->quarter, WILSON_998);
    feed_int_if(o, "Count", f->quarter.has_numbers, f->quarter.numerator);
    feed_int_if(o, "Denominator", f->quarter.has_numbers && k->unit == KPI_PERCENT, f->quarter.denominator);
    feed_text(o, "Value note", str_trim(note_words(t, f)));
    feed_cstr(o, "Recent Trend", trend_words(k, kpi_trend(t, kpi)));
    feed_cstr(o, "Compared to England value or percentiles", "Not compared");
    feed_cstr(o, "Compared to Service value or percentiles", "Not compared");
    feed_int(o, "Time period Sortable", (int64_t)year * 10000 + quarter * 100);
    feed_text(o, "New data", STR_NONE);
    feed_cstr(o, "Compared to goal", goal_words(f->quarter.rag));
    feed_end_row(o);
}
