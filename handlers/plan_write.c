#include "handlers/plan_write.h"

static void write_text(struct json *j, const char *key, str text) {
    json_field_str(j, key, text.n ? text : STR_NONE);
}

static void write_list(struct json *j, const char *key, str joined) {
    json_key(j, key);
    json_array_begin(j);
    for (str one = str_cut(&joined, ';'); one.p; one = str_cut(&joined, ';'))
        if (one.n) json_str(j, one);
    json_end(j);
}

static void write_notes(struct json *j, const struct plan_words *w) {
    char text[INSTANT_TEXT];
    json_key(j, "updates");
    json_array_begin(j);
    for (size_t i = 0; i < w->note_count; i++) {
        json_object_begin(j);
        json_field_str(j, "month", w->notes[i].month);
        json_field_str(j, "text", w->notes[i].text);
        json_field_cstr(j, "at", instant_format(w->notes[i].at, text));
        json_field_str(j, "key", w->notes[i].key_id);
        json_end(j);
    }
    json_end(j);
}

static void write_actions(struct json *j, const struct plan_words *w) {
    char text[DAY_TEXT];
    json_key(j, "actions");
    json_array_begin(j);
    for (size_t i = 0; i < w->action_count; i++) {
        const struct store_plan_action *a = &w->actions[i];
        json_object_begin(j);
        json_field_int(j, "number", a->number);
        json_field_str(j, "what", a->what);
        json_field_str(j, "who", a->who);
        json_field_cstr(j, "by", day_format(a->by, text));
        json_field_cstr(j, "done", a->done == DAY_NONE ? NULL : day_format(a->done, text));
        json_field_bool(j, "late", a->done == DAY_NONE ? w->today > a->by : a->done > a->by);
        json_end(j);
    }
    json_end(j);
}

static void write_steps(struct json *j, const struct plan_words *w) {
    char text[INSTANT_TEXT];
    json_key(j, "history");
    json_array_begin(j);
    for (size_t i = 0; i < w->step_count; i++) {
        const struct store_plan_step *s = &w->steps[i];
        json_object_begin(j);
        json_field_int(j, "version", s->version);
        json_field_cstr(j, "at", instant_format(s->at, text));
        json_field_str(j, "key", s->key_id);
        json_field_str(j, "from", s->from.n ? s->from : STR_NONE);
        json_field_str(j, "to", s->to);
        json_field_raw(j, "changed", s->changed);
        json_field_str(j, "comment", s->comment.n ? s->comment : STR_NONE);
        json_end(j);
    }
    json_end(j);
}

void plan_write(struct json *j, const struct plan_words *w) {
    const struct store_plan *p = w->plan;
    char text[INSTANT_TEXT];
    json_object_begin(j);
    json_field_str(j, "id", p->id);
    json_field_str(j, "service", w->service);
    json_field_str(j, "kpi", store_plan_is_theme(p) ? STR_NONE : p->kpi);
    write_list(j, "kpis", p->kpi);
    json_field_cstr(j, "openedFor", period_format(p->opened_for, text));
    json_field_cstr(j, "origin", p->by_hand ? "HAND" : "RED");
    json_field_cstr(j, "status", plan_status_name(p->status));
    json_field_int(j, "version", p->version);
    json_field_cstr(j, "openedAt", instant_format(p->opened_at, text));
    json_field_cstr(j, "dueDate", day_format(p->due_day, text));
    json_field_bool(j, "overdue", plan_is_overdue(p->status, p->due_day, w->today));
    struct plan_clock clock = store_plan_clock(p);
    int32_t since;
    json_field_bool(j, "escalated", plan_cause_of(&clock, w->today, &since) != PLAN_NO_CAUSE);
    json_field_raw(j, "escalation", p->escalation.p ? p->escalation : STR("null"));
    json_field_bool(j, "closingProposed", plan_is_open(p->status) && p->seen.rag == RAG_AMBER);
    json_field_raw(j, "latest", p->evidence.p ? p->evidence : STR("null"));
    write_list(j, "attributedTo", p->attributed_to);
    json_field_str(j, "indicatorTitle", p->title);
    write_text(j, "strategicDirectorLead", p->strategic_lead);
    write_text(j, "departmentalLead", p->departmental_lead);
    write_text(j, "target", p->target);
    json_field_str(j, "performanceThisPeriod", p->performance);
    write_text(j, "nonComplianceReason", p->reason);
    write_text(j, "what", p->what);
    write_text(j, "how", p->how);
    write_text(j, "who", p->who);
    json_field_str(j, "when", p->when >= 0 ? str_of(period_format(p->when, text)) : STR_NONE);
    if (w->whole) {
        json_field_raw(j, "figures", p->figures);
        write_actions(j, w);
        write_notes(j, w);
        write_steps(j, w);
    }
    json_end(j);
}
