/* GET /v1/kpis/{service}/{ref}/{period}/explanation: why a KPI has its status, down to the versions and the reasons of what is left
 * out. Figures come from the same tallies as the dashboard, reasons from tables that are counted in one pass over a provider's rows and
 * kept beside them until its next version. */
#include "handlers/explanation.h"

#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/stamps.h"

struct ask {
    struct figures_ask q;
    str ref;
    struct explained out;
};

/* The figures of one provider by itself (index SIZE_MAX: of all that are asked for); kpi stays NULL where the period is not rated, or its
 * version does not have the KPI. A provider that the framework does not name counts, too. */
static void compute_part(const struct ask *ask, size_t index, int16_t period, struct kpi_figures *out) {
    struct figures_question q = figures_ask_question(&ask->q, period);
    const struct kpi *kpi = figures_same_kpi(&q, ask->out.kpi);
    struct kpi_figures *all = ARENA_ARRAY(ask->q.r->arena, struct kpi_figures, q.framework->kpi_count);
    *out = (struct kpi_figures){.kpi = NULL};
    if (!kpi || (ask->q.own && !q.view)) return;
    if (index != SIZE_MAX) {
        figures_question_narrow(&q, index, 1);
        q.view = q.providers->provider;
    }
    if (figures_compute(&q, all) == OK) *out = all[kpi - q.framework->kpis];
}

static bool feeds(const struct ask *ask, const struct held *h, int16_t first) {
    const struct kpi *k = ask->out.kpi;
    const struct element *n = &ask->q.view.framework->elements[k->numerator];
    if (k->part == PART_EPISODES && h->part == PART_FOLLOW_UPS) return true;
    if (h->part != k->part || h->period > ask->out.period) return false;
    return h->period >= first - walk_reach(ask->q.view.framework, n->cohort);
}

static void note_versions(struct ask *ask, const struct book *book, struct explained_provider *p) {
    int16_t first = period_of(period_year(ask->out.period), 1);
    p->versions = ARENA_ARRAY(ask->q.r->arena, struct explained_version, book->count);
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (feeds(ask, h, first))
            p->versions[p->version_count++] = (struct explained_version){h->part, h->period, h->version};
    }
}

/* What the walk cannot see: cells of a national return, which count without rows. */
static void add_national(const struct kpi_figures *f, const struct explanation *walked,
                         struct explanation *out) {
    const struct figure *year = &f->year_to_date;
    int64_t left = year->denominator - year->numerator - (walked->denominator - walked->numerator);
    if (f->kpi->unit == KPI_PERCENT && left > 0)
        out->denominator_only[REASON_PLAIN + REASON_NATIONAL] += left;
}

static enum err explain_provider(struct ask *ask, size_t index) {
    struct explained_provider *p = &ask->out.providers[index];
    const struct kpi *k = ask->out.kpi;
    const struct explain_table *why;
    struct arena a = ARENA_EMPTY;
    struct book book = {0}; /* without facts: which versions there are */
    enum err e = store_book_load(db_of(ask->q.r), ask->q.service, p->id, ask->q.known_at, 0, &a, &book);
    if (e == OK)
        e = tallies_why(ask->q.r, &ask->q.tallies, &ask->q.view, ask->out.period, index, ask->q.known_at,
                        k->part, &why);
    if (e == OK) {
        struct explanation one = {0};
        size_t kpi = (size_t)(k - ask->q.view.framework->kpis);
        int16_t from = period_of(period_year(ask->out.period), 1);
        if (why) explain_table_add(why, kpi, from, ask->out.period, &one);
        add_national(&p->figures, &one, &ask->out.rows);
        explanation_add(&ask->out.rows, &one);
        note_versions(ask, &book, p);
    }
    arena_free(&a);
    return e;
}

static enum err gather(struct ask *ask) {
    struct explained *x = &ask->out;
    const struct service_view *v = &ask->q.view;
    const struct provider_tally *tallies = tallies_of(&ask->q.tallies, x->period)->providers;
    x->provider_count = v->provider_count;
    x->providers = ARENA_ARRAY(ask->q.r->arena, struct explained_provider, v->provider_count);
    compute_part(ask, SIZE_MAX, (int16_t)(x->period - 1), &x->before);
    enum err e = OK;
    for (size_t i = 0; i < v->provider_count && e == OK; i++) {
        struct explained_provider *p = &x->providers[i];
        *p = (struct explained_provider){.id = v->providers[i].id};
        p->asked = !ask->q.own || ask->q.own == tallies[i].provider;
        if (!p->asked) continue;
        compute_part(ask, i, x->period, &p->figures);
        compute_part(ask, i, (int16_t)(x->period - 1), &p->before);
        e = explain_provider(ask, i);
    }
    return e;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    struct explained *x = &ask->out;
    struct kpi_figures *all;
    int16_t period = x->period;
    *x = (struct explained){.ask = &ask->q, .period = period};
    buf_clear(&ask->q.p->body);
    enum err e = figures_ask_load(&ask->q, period, fault);
    if (e == OK) e = figures_ask_kpi(&ask->q, ask->ref, fault, &x->kpi);
    if (e == OK) e = figures_ask_compute(&ask->q, period, fault, &all);
    if (e == OK) {
        x->figures = all[x->kpi - ask->q.view.framework->kpis];
        e = gather(ask);
    }
    if (e == OK) explanation_write(&ask->q.p->body, x);
    figures_ask_release(&ask->q);
    return e;
}

enum err handle_explanation(struct request *r, struct reply *p) {
    struct ask *ask = ARENA_NEW(r->arena, struct ask);
    *ask = (struct ask){.ref = request_param(r, "ref")};
    enum err e = target_period(r, &ask->out.period);
    if (e == OK) e = figures_ask_read(r, p, &ask->q);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = ask, .read_only = true}, &r->fault);
    if (e != OK) return e;
    answered_from(r, p, ask->q.known_at, &ask->q.view.service);
    reply_etag_of_body(p);
    return OK;
}
