/* plan_write: an action plan as JSON and as a line of CSV, in the words of the form (seed 003). */
#ifndef QD_HANDLERS_PLAN_WRITE_H
#define QD_HANDLERS_PLAN_WRITE_H

#include "base/json.h"
#include "db/store_plans.h"

/* Without steps and notes (lists): give counts 0 and whole false. */
struct plan_words {
    const struct store_plan *plan;
    str service;
    int32_t today;
    const struct store_plan_step *steps;
    size_t step_count;
    const struct store_plan_note *notes;
    size_t note_count;
    const struct store_plan_action *actions;
    size_t action_count;
    bool whole; /* with actions, updates, history and the frozen figures */
};
void plan_write(struct json *j, const struct plan_words *w);

/* The list for a board paper (handlers/plan_csv.c). */
void plan_csv_header(struct buf *out);
void plan_csv_row(struct buf *out, const struct plan_words *w);

#endif
