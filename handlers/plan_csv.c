/* The list of action plans for a board paper: a line a plan, in the words of the form, with what became of it. */
#include <stdio.h>

#include "handlers/plan_write.h"
#include "returns/csv_write.h"

/* A field and, before all but the first of a line, its comma. */
static void put(struct buf *out, str value, bool text) {
    if (out->n && out->p[out->n - 1] != '\n') buf_add_char(out, ',');
    csv_write_field(out, value, text);
}

void plan_csv_header(struct buf *out) {
    static const char *const NAMES[] = {"id",
                                        "kpis",
                                        "indicatorTitle",
                                        "status",
                                        "openedFor",
                                        "dueDate",
                                        "overdue",
                                        "escalated",
                                        "escalationLevel",
                                        "attributedTo",
                                        "strategicDirectorLead",
                                        "departmentalLead",
                                        "target",
                                        "performanceThisPeriod",
                                        "nonComplianceReason",
                                        "what",
                                        "how",
                                        "who",
                                        "when",
                                        "latestPeriod",
                                        "latestRag",
                                        "closingProposed"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        put(out, str_of(NAMES[i]), false);
    csv_write_end_row(out);
}

static void put_flag(struct buf *out, bool value) {
    put(out, value ? STR("true") : STR("false"), false);
}

static void put_period(struct buf *out, int16_t period) {
    char text[PERIOD_TEXT];
    put(out, period >= 0 ? str_of(period_format(period, text)) : STR(""), false);
}

void plan_csv_row(struct buf *out, const struct plan_words *w) {
    const struct store_plan *p = w->plan;
    struct plan_clock clock = store_plan_clock(p);
    char text[DAY_TEXT], level[12];
    int32_t since;
    put(out, p->id, false);
    put(out, p->kpi, false);
    put(out, p->title, true);
    put(out, str_of(plan_status_name(p->status)), false);
    put_period(out, p->opened_for);
    put(out, str_of(day_format(p->due_day, text)), false);
    put_flag(out, plan_is_overdue(p->status, p->due_day, w->today));
    put_flag(out, plan_cause_of(&clock, w->today, &since) != PLAN_NO_CAUSE);
    snprintf(level, sizeof level, "%d", p->level);
    put(out, str_of(level), false);
    const str words[] = {p->attributed_to,
                         p->strategic_lead,
                         p->departmental_lead,
                         p->target,
                         p->performance,
                         p->reason,
                         p->what,
                         p->how,
                         p->who};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        put(out, words[i], true);
    put_period(out, p->when);
    put_period(out, p->seen.period);
    put(out, p->seen.period >= 0 ? str_of(rag_name(p->seen.rag)) : STR(""), false);
    put_flag(out, plan_is_open(p->status) && p->seen.rag == RAG_AMBER);
    csv_write_end_row(out);
}
