#include "kpi/plan_judge.h"

static const struct {
    const char *name;
    enum plan_status status; /* PLAN_STATUS_COUNT: as before */
    enum plan_happening happening;
} EFFECTS[] = {
    [PLAN_OPENS] = {"OPENED", PLAN_REQUIRED, PLAN_WAS_OPENED},
    [PLAN_REOPENS] = {"REOPENED", PLAN_DRAFT, PLAN_WAS_REOPENED},
    [PLAN_CLOSES] = {"CLOSED", PLAN_CLOSED, PLAN_WAS_CLOSED},
    [PLAN_IS_WITHDRAWN] = {"WITHDRAWN", PLAN_WITHDRAWN, PLAN_WAS_WITHDRAWN},
    [PLAN_PROPOSES_CLOSING] = {"CLOSING_PROPOSED", PLAN_STATUS_COUNT, PLAN_CLOSING_WAS_PROPOSED},
    [PLAN_IS_STILL_RED] = {"STILL_RED", PLAN_STATUS_COUNT, PLAN_WAS_STILL_RED},
};

const char *plan_effect_name(enum plan_effect e) {
    return EFFECTS[e].name;
}

enum plan_status plan_effect_status(enum plan_effect e, enum plan_status before) {
    return e == PLAN_STAYS || EFFECTS[e].status == PLAN_STATUS_COUNT ? before : EFFECTS[e].status;
}

enum plan_happening plan_effect_happening(enum plan_effect e) {
    return EFFECTS[e].happening;
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

/* What a later final period says of a plan that is open. An earlier one that is signed again says nothing new, nor does the same
 * headline of the same period. */
static enum plan_effect judge_later(const struct judged_plan *open, enum rag rag, int16_t period) {
    if (open->opened_for >= period || open->seen_period > period) return PLAN_STAYS;
    if (rag_rank(rag) >= rag_rank(RAG_GREEN)) return PLAN_CLOSES;
    if (open->seen_period == period && open->seen_rag == rag) return PLAN_STAYS;
    if (rag == RAG_RED) return PLAN_IS_STILL_RED;
    return rag == RAG_AMBER ? PLAN_PROPOSES_CLOSING : PLAN_STAYS;
}

enum plan_effect plan_judge(const struct judged_plan *plans, size_t count, const struct kpi *kpi,
                            enum rag rag, int16_t period, enum plan_judging how, size_t *out_plan) {
    const struct judged_plan *open = open_plan(plans, count, kpi->ref);
    if (!open) {
        if (rag != RAG_RED || !kpi->raises_plan || how == PLANS_ONLY_RELIEVE) return PLAN_STAYS;
        return judge_red(plans, count, kpi->ref, period, out_plan);
    }
    enum plan_effect effect = PLAN_STAYS;
    if (rag != RAG_RED && open->opened_for == period && !open->by_hand) effect = PLAN_IS_WITHDRAWN;
    else if (how == PLANS_JUDGE_ALL) effect = judge_later(open, rag, period);
    if (effect != PLAN_STAYS) *out_plan = (size_t)(open - plans);
    return effect;
}

bool plan_judge_concerns(const struct judged_plan *plans, size_t count, int16_t period) {
    for (size_t i = 0; i < count; i++)
        if (plans[i].opened_for == period && plan_is_open(plans[i].status)) return true;
    return false;
}
