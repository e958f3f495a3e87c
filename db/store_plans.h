/* store_plans: action plans, their steps and their progress updates. */
#ifndef QD_DB_STORE_PLANS_H
#define QD_DB_STORE_PLANS_H

#include "db/store.h"
#include "kpi/plan.h"

struct store_plan {
    str id, kpi;
    bool by_hand;
    int16_t opened_for;
    enum plan_status status;
    int32_t version;
    int64_t opened_at;
    int32_t due_day;
    str attributed_to; /* provider ids joined by ';' */
    str title, strategic_lead, departmental_lead, target, performance;
    str reason, what, how, who;
    int16_t when; /* -1: not said yet */
    str figures;  /* JSON */
};
bool store_plan_is_attributed(const struct store_plan *p, str provider);

/* Newest first. id STR_NONE: all of the service. known_at other than INSTANT_NONE: the plans opened by then, as they stood; a lead that was
 * changed later only is STR_NONE: that of the framework in force when the plan was opened. */
enum err store_plans_list(struct db *db, str service, str id, int64_t known_at, struct arena *a,
                          struct store_plan **out, size_t *out_count);
enum err store_plan_get(struct db *db, str service, str id, struct arena *a,
                        struct store_plan *out); /* ERR_NOT_FOUND */
/* TX, after store_service_lock(). Sets p->id (in a), p->version, p->status. ERR_CONFLICT when the KPI has an open plan already. */
enum err store_plan_open(struct db *db, str service, struct store_plan *p, struct arena *a, str key_id,
                         str comment);
/* TX. `p` is the new state, of the version that was read (p->version); ERR_STALE when another change came first. Sets p->version. */
enum err store_plan_change(struct db *db, str service, struct store_plan *p, enum plan_status before,
                           str changed, str key_id, str comment, int64_t at);

/* What a dashboard says of a plan, as it stood at an instant; newest quarter first. */
struct store_plan_mark {
    str id, kpi;
    int16_t opened_for;
    enum plan_status status;
    int32_t due_day;
    int16_t when;
    int64_t opened_at;
    bool by_hand;
};
enum err store_plan_marks(struct db *db, str service, int64_t known_at, struct arena *a,
                          struct store_plan_mark **out, size_t *out_count);

struct store_plan_step {
    int32_t version;
    int64_t at;
    str key_id, from, to, changed, comment;
};
enum err store_plan_steps(struct db *db, str service, str id, struct arena *a, struct store_plan_step **out,
                          size_t *out_count);

/* What the first judging that covered a version did to plans. */
struct store_plan_judging {
    int64_t at; /* INSTANT_NONE: there was none yet */
    struct store_judged_step {
        str plan, kpi, from, to, comment;
        int16_t opened_for;
    } * steps;
    size_t count;
};
/* seq: of the version. Covered: the period became final after it, or the return of a final period was signed again after it. */
enum err store_plan_judging_after(struct db *db, str service, str provider, int16_t period, int64_t seq,
                                  struct arena *a, struct store_plan_judging *out);

struct store_plan_note {
    int64_t at;
    str key_id, month, text;
};
enum err store_plan_notes(struct db *db, str service, str id, struct arena *a, struct store_plan_note **out,
                          size_t *out_count);
/* TX. month: YYYY-MM. ERR_NOT_FOUND. */
enum err store_plan_note_put(struct db *db, str service, str id, const struct store_plan_note *n);

#endif
