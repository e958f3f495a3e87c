/* GET /v1/code-lists: every list that the columns of the parts use: national code lists with their validity, our own words, the
 * authorities. ?period= keeps the codes that are valid in it. Written from the tables that judge uploads, so that they cannot differ. */
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "returns/authority.h"
#include "returns/code_list.h"
#include "returns/csv_write.h"

/* What is written either way. */
struct writer {
    struct buf *out;
    struct json json;
    bool csv;
    const char *list;
};

static void list_begin(struct writer *w, const char *name, const char *kind) {
    w->list = name;
    if (w->csv) return;
    json_object_begin(&w->json);
    json_field_cstr(&w->json, "list", name);
    json_field_cstr(&w->json, "kind", kind);
}

static void codes_begin(struct writer *w) {
    if (w->csv) return;
    json_key(&w->json, "codes");
    json_array_begin(&w->json);
}

static void list_end(struct writer *w) {
    if (w->csv) return;
    json_end(&w->json);
    json_end(&w->json);
}

/* INT32_MIN and INT32_MAX are open ends. */
static str day_or_none(int32_t day, char room[DAY_TEXT]) {
    bool open = day == INT32_MIN || day == INT32_MAX;
    return open ? STR_NONE : str_of(day_format(day, room));
}

static void put_code(struct writer *w, const char *code, const char *label, int32_t from, int32_t to) {
    char first[DAY_TEXT], last[DAY_TEXT];
    const str fields[] = {str_of(w->list), str_of(code), str_of(label), day_or_none(from, first),
                          day_or_none(to, last)};
    if (w->csv) {
        for (size_t i = 0; i < 5; i++) {
            if (i) buf_add_char(w->out, ',');
            if (fields[i].p) csv_write_field(w->out, fields[i], true);
        }
        csv_write_end_row(w->out);
        return;
    }
    json_object_begin(&w->json);
    json_field_str(&w->json, "code", fields[1]);
    json_field_str(&w->json, "label", fields[2]);
    json_field_str(&w->json, "validFrom", fields[3]);
    json_field_str(&w->json, "validTo", fields[4]);
    json_end(&w->json);
}

/* The columns that take the list: "episodes.gender". */
static void put_columns(struct writer *w, const struct code_list *list, const char *const *words,
                        bool authority) {
    if (w->csv) return;
    json_key(&w->json, "columns");
    json_array_begin(&w->json);
    for (int id = 0; id < PART_COUNT; id++) {
        const struct part *part = part_get((enum part_id)id);
        for (size_t i = 0; part && i < part->column_count; i++) {
            const struct column *c = &part->columns[i];
            bool takes = (list && c->list == list) || (words && c->words == words) ||
                         (authority && c->kind == COL_AUTHORITY);
            if (!takes) continue;
            struct buf name = BUF_EMPTY;
            buf_printf(&name, "%s.%s", part->name, c->name);
            json_str(&w->json, buf_str(&name));
            buf_free(&name);
        }
    }
    json_end(&w->json);
}

static bool is_used(const struct code_list *list) {
    for (int id = 0; id < PART_COUNT; id++) {
        const struct part *part = part_get((enum part_id)id);
        for (size_t i = 0; part && i < part->column_count; i++)
            if (part->columns[i].list == list) return true;
    }
    return false;
}

/* on DAY_NONE: whatever its validity. */
static void put_national(struct writer *w, const struct code_list *list, int32_t on) {
    list_begin(w, list->name, "NATIONAL");
    put_columns(w, list, NULL, false);
    codes_begin(w);
    for (size_t i = 0; i < list->count; i++) {
        const struct code_entry *e = &list->entries[i];
        if (on != DAY_NONE && (!code_entry_valid(e, on) || !code_list_first(list, i, on))) continue;
        put_code(w, e->code, e->label, e->valid_from, e->valid_to);
    }
    list_end(w);
}

/* Several columns may share their words (method): each set once, under the name of the first column. */
static bool seen_before(int id, size_t column, const char *const *words) {
    for (int p = 0; p <= id; p++) {
        const struct part *part = part_get((enum part_id)p);
        for (size_t i = 0; part && i < (p == id ? column : part->column_count); i++)
            if (part->columns[i].words == words) return true;
    }
    return false;
}

static void put_words(struct writer *w, int id, const struct part *part) {
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        if (!c->words || seen_before(id, i, c->words)) continue;
        struct buf name = BUF_EMPTY;
        buf_printf(&name, "%s.%s", part->name, c->name);
        buf_add_char(&name, '\0');
        list_begin(w, name.p, "OWN");
        put_columns(w, NULL, c->words, false);
        codes_begin(w);
        for (size_t k = 0; c->words[k]; k++)
            put_code(w, c->words[k], c->words[k], INT32_MIN, INT32_MAX);
        list_end(w);
        buf_free(&name);
    }
}

static void put_authorities(struct writer *w) {
    list_begin(w, "localAuthority", "AUTHORITY");
    put_columns(w, NULL, NULL, true);
    codes_begin(w);
    for (size_t i = 0; i < authorities_count; i++)
        put_code(w, authorities[i].code, authorities[i].name, INT32_MIN, INT32_MAX);
    list_end(w);
}

static void write_all(struct writer *w, int32_t on) {
    if (w->csv) buf_add_cstr(w->out, "list,code,label,validFrom,validTo\r\n");
    for (size_t i = 0; i < code_lists_count; i++)
        if (is_used(code_lists[i])) put_national(w, code_lists[i], on);
    for (int id = 0; id < PART_COUNT; id++)
        if (part_get((enum part_id)id)) put_words(w, id, part_get((enum part_id)id));
    put_authorities(w);
}

enum err handle_code_lists(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    int16_t period = -1;
    size_t choice = 0;
    char text[PERIOD_TEXT];
    enum err e = query_period(r, "period", &period);
    if (e == OK) e = request_negotiate(r, OFFERS, 2, &choice);
    if (e != OK) return e;
    struct writer w = {.out = &p->body, .json = json_to(&p->body), .csv = choice == 1};
    int32_t on = period < 0 ? DAY_NONE : period_first_day(period);
    if (!w.csv) {
        json_object_begin(&w.json);
        json_field_str(&w.json, "period", period < 0 ? STR_NONE : str_of(period_format(period, text)));
        json_key(&w.json, "lists");
        json_array_begin(&w.json);
    }
    write_all(&w, on);
    if (w.csv) {
        p->content_type = "text/csv; charset=utf-8; header=present";
    } else {
        json_end(&w.json);
        json_end(&w.json);
    }
    reply_header(r, p, "Vary", STR("Accept"));
    reply_etag_of_body(p);
    return OK;
}
