/* See national_return.h. Keys are looked up through small tables made once per form, so that a million episodes
 * cost a few additions each. */
#include "kpi/national_return.h"

#include "kpi/carried.h"
#include "kpi/derive.h"
#include "kpi/tally.h"

static const struct {
    enum national_part part;
    const char *key, *key_2017;
} IMPUTED[IMPUTED_COUNT] = {
#define X(name, part, code, code_2017) {part, code, code_2017},
    IMPUTED_LIST(X)
#undef X
};

enum national_part imputed_part(enum imputed i) {
    return IMPUTED[i].part;
}

const char *imputed_key(enum imputed i, int16_t period) {
    return period < NATIONAL_FORM_2024_FROM ? IMPUTED[i].key_2017 : IMPUTED[i].key;
}

void national_return_begin(int16_t period, struct national_return *out) {
    *out = (struct national_return){.waiting = 0};
    national_form_build(period, &out->form);
    national_filled_begin(&out->filled, &out->form);
    for (int c = 0; c < out->form.cell_count; c++)
        out->filled.present[c] = national_row_of(&out->form, c)->part < NATIONAL_2A;
}

/* ---- from a code to its place among the keys ---- */

enum { ALPHABET = 37, NOWHERE = UINT8_MAX };

static unsigned letter(unsigned c) {
    if (c >= '0' && c <= '9') return c - '0' + 1;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 11 : 0;
}

struct places {
    uint8_t at[ALPHABET * ALPHABET]; /* place of the key, NOWHERE */
    uint16_t blank;                  /* the code that a blank is put under */
};

static uint8_t place_of(const struct places *p, uint16_t code) {
    return p->at[letter(code >> 8) * ALPHABET + letter(code & 0xff)];
}

/* The first keys of a part, or the second ones of its first row; how many there are. */
static int places_of(const struct national_form *f, enum national_part part, bool second, const char *blank,
                     struct places *out) {
    const char *first = f->rows[f->part_rows[part]].key1, *last = "";
    uint8_t n = 0;
    memset(out->at, NOWHERE, sizeof out->at);
    out->blank = fact_code(str_of(blank));
    for (int r = f->part_rows[part]; r < f->part_rows[part + 1]; r++) {
        const struct national_row *row = &f->rows[r];
        const char *key = second ? row->key2 : row->key1;
        if ((second && strcmp(row->key1, first) != 0) || strcmp(last, key) == 0) continue;
        uint16_t code = fact_code(str_of(key));
        out->at[letter(code >> 8) * ALPHABET + letter(code & 0xff)] = n++;
        last = key;
    }
    return n;
}

struct adding {
    struct national_return *to;
    struct derive_settings settings;
    struct places ethnic, gender, nssec, aid, type, setting;
    int genders;
};

static void adding_begin(struct adding *a, struct national_return *to, const struct framework *f,
                         int32_t as_at) {
    const struct national_form *form = &to->form;
    int16_t p = form->period;
    a->to = to;
    a->settings = framework_derive_settings(f, as_at);
    a->genders = places_of(form, NATIONAL_1A, true, imputed_key(IMPUTED_GENDER_1A, p), &a->gender);
    places_of(form, NATIONAL_1A, false, imputed_key(IMPUTED_ETHNIC_CATEGORY, p), &a->ethnic);
    places_of(form, NATIONAL_1E, false, imputed_key(IMPUTED_NSSEC, p), &a->nssec);
    places_of(form, NATIONAL_1F, false, imputed_key(IMPUTED_AID, p), &a->aid);
    places_of(form, NATIONAL_1G, false, imputed_key(IMPUTED_INTERVENTION_TYPE, p), &a->type);
    places_of(form, NATIONAL_1H, false, imputed_key(IMPUTED_SETTING, p), &a->setting);
}

/* ---- one person ---- */

static int age_band(int age) {
    if (age < 18) return 0;
    if (age < 35) return 1;
    if (age < 45) return 2;
    return age < 60 ? 3 : 4;
}

