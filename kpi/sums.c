/* sums: see sums.h. */
#include "kpi/sums.h"

bool is_in_view(const struct figures_question *q, const struct provider_tally *p) {
    return !q->view || p->provider == q->view;
}

struct span span_quarter(int16_t period) {
    return (struct span){period, period, false};
}

struct span span_year_to_date(int16_t period) {
    return (struct span){period_of(period_year(period), 1), period, true};
}

/* ---- other questions ---- */

void figures_question_narrow(struct figures_question *q, size_t from, size_t count) {
    q->providers += from;
    q->offset += from;
    q->provider_count = count;
}

bool figures_question_of(const struct figures_question *q, int16_t period, struct figures_question *out) {
    *out = *q;
    out->period = period;
    if (q->rating_count) {
        size_t i = q->rating_count;
        while (i > 0 && q->ratings[i - 1].from > period)
            i--;
        if (i == 0) return false;
        out->framework = q->ratings[i - 1].framework;
        out->providers = q->ratings[i - 1].providers + q->offset;
        if (q->view) out->view = framework_provider_find(out->framework, str_of(q->view->id));
        if (q->view && !out->view) return false;
    }
    return true;
}

const struct kpi *figures_same_kpi(const struct figures_question *q, const struct kpi *k) {
    const struct kpi *same = framework_kpi(q->framework, str_of(k->ref));
    return same && same->unit == k->unit ? same : NULL;
}

/* ---- sums over providers ---- */

/* What lies outside of the tally counts nothing. */
static int64_t tally_span(const struct tally *t, int element, struct span s) {
    int from = s.from > t->first ? s.from : t->first, to = s.to < t->last ? s.to : t->last;
    if (from > to) return 0;
    const int64_t *at = t->counts + (size_t)(from - t->first) * t->element_count + (size_t)element;
    int64_t n = 0;
    for (int p = from; p <= to; p++, at += t->element_count)
        n += *at;
    return n;
}

int64_t sum_element(const struct figures_question *q, int element, struct span s) {
    int64_t n = 0;
    for (size_t i = 0; i < q->provider_count && element >= 0; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (p->tally && is_in_view(q, p)) n += tally_span(p->tally, element, s);
    }
    return n;
}

int64_t sum_all(const struct figures_question *q, struct counted c, struct span s) {
    return sum_element(q, c.records, s) + sum_element(q, c.national, s);
}

int64_t sum_of_service(const struct figures_question *q, struct counted c, struct span s) {
    struct figures_question all = *q;
    all.view = NULL;
    return sum_all(&all, c, s);
}

int64_t sum_distinct(const struct figures_question *q, int distinct, struct span s) {
    int64_t n = 0;
    for (size_t i = 0; i < q->provider_count; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (p->tally && is_in_view(q, p)) n += tally_distinct(p->tally, s.to, distinct, s.year_to_date);
    }
    return n;
}

bool tells_national(const struct figures_question *q, const struct kpi *k) {
    return k->national.numerator >= 0 && !q->by_authority;
}

bool has_told(const struct figures_question *q, const struct tally *t, const struct kpi *k, int16_t p) {
    return tally_sent(t, p, k->part) || (tells_national(q, k) && tally_sent(t, p, PART_NATIONAL));
}

/* Late measures ask for any period at all, since their cohorts come from earlier ones. */
static bool has_sent(const struct figures_question *q, const struct tally *t, const struct kpi *k,
                     struct span s) {
    if (k->late) return t->sent_ever >> k->part & 1u;
    for (int16_t p = s.from; p <= s.to; p++) {
        if (has_told(q, t, k, p)) return true;
    }
    return false;
}

bool was_sent(const struct figures_question *q, const struct kpi *k, struct span s) {
    if (q->by_authority && !k->has_authority) return false;
    for (size_t i = 0; i < q->provider_count; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (p->tally && is_in_view(q, p) && has_sent(q, p->tally, k, s)) return true;
    }
    return false;
}

struct coverage coverage_of(const struct figures_question *q, const struct kpi *k, int16_t period) {
    struct coverage c = {0, 0};
    for (size_t i = 0; i < q->provider_count; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (!is_in_view(q, p) || !p->provider || !framework_expects_for(p->provider, k, period)) continue;
        c.expected++;
        c.reported += p->tally && has_told(q, p->tally, k, period);
    }
    return c;
}
