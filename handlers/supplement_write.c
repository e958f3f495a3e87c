#include "handlers/supplement_write.h"

#include "base/date.h"
#include "returns/csv_write.h"

void supplement_begin(struct supplement_writer *w, struct buf *out, bool csv, str service, int16_t period,
                      str provider) {
    char text[PERIOD_TEXT];
    *w = (struct supplement_writer){.out = out, .json = json_to(out), .csv = csv};
    if (csv) {
        buf_add_cstr(out, "section,item,line,view,provider,period,version,row,name,value\r\n");
        return;
    }
    json_object_begin(&w->json);
    json_field_str(&w->json, "service", service);
    json_field_cstr(&w->json, "period", period_format(period, text));
    json_field_str(&w->json, "provider", provider);
    json_key(&w->json, "items");
    json_array_begin(&w->json);
}

void supplement_end(struct supplement_writer *w) {
    if (w->csv) return;
    json_end(&w->json);
    json_end(&w->json);
}

void supplement_item_begin(struct supplement_writer *w, const struct supplement_item *item) {
    w->item = item;
    w->row = 0;
    w->totals_open = false;
    if (w->csv) return;
    json_object_begin(&w->json);
    json_field_cstr(&w->json, "section", item->section);
    json_field_cstr(&w->json, "item", item->name);
    json_field_cstr(&w->json, "line", item->line);
    json_field_cstr(&w->json, "part", part_name(item->part));
    json_key(&w->json, "rows");
    json_array_begin(&w->json);
}

static void open_totals(struct supplement_writer *w) {
    if (w->totals_open) return;
    w->totals_open = true;
    if (w->csv) return;
    json_end(&w->json);
    json_key(&w->json, "totals");
    json_object_begin(&w->json);
}

void supplement_item_end(struct supplement_writer *w) {
    open_totals(w);
    if (w->csv) return;
    json_end(&w->json);
    json_end(&w->json);
}

void supplement_row_begin(struct supplement_writer *w, str provider, const struct held *held) {
    char text[PERIOD_TEXT];
    w->provider = provider;
    w->held = held;
    w->row++;
    w->view = "ROW";
    if (w->csv) return;
    json_object_begin(&w->json);
    json_field_str(&w->json, "provider", provider);
    json_field_cstr(&w->json, "period", period_format(held->period, text));
    json_field_int(&w->json, "version", held->version);
    json_key(&w->json, "values");
    json_object_begin(&w->json);
}

void supplement_row_end(struct supplement_writer *w) {
    w->held = NULL;
    if (w->csv) return;
    json_end(&w->json);
    json_end(&w->json);
}

void supplement_total_begin(struct supplement_writer *w, const char *key, const char *view) {
    open_totals(w);
    w->view = view;
    if (w->csv) return;
    json_key(&w->json, key);
    json_object_begin(&w->json);
}

void supplement_total_end(struct supplement_writer *w) {
    if (!w->csv) json_end(&w->json);
}

static void csv_line(struct supplement_writer *w, const char *name, str value, bool text) {
    char period[PERIOD_TEXT];
    const str fields[] = {str_of(w->item->section), str_of(w->item->name), str_of(w->item->line),
                          str_of(w->view)};
    for (size_t i = 0; i < 4; i++) {
        csv_write_field(w->out, fields[i], true);
        buf_add_char(w->out, ',');
    }
    if (w->held)
        buf_printf(w->out, "%.*s,%s,%d,%u,", STR_ARG(w->provider), period_format(w->held->period, period),
                   (int)w->held->version, w->row);
    else buf_add_cstr(w->out, ",,,,");
    csv_write_field(w->out, str_of(name), true);
    buf_add_char(w->out, ',');
    if (value.p) csv_write_field(w->out, value, text);
    csv_write_end_row(w->out);
}

void supplement_text(struct supplement_writer *w, const char *name, str value) {
    if (w->csv) csv_line(w, name, value, true);
    else json_field_str(&w->json, name, value);
}

void supplement_raw(struct supplement_writer *w, const char *name, str number) {
    if (w->csv) csv_line(w, name, number, false);
    else json_field_raw(&w->json, name, number);
}

void supplement_int(struct supplement_writer *w, const char *name, int64_t value) {
    struct buf text = BUF_EMPTY;
    buf_add_int(&text, value);
    supplement_raw(w, name, buf_str(&text));
    buf_free(&text);
}
