#include "kpi/plan_judge.h"

static const struct {
    const char *name;
    enum plan_status status;
} EFFECTS[] = {
    [PLAN_OPENS] = {"OPENED", PLAN_REQUIRED},
    [PLAN_REOPENS] = {"REOPENED", PLAN_DRAFT},
    [PLAN_CLOSES] = {"CLOSED", PLAN_CLOSED},
    [PLAN_IS_WITHDRAWN] = {"WITHDRAWN", PLAN_WITHDRAWN},
};

const char *plan_effect_name(enum plan_effect e) {
    return EFFECTS[e].name;
}

enum plan_status plan_effect_status(enum plan_effect e) {
    return EFFECTS[e].status;
}

static const struct judged_plan *open_plan(const struct judged_plan *plans, size_t count, const char *ref) {
    for (size_t i = 0; i < count; i++)
        if (str_is(plans[i].kpi, ref) && plan_is_open(plans[i].status)) return &plans[i];
    return NULL;
}

/* The newest plan of the KPI that was closed, opened for this or an earlier quarter of the same year. */
static const struct judged_plan *closed_this_year(const struct judged_plan *plans, size_t count,
                                                  const char *ref, int16_t period) {
    const struct judged_plan *newest = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct judged_plan *p = &plans[i];
        if (!str_is(p->kpi, ref) || p->status != PLAN_CLOSED || p->opened_for > period ||
            period_year(p->opened_for) != period_year(period))
            continue;
        if (!newest || p->opened_at > newest->opened_at) newest = p;
    }
    return newest;
}

static enum plan_effect judge_red(const struct judged_plan *plans, size_t count, const char *ref,
                                  int16_t period, size_t *out_plan) {
    const struct judged_plan *closed = closed_this_year(plans, count, ref, period);
    if (!closed) return PLAN_OPENS;
    /* One of this very quarter the commissioner has closed while it was red: that was decided and stays. */
    if (closed->opened_for == period) return PLAN_STAYS;
    *out_plan = (size_t)(closed - plans);
    return PLAN_REOPENS;
}

enum plan_effect plan_judge(const struct judged_plan *plans, size_t count, const struct kpi *kpi,
                            enum rag rag, int16_t period, enum plan_judging how, size_t *out_plan) {
    const struct judged_plan *open = open_plan(plans, count, kpi->ref);
    if (rag == RAG_RED) {
        if (open || !kpi->raises_plan || how == PLANS_ONLY_RELIEVE) return PLAN_STAYS;
        return judge_red(plans, count, kpi->ref, period, out_plan);
    }
    if (!open) return PLAN_STAYS;
    bool removed = open->opened_for == period && !open->by_hand;
    bool recovered =
        how == PLANS_JUDGE_ALL && rag_rank(rag) >= rag_rank(RAG_GREEN) && open->opened_for < period;
    if (!removed && !recovered) return PLAN_STAYS;
    *out_plan = (size_t)(open - plans);
    return removed ? PLAN_IS_WITHDRAWN : PLAN_CLOSES;
}

bool plan_judge_concerns(const struct judged_plan *plans, size_t count, int16_t period) {
    for (size_t i = 0; i < count; i++)
        if (plans[i].opened_for == period && plan_is_open(plans[i].status)) return true;
    return false;
}