/* The place of the code among the keys of a part; a blank is imputed. */
static int place_or_blank(struct adding *a, const struct places *places, uint16_t code, enum imputed i) {
    a->to->imputed[i] += code == 0;
    return place_of(places, code ? code : places->blank);
}

static void note_unplaced(struct national_return *to, enum national_part part, const char *key) {
    for (size_t i = 0; i < to->unplaced_count; i++) {
        if (to->unplaced[i].part != part || strcmp(to->unplaced[i].key, key) != 0) continue;
        to->unplaced[i].count++;
        return;
    }
    if (to->unplaced_count < UNPLACED_MAX)
        to->unplaced[to->unplaced_count++] = (struct national_unplaced){part, key, 1};
}

/* Adds one to each measure of the row that the person counts in: the cells of a row stand in the order of the measures. */
static void add_to_row(struct national_return *to, int row, unsigned counts) {
    const struct national_row *r = &to->form.rows[row];
    for (int c = r->first; c < r->first + r->count; c++)
        to->filled.values[c] += counts >> to->form.cells[c].measure & 1;
}

static void add_keyed(struct adding *a, enum national_part part, int place, unsigned counts,
                      enum imputed blank) {
    if (place == NOWHERE) note_unplaced(a->to, part, imputed_key(blank, a->to->form.period));
    else add_to_row(a->to, a->to->form.part_rows[part] + place, counts);
}

static unsigned counts_of(uint64_t derived) {
    unsigned counts = 1u << MEASURE_SET;
    counts |= (unsigned)(derived >> DERIVED_QUIT4 & 1) << MEASURE_QUIT;
    counts |= (unsigned)(derived >> DERIVED_NOT_QUIT4 & 1) << MEASURE_NOT_QUIT;
    counts |= (unsigned)(derived >> DERIVED_LOST4 & 1) << MEASURE_LOST;
    return counts | (unsigned)(derived >> DERIVED_CO_VERIFIED4 & 1) << MEASURE_CO_VALIDATED;
}

/* 1C and 1D: people who are, or have; a blank is N, and of men nobody asks whether they are pregnant. */
static void add_flags(struct adding *a, const struct fact_episode *e, unsigned counts) {
    const struct national_form *form = &a->to->form;
    unsigned pregnant = fact_flag_get(e->flags, FLAG_PREGNANT),
             free_of = fact_flag_get(e->flags, FLAG_FREE_PRESCRIPTION);
    if (pregnant == FLAG_YES) add_to_row(a->to, form->part_rows[NATIONAL_1C], counts);
    if (free_of == FLAG_YES) add_to_row(a->to, form->part_rows[NATIONAL_1D], counts);
    a->to->imputed[IMPUTED_PREGNANT] += pregnant == FLAG_BLANK && e->gender != fact_code(STR("1"));
    a->to->imputed[IMPUTED_FREE_PRESCRIPTION] += free_of == FLAG_BLANK;
}

static void add_person(struct adding *a, const struct fact_episode *e, uint64_t derived) {
    unsigned counts = counts_of(derived);
    int ethnic = place_or_blank(a, &a->ethnic, e->ethnic_category & 0xff00, IMPUTED_ETHNIC_CATEGORY);
    int gender = place_or_blank(a, &a->gender, e->gender, IMPUTED_GENDER_1A);
    bool placed = gender != NOWHERE && ethnic != NOWHERE;
    a->to->imputed[IMPUTED_GENDER_1B] += e->gender == 0;
    add_keyed(a, NATIONAL_1A, placed ? ethnic * a->genders + gender : NOWHERE, counts, IMPUTED_GENDER_1A);
    add_keyed(a, NATIONAL_1B, placed ? age_band(e->age) * a->genders + gender : NOWHERE, counts,
              IMPUTED_GENDER_1B);
    add_flags(a, e, counts);
    add_keyed(a, NATIONAL_1E, place_or_blank(a, &a->nssec, e->nssec, IMPUTED_NSSEC), counts, IMPUTED_NSSEC);
    add_keyed(a, NATIONAL_1F, place_or_blank(a, &a->aid, e->aid, IMPUTED_AID), counts, IMPUTED_AID);
    add_keyed(a, NATIONAL_1G, place_or_blank(a, &a->type, e->intervention_type, IMPUTED_INTERVENTION_TYPE),
              counts, IMPUTED_INTERVENTION_TYPE);
    add_keyed(a, NATIONAL_1H, place_or_blank(a, &a->setting, e->setting, IMPUTED_SETTING), counts,
              IMPUTED_SETTING);
    a->to->waiting += !(derived >> DERIVED_DUE4 & 1);
}

