/* The lines of the supplement that show rows as they were sent. Sums stand only where adding up says something: bounce rates and average
 * times are never averaged. */
#include <stdlib.h>

#include "db/store_supplement.h"
#include "handlers/supplement.h"
#include "returns/code_list.h"
#include "returns/parts/training_sessions.h"

static bool names(const char *list, const char *name) {
    for (str rest = str_of(list), one = str_cut(&rest, ' '); one.p; one = str_cut(&rest, ' '))
        if (str_is(one, name)) return true;
    return false;
}

/* ---- as sent ---- */

struct sending {
    struct supplement *s;
    const struct supplement_provider *provider;
    const struct held *held;
    const struct column *stored[COLUMNS_MAX];
    size_t stored_count;
    const char *columns, *sums;
    int64_t sum[COLUMNS_MAX];
    bool given[COLUMNS_MAX];
    int64_t rows, english, other, unsaid; /* media-activity */
};

static bool is_number(const struct column *c) {
    return c->kind == COL_INT || c->kind == COL_DECIMAL;
}

static str value_of(const struct column *c, const char *value, int length) {
    if (!value) return STR_NONE;
    if (c->kind == COL_FLAG) return value[0] == 't' ? STR("Y") : STR("N");
    return (str){value, (size_t)length};
}

static void add_up(struct sending *g, size_t column, str value) {
    uint64_t n;
    if (!str_to_uint(value, INT32_MAX, &n)) return;
    g->sum[column] += (int64_t)n;
    g->given[column] = true;
}

static enum err put_row(void *context, const char *const *values, const int *lengths) {
    struct sending *g = context;
    struct supplement_writer *w = &g->s->w;
    supplement_row_begin(w, g->provider->id, g->held);
    for (size_t i = 0; i < g->stored_count; i++) {
        const struct column *c = g->stored[i];
        if (!names(g->columns, c->name)) continue;
        str value = value_of(c, values[i], lengths[i]);
        if (is_number(c) && value.p) supplement_raw(w, c->name, value);
        else supplement_text(w, c->name, value);
        if (value.p && names(g->sums, c->name)) add_up(g, i, value);
    }
    supplement_row_end(w);
    g->rows++;
    return OK;
}

static void begin(struct sending *g, struct supplement *s, const char *columns, const char *sums) {
    const struct part *part = part_get(s->w.item->part);
    *g = (struct sending){.s = s, .columns = columns, .sums = sums};
    for (size_t i = 0; i < part->column_count; i++)
        if (!(part->columns[i].flags & COLUMN_NOT_STORED)) g->stored[g->stored_count++] = &part->columns[i];
}

typedef enum err row_fn(void *context, const char *const *values, const int *lengths);

static enum err each_provider(struct sending *g, row_fn *row) {
    struct supplement *s = g->s;
    const struct part *part = part_get(s->w.item->part);
    enum err e = OK;
    for (size_t i = 0; i < s->provider_count && e == OK; i++) {
        g->provider = &s->providers[i];
        g->held = supplement_held(s, g->provider, part->id);
        if (g->held)
            e = store_rows_read(s->db, s->service, g->provider->id, g->held->period, part, g->held->version,
                                row, g);
    }
    return e;
}

/* Null where no provider gave the number. */
static void put_sums(struct sending *g) {
    struct supplement_writer *w = &g->s->w;
    supplement_total_begin(w, "quarter", "QUARTER");
    for (size_t i = 0; i < g->stored_count; i++) {
        const char *name = g->stored[i]->name;
        if (!names(g->sums, name)) continue;
        if (g->given[i]) supplement_int(w, name, g->sum[i]);
        else supplement_text(w, name, STR_NONE);
    }
    supplement_total_end(w);
}

enum err supplement_as_sent(struct supplement *s, const char *columns, const char *sums) {
    struct sending g;
    begin(&g, s, columns, sums);
    enum err e = each_provider(&g, put_row);
    if (e == OK && sums[0]) put_sums(&g);
    return e;
}

/* ---- media activity ---- */

static bool is_english(str language) {
    static const char *const WORDS[] = {"english", "en", "eng", "en-gb", "british english"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_eq_nocase(language, str_of(WORDS[i]))) return true;
    return false;
}

static enum err put_activity(void *context, const char *const *values, const int *lengths) {
    struct sending *g = context;
    for (size_t i = 0; i < g->stored_count; i++) {
        if (strcmp(g->stored[i]->name, "language") != 0) continue;
        if (!values[i]) g->unsaid++;
        else if (is_english((str){values[i], (size_t)lengths[i]})) g->english++;
        else g->other++;
    }
    return put_row(context, values, lengths);
}

enum err supplement_media(struct supplement *s) {
    struct sending g;
    begin(&g, s, "date channel language description", "");
    enum err e = each_provider(&g, put_activity);
    if (e != OK) return e;
    supplement_total_begin(&s->w, "quarter", "QUARTER");
    supplement_int(&s->w, "activities", g.rows);
    supplement_int(&s->w, "inEnglish", g.english);
    supplement_int(&s->w, "inOtherLanguages", g.other);
    supplement_int(&s->w, "languageNotGiven", g.unsaid);
    supplement_total_end(&s->w);
    return OK;
}

