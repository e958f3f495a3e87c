#include "handlers/plan_write.h"

static void write_text(struct json *j, const char *key, str text) {
    json_field_str(j, key, text.n ? text : STR_NONE);
}

static void write_attributed(struct json *j, str joined) {
    json_key(j, "attributedTo");
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
    json_field_str(j, "kpi", p->kpi);
    json_field_cstr(j, "openedFor", period_format(p->opened_for, text));
    json_field_cstr(j, "origin", p->by_hand ? "HAND" : "RED");
    json_field_cstr(j, "status", plan_status_name(p->status));
    json_field_int(j, "version", p->version);
    json_field_cstr(j, "openedAt", instant_format(p->opened_at, text));
    json_field_cstr(j, "dueDate", day_format(p->due_day, text));
    json_field_bool(j, "overdue", plan_is_overdue(p->status, p->due_day, w->today));
    json_field_bool(j, "escalated", plan_is_escalated(p->status, p->due_day, p->when, w->today));
    write_attributed(j, p->attributed_to);
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
        write_notes(j, w);
        write_steps(j, w);
    }
    json_end(j);
}