/* ---- one provider ---- */

static void add_episodes(struct adding *a, const struct book *book, const struct held *h,
                         uint32_t authority) {
    struct resolver resolver;
    struct carried sites;
    const struct fact_episode *rows = h->facts;
    resolver_build(book, &resolver);
    carried_build(book, PART_SITES, &sites);
    for (uint32_t i = 0; i < h->rows; i++) {
        struct outcomes known;
        struct fact_episode room;
        if (authority && rows[i].authority != authority) continue;
        const struct fact_episode *e = carried_settle(&sites, h->period, &rows[i], &room);
        resolve_episode(&resolver, e, h->seq, &known);
        add_person(a, e, derive(&a->settings, fact_day_value(e->quit), &known, e->satisfaction));
    }
    carried_free(&sites);
    resolver_free(&resolver);
}

static str code_text(uint16_t code, char room[3]) {
    room[0] = (char)(code >> 8);
    room[1] = (char)(code & 0xff);
    return (str){room, code == 0 ? 0 : room[1] ? 2 : 1};
}

/* Stored are the places of part and measure in their lists, from 1 on; 0: nothing. */
static int cell_of_fact(const struct national_form *form, const struct fact_national *f) {
    char key1[3], key2[3];
    if (f->part < 1 || f->part > NATIONAL_PART_COUNT || f->measure < 1 || f->measure > NATIONAL_MEASURE_COUNT)
        return -1;
    return national_cell_find(form, (enum national_part)(f->part - 1), code_text(f->key1, key1),
                              code_text(f->key2, key2), (enum national_measure)(f->measure - 1));
}

void national_return_add_cells(const struct held *h, struct national_return *io) {
    const struct fact_national *cells = h->facts;
    for (uint32_t i = 0; i < h->rows; i++) {
        int cell = cell_of_fact(&io->form, &cells[i]);
        if (cell >= 0 && national_row_of(&io->form, cell)->part < NATIONAL_2A)
            io->filled.values[cell] += cells[i].value;
    }
}

void national_return_add(const struct framework *f, const struct book *book, int32_t as_at,
                         uint32_t authority, struct national_return *io) {
    struct adding a;
    adding_begin(&a, io, f, as_at);
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->period != io->form.period || !h->facts) continue;
        if (h->part == PART_EPISODES) add_episodes(&a, book, h, authority);
        if (h->part != PART_NATIONAL || !h->rows) continue;
        io->by_cells += !authority;
        io->left_out += authority != 0;
        if (!authority) national_return_add_cells(h, io);
    }
}

/* ---- other quarters ---- */

static int64_t people_of_cells(const struct held *h) {
    const struct fact_national *cells = h->facts;
    int64_t people = 0;
    for (uint32_t i = 0; i < h->rows; i++)
        if (cells[i].part == NATIONAL_1A + 1 && cells[i].measure == MEASURE_SET + 1) people += cells[i].value;
    return people;
}

static int64_t people_of_episodes(const struct held *h, uint32_t authority) {
    const struct fact_episode *rows = h->facts;
    int64_t people = 0;
    for (uint32_t i = 0; i < h->rows; i++)
        people += !authority || rows[i].authority == authority;
    return people;
}

int64_t national_people(const struct book *book, int16_t period, uint32_t authority) {
    int64_t people = -1;
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->period != period || !h->facts) continue;
        bool by_cells = h->part == PART_NATIONAL && !authority;
        if (h->part != PART_EPISODES && !by_cells) continue;
        people =
            (people < 0 ? 0 : people) + (by_cells ? people_of_cells(h) : people_of_episodes(h, authority));
    }
    return people;
}