/* ---- where referrals are sent ---- */

/* The label of a setting in the period, else the code itself. */
static str setting_label(str code, int16_t period) {
    const struct code_entry *entry = NULL;
    if (!code.p) return STR_NONE;
    if (code_list_match(&code_list_setting, code, period_first_day(period), &entry) == CODE_MATCH_NONE)
        return code;
    return str_of(entry->label);
}

enum err supplement_destinations(struct supplement *s) {
    int64_t all = 0;
    for (size_t i = 0; i < s->provider_count; i++) {
        const struct held *h = supplement_held(s, &s->providers[i], PART_REFERRALS);
        struct store_destination *list;
        size_t count = 0;
        if (!h) continue;
        enum err e = store_destinations_list(s->db, s->service, s->providers[i].id, h->period, h->version,
                                             s->arena, &list, &count);
        if (e != OK) return e;
        for (size_t k = 0; k < count; k++) {
            supplement_row_begin(&s->w, s->providers[i].id, h);
            supplement_text(&s->w, "destinationSite", list[k].site);
            supplement_text(&s->w, "destinationType", list[k].type);
            supplement_text(&s->w, "destinationTypeLabel", setting_label(list[k].type, s->period));
            supplement_int(&s->w, "referrals", list[k].referrals);
            supplement_row_end(&s->w);
            all += list[k].referrals;
        }
    }
    supplement_total_begin(&s->w, "quarter", "QUARTER");
    supplement_int(&s->w, "referrals", all);
    supplement_total_end(&s->w);
    return OK;
}

/* ---- attendees by organisation ---- */

struct organisation {
    str name;
    int64_t attendees;
};
struct organisations {
    struct sending sending;
    struct organisation *list; /* of one provider */
    size_t count, room;
    int64_t all;
};

static void note(struct organisations *o, str name, int64_t attendees) {
    if (o->count == o->room) {
        o->room = o->room ? o->room * 2 : 64;
        o->list = must_realloc(o->list, o->room * sizeof *o->list);
    }
    o->list[o->count++] = (struct organisation){arena_str(o->sending.s->arena, name), attendees};
    o->all += attendees;
}

/* "Name:attendees;Name:attendees", as training_rules.c let it in. */
static enum err note_session(void *context, const char *const *values, const int *lengths) {
    struct organisations *o = context;
    const char *text = values[TRAINING_ORGANISATIONS];
    str rest = text ? (str){text, (size_t)lengths[TRAINING_ORGANISATIONS]} : STR_NONE;
    while (rest.n) {
        str one = str_trim(str_cut(&rest, ';'));
        size_t colon = one.n;
        while (colon && one.p[colon - 1] != ':')
            colon--;
        uint64_t attendees;
        if (colon && str_to_uint(str_trim(str_sub(one, colon, one.n)), ATTENDEES_MOST, &attendees))
            note(o, str_trim(str_sub(one, 0, colon - 1)), (int64_t)attendees);
    }
    return OK;
}

static int by_name(const void *a, const void *b) {
    return str_cmp(((const struct organisation *)a)->name, ((const struct organisation *)b)->name);
}

/* Those of the same name together. */
static void put_organisations(struct organisations *o, const struct supplement_provider *p,
                              const struct held *h) {
    struct supplement_writer *w = &o->sending.s->w;
    if (o->count) qsort(o->list, o->count, sizeof *o->list, by_name);
    for (size_t i = 0; i < o->count;) {
        int64_t attendees = 0;
        size_t first = i;
        for (; i < o->count && str_eq(o->list[i].name, o->list[first].name); i++)
            attendees += o->list[i].attendees;
        supplement_row_begin(w, p->id, h);
        supplement_text(w, "organisation", o->list[first].name);
        supplement_int(w, "attendees", attendees);
        supplement_row_end(w);
    }
    o->count = 0;
}

enum err supplement_organisations(struct supplement *s) {
    const struct part *part = part_get(PART_TRAINING_SESSIONS);
    struct organisations o = {.list = NULL};
    enum err e = OK;
    begin(&o.sending, s, "", "");
    for (size_t i = 0; i < s->provider_count && e == OK; i++) {
        const struct held *h = supplement_held(s, &s->providers[i], part->id);
        if (!h) continue;
        e = store_rows_read(s->db, s->service, s->providers[i].id, h->period, part, h->version, note_session,
                            &o);
        if (e == OK) put_organisations(&o, &s->providers[i], h);
    }
    free(o.list);
    if (e != OK) return e;
    supplement_total_begin(&s->w, "quarter", "QUARTER");
    supplement_int(&s->w, "attendees", o.all);
    supplement_total_end(&s->w);
    return OK;
}
