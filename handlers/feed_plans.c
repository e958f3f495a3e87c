/* The feed action-plans: one row a plan, newest first, in the words of the form. */
#include "db/store_plans.h"
#include "handlers/feed.h"

static void put_words(struct feed_out *o, const char *column, str words) {
    feed_text(o, column, words.n ? words : STR_NONE);
}

static void write_row(struct feed_ask *ask, const struct store_plan *p) {
    struct feed_out *o = &ask->out;
    int32_t today = ask->q.as_at;
    char text[PERIOD_TEXT];
    feed_text(o, "service", ask->q.service);
    feed_text(o, "id", p->id);
    feed_text(o, "kpiRef", p->kpi);
    feed_period(o, p->opened_for);
    feed_cstr(o, "origin", p->by_hand ? "HAND" : "RED");
    feed_cstr(o, "status", plan_status_name(p->status));
    feed_int(o, "version", p->version);
    feed_instant(o, "openedAt", p->opened_at);
    feed_day(o, "dueDate", p->due_day);
    feed_flag(o, "overdue", plan_is_overdue(p->status, p->due_day, today));
    struct plan_clock clock = store_plan_clock(p);
    int32_t since;
    feed_flag(o, "escalated", plan_cause_of(&clock, today, &since) != PLAN_NO_CAUSE);
    feed_text(o, "attributedTo", p->attributed_to);
    feed_text(o, "indicatorTitle", p->title);
    put_words(o, "strategicDirectorLead", p->strategic_lead);
    put_words(o, "departmentalLead", p->departmental_lead);
    put_words(o, "target", p->target);
    feed_text(o, "performanceThisPeriod", p->performance);
    put_words(o, "nonComplianceReason", p->reason);
    put_words(o, "what", p->what);
    put_words(o, "how", p->how);
    put_words(o, "who", p->who);
    feed_cstr(o, "when", p->when >= 0 ? period_format(p->when, text) : NULL);
    feed_int(o, "level", p->level);
    feed_cstr(o, "latestPeriod", p->seen.period >= 0 ? period_format(p->seen.period, text) : NULL);
    feed_cstr(o, "latestRag", p->seen.period >= 0 ? rag_name(p->seen.rag) : NULL);
    feed_end_row(o);
}

/* Who led before the first change of a lead, where that came after the instant asked about. */
static enum err find_leads(struct feed_ask *ask, struct store_plan *p, struct fault *fault) {
    struct service_view then;
    if (p->strategic_lead.p && p->departmental_lead.p) return OK;
    enum err e = service_view_load(ask->q.r, ask->q.service, p->opened_at, p->opened_for, &then, fault);
    const struct kpi *k = e == OK ? framework_kpi(then.framework, p->kpi) : NULL;
    if (k && !p->strategic_lead.p && k->strategic_lead) p->strategic_lead = str_of(k->strategic_lead);
    if (k && !p->departmental_lead.p && k->departmental_lead)
        p->departmental_lead = str_of(k->departmental_lead);
    return e;
}

enum err feed_write_action_plans(struct feed_ask *ask, struct fault *fault) {
    struct store_plan *plans;
    size_t count;
    struct request *r = ask->q.r;
    enum err e = service_view_load(r, ask->q.service, ask->q.known_at, period_of_day(ask->q.as_at),
                                   &ask->q.view, fault);
    if (e == OK)
        e = store_plans_list(db_of(r), ask->q.service, STR_NONE, ask->q.known_at, r->arena, &plans, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (plans[i].opened_for < ask->from || plans[i].opened_for > ask->to) continue;
        e = find_leads(ask, &plans[i], fault);
        if (e == OK) write_row(ask, &plans[i]);
    }
    return e;
}
