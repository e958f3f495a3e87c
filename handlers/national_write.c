#include "handlers/national_write.h"

#include "returns/csv_write.h"

void national_write_place(struct json *j, const struct national_form *form, int cell) {
    const struct national_row *row = national_row_of(form, cell);
    json_field_cstr(j, "part", national_part_info((enum national_part)row->part)->name);
    json_field_str(j, "key1", row->key1[0] ? str_of(row->key1) : STR_NONE);
    json_field_str(j, "key2", row->key2[0] ? str_of(row->key2) : STR_NONE);
    json_field_cstr(j, "measure", national_measure_name((enum national_measure)form->cells[cell].measure));
}

void national_write_rows(struct json *j, const struct national_filled *f) {
    json_key(j, "rows");
    json_array_begin(j);
    for (int c = 0; c < f->form->cell_count; c++) {
        json_object_begin(j);
        national_write_place(j, f->form, c);
        if (f->present[c]) json_field_int(j, "value", f->values[c]);
        else json_field_null(j, "value");
        json_field_str(j, "reason", f->reasons[f->form->cells[c].row]);
        json_end(j);
    }
    json_end(j);
}

void national_write_imputed(struct json *j, const struct national_return *sum) {
    json_key(j, "imputed");
    json_array_begin(j);
    for (int i = 0; i < IMPUTED_COUNT; i++) {
        if (!sum->imputed[i]) continue;
        json_object_begin(j);
        json_field_cstr(j, "part", national_part_info(imputed_part((enum imputed)i))->name);
        json_field_cstr(j, "key", imputed_key((enum imputed)i, sum->form.period));
        json_field_int(j, "count", sum->imputed[i]);
        json_end(j);
    }
    json_end(j);
}

enum { CELLS_SAID = 100 };

/* The cells that break the rule, each with what stands there and what it was held against. */
static void write_cells(struct json *j, const struct national_form *form,
                        const struct national_check *check) {
    json_key(j, "cells");
    json_array_begin(j);
    for (size_t i = 0; i < check->offence_count && i < CELLS_SAID; i++) {
        const struct national_offence *o = &check->offences[i];
        if (o->cell < 0) continue;
        json_object_begin(j);
        national_write_place(j, form, o->cell);
        json_field_int(j, "value", o->value);
        json_field_int(j, "against", o->against);
        json_end(j);
    }
    json_end(j);
}

void national_write_checks(struct json *j, const struct national_view *v) {
    json_key(j, "checks");
    json_array_begin(j);
    for (int r = 0; r < NATIONAL_RULE_COUNT; r++) {
        const struct national_check *check = &v->checks[r];
        json_object_begin(j);
        json_field_cstr(j, "id", national_rule_id((enum national_rule)r));
        json_field_cstr(j, "severity", check->severity == SEVERITY_ERROR ? "ERROR" : "WARNING");
        json_field_bool(j, "passed", check->passed);
        json_field_bool(j, "judged", check->judged);
        json_field_str(j, "detail", check->detail);
        json_field_int(j, "count", (int64_t)check->offence_count);
        write_cells(j, &v->sum->form, check);
        json_end(j);
    }
    json_end(j);
}

void national_write_blockers(struct json *j, const struct national_view *v) {
    json_key(j, "blockers");
    json_array_begin(j);
    for (size_t i = 0; i < v->blocker_count; i++) {
        json_object_begin(j);
        json_field_cstr(j, "code", v->blockers[i].code);
        json_field_str(j, "provider", v->blockers[i].provider);
        json_field_str(j, "detail", v->blockers[i].detail);
        json_end(j);
    }
    json_end(j);
}

/* "1A,A,1,SET," */
static void add_place(struct buf *out, const struct national_form *form, int cell) {
    const struct national_row *row = national_row_of(form, cell);
    buf_printf(out, "%s,%s,%s,%s,", national_part_info((enum national_part)row->part)->name, row->key1,
               row->key2, national_measure_name((enum national_measure)form->cells[cell].measure));
}

void national_write_csv(struct buf *out, const struct national_filled *f) {
    buf_add_cstr(out, "part,key1,key2,measure,value,reason");
    csv_write_end_row(out);
    for (int c = 0; c < f->form->cell_count; c++) {
        add_place(out, f->form, c);
        if (f->present[c]) buf_add_int(out, f->values[c]);
        buf_add_char(out, ',');
        csv_write_field(out, f->reasons[f->form->cells[c].row], true);
        csv_write_end_row(out);
    }
}

void national_write_differences_csv(struct buf *out, const struct national_comparison *c) {
    buf_add_cstr(out, "part,key1,key2,measure,own,derived,difference");
    csv_write_end_row(out);
    for (int cell = 0; cell < c->own.form.cell_count; cell++) {
        if (!national_cell_differs(c, cell)) continue;
        add_place(out, &c->own.form, cell);
        buf_add_int(out, c->own.filled.values[cell]);
        buf_add_char(out, ',');
        buf_add_int(out, c->derived.filled.values[cell]);
        buf_add_char(out, ',');
        buf_add_int(out, national_cell_difference(c, cell));
        csv_write_end_row(out);
    }
}

void national_write_copy(struct buf *out, const struct store_national_entry *copy) {
    char at[INSTANT_TEXT];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_int(&j, "number", copy->version);
    json_field_cstr(&j, "submittedAt", instant_format(copy->at, at));
    json_field_str(&j, "key", copy->key_id);
    buf_add_char(out, ',');
    buf_add_str(out,
                str_sub(copy->body, 1, copy->body.n - 1)); /* the members of the copy, as they were written */
    json_end(&j);
}

void national_write_frozen(struct buf *out, const struct national_view *v, int32_t replaces, str reason) {
    char text[PERIOD_TEXT];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_str(&j, "service", v->view.service.id);
    json_field_cstr(&j, "period", period_format(v->period, text));
    json_field_cstr(&j, "asAt", day_format(v->as_at, text));
    json_field_cstr(&j, "formVersion", national_form_version(v->period));
    if (reason.n) json_field_str(&j, "reason", reason);
    else json_field_null(&j, "reason");
    if (replaces) json_field_int(&j, "replaces", replaces);
    else json_field_null(&j, "replaces");
    json_field_bool(&j, "ready", national_view_is_ready(v));
    national_write_blockers(&j, v);
    national_write_rows(&j, &v->sum->filled);
    national_write_imputed(&j, v->sum);
    national_write_checks(&j, v);
    json_end(&j);
}
