/* store_plans: action plans, their steps and their progress updates. */
#ifndef QD_DB_STORE_PLANS_H
#define QD_DB_STORE_PLANS_H

#include "db/store.h"
#include "kpi/plan.h"
#include "kpi/status.h"

/* What the latest final period that judged a plan found. */
struct store_plan_seen {
    int16_t period; /* -1: none has yet */
    enum rag rag;
    int red_running; /* final periods red without a break, this one and that of opening among them */
    int32_t day;     /* on which it was judged */
};

struct store_plan {
    str id, kpi; /* kpi: several, joined by ';', of a theme */
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
    int32_t opened_day;
    enum rag opened_rag; /* its KPI's headline then; RAG_NONE of a theme */
    str evidence;        /* JSON of what was seen; STR_NONE: nothing yet */
    struct store_plan_seen seen;
    int red_before; /* final periods red without a break before the one that was seen */
    str escalation; /* JSON of the highest level reached; STR_NONE: none */
    int level;
};
/* What the calendar looks at. */
struct plan_clock store_plan_clock(const struct store_plan *p);
bool store_plan_is_theme(const struct store_plan *p);
/* Is it of this KPI? A theme is of each of its own. */
bool store_plan_is_of(const struct store_plan *p, str kpi);
bool store_plan_is_attributed(const struct store_plan *p, str provider);

/* Newest first. id STR_NONE: all of the service. known_at other than INSTANT_NONE: the plans opened by then, as they stood; a lead that was
 * changed later only is STR_NONE: that of the framework in force when the plan was opened. */
enum err store_plans_list(struct db *db, str service, str id, int64_t known_at, struct arena *a,
                          struct store_plan **out, size_t *out_count);
enum err store_plan_get(struct db *db, str service, str id, struct arena *a,
                        struct store_plan *out); /* ERR_NOT_FOUND */
/* TX, after store_service_lock(). Keeps a snapshot as at today. Sets p->id (in a), p->version, p->status. ERR_CONFLICT when the KPI has an open plan already. */
enum err store_plan_open(struct db *db, str service, struct store_plan *p, struct arena *a, int32_t today,
                         str key_id, str comment);

/* How a plan came to its new state. */
struct store_plan_cause {
    enum plan_happening happening;
    enum plan_status before;
    str changed; /* JSON object: the fields that changed, as they are since */
    str key_id, comment;
    int64_t at;
};
/* TX. `p` is the new state, of the version that was read (p->version); ERR_STALE when another change came first. Sets p->version. */
enum err store_plan_change(struct db *db, str service, struct store_plan *p,
                           const struct store_plan_cause *cause);

/* What a dashboard says of a plan, as it stood at an instant; newest quarter first. */
struct store_plan_mark {
    str id, kpi;
    int16_t opened_for;
    enum plan_status status;
    int32_t due_day;
    int16_t when;
    int64_t opened_at;
    bool by_hand;
    struct store_plan_seen seen;
};
struct plan_clock store_plan_mark_clock(const struct store_plan_mark *m);
void store_plan_marks_ahead(struct db *db, str service, int64_t known_at); /* as store_providers_ahead() */
enum err store_plan_marks(struct db *db, str service, int64_t known_at, struct arena *a,
                          struct store_plan_mark **out, size_t *out_count);

/* TX. Is the calendar's daily work ours until the end of the transaction? *out false: another instance is at it. */
enum err store_calendar_lock(struct db *db, bool *out);

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
/* TX, before the store_plan_change() that tells of it. month: YYYY-MM. ERR_NOT_FOUND. */
enum err store_plan_note_put(struct db *db, str service, str id, const struct store_plan_note *n);

struct store_plan_action {
    int32_t number; /* from 1 */
    str what, who;
    int32_t by, done; /* done DAY_NONE: not yet */
};
enum err store_plan_actions(struct db *db, str service, str id, struct arena *a,
                            struct store_plan_action **out, size_t *out_count);
/* TX, before the store_plan_change() that tells of it: makes the action, or changes the one of that number. */
enum err store_plan_action_put(struct db *db, str service, str id, const struct store_plan_action *action);

#endif
