/* plan_judge: what a final period does to the action plans of its service (contract section 7). Pure: a decision for one KPI from its
 * headline and the plans as they stand; who carries it out, or only tells of it, is not known here. */
#ifndef QD_KPI_PLAN_JUDGE_H
#define QD_KPI_PLAN_JUDGE_H

#include "kpi/framework.h"
#include "kpi/plan.h"
#include "kpi/status.h"

/* What of a plan the decision looks at. */
struct judged_plan {
    str id, kpi;
    int16_t opened_for;
    enum plan_status status;
    int64_t opened_at;
    bool by_hand;
    int16_t seen_period; /* the latest final period that judged it; -1: none yet */
    enum rag seen_rag;   /* its headline then */
};

/* What judging may do: all of it for the period that was signed or became final; later final periods, whose figures a correction moves
 * too, only lose what is red no more. */
enum plan_judging { PLANS_JUDGE_ALL, PLANS_ONLY_RELIEVE };

enum plan_effect {
    PLAN_STAYS,
    PLAN_OPENS,
    PLAN_REOPENS,
    PLAN_CLOSES,
    PLAN_IS_WITHDRAWN,
    PLAN_PROPOSES_CLOSING, /* amber in a later final period: the commissioner decides */
    PLAN_IS_STILL_RED,     /* red in a later final period */
};
/* "OPENED", "REOPENED", "CLOSED", "WITHDRAWN", "CLOSING_PROPOSED", "STILL_RED"; NULL for PLAN_STAYS. */
const char *plan_effect_name(enum plan_effect e);
/* The status after it, given the one before. */
enum plan_status plan_effect_status(enum plan_effect e, enum plan_status before);
/* Not for PLAN_STAYS. */
enum plan_happening plan_effect_happening(enum plan_effect e);

/* rag: the KPI's headline in `period`. *out_plan: index of the plan that moves; untouched for PLAN_STAYS and PLAN_OPENS. */
enum plan_effect plan_judge(const struct judged_plan *plans, size_t count, const struct kpi *kpi,
                            enum rag rag, int16_t period, enum plan_judging how, size_t *out_plan);

/* Is a plan of that period open? Where none is, PLANS_ONLY_RELIEVE has nothing to do. */
bool plan_judge_concerns(const struct judged_plan *plans, size_t count, int16_t period);

#endif
