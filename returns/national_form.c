/* See national_form.h. What the parts ask is the table PARTS; the rest follows from it and the code lists. */
#include "returns/national_form.h"

#include "base/date.h"

#define M(name) (1u << MEASURE_##name)
#define SET_AND_QUIT (M(SET) | M(QUIT))

/* clang-format off */
static const struct national_part_info PARTS[NATIONAL_PART_COUNT] = {
    [NATIONAL_1A] = {"1A", "ethnic category by gender", &code_list_ethnicCategory, &code_list_gender, SET_AND_QUIT, false},
    [NATIONAL_1B] = {"1B", "age band by gender", &code_list_ageBand, &code_list_gender,
                     SET_AND_QUIT | M(NOT_QUIT) | M(LOST) | M(CO_VALIDATED), false},
    [NATIONAL_1C] = {"1C", "pregnant", NULL, NULL, M(QUIT) | M(NOT_QUIT) | M(LOST) | M(CO_VALIDATED), false},
    [NATIONAL_1D] = {"1D", "free prescriptions", NULL, NULL, SET_AND_QUIT, false},
    [NATIONAL_1E] = {"1E", "socio-economic classification", &code_list_nssec, NULL, SET_AND_QUIT, false},
    [NATIONAL_1F] = {"1F", "aid received", &code_list_aid, NULL, SET_AND_QUIT, false},
    [NATIONAL_1G] = {"1G", "intervention type", &code_list_interventionType, NULL, SET_AND_QUIT, true},
    [NATIONAL_1H] = {"1H", "intervention setting", &code_list_setting, NULL, SET_AND_QUIT, true},
    [NATIONAL_2A] = {"2A", "financial allocation", NULL, NULL, M(ALLOCATION), false},
    [NATIONAL_2B] = {"2B", "spend", NULL, NULL, M(CUMULATIVE_SPEND) | M(PHARMACOTHERAPY_SPEND) | M(OTHER_ALLOCATION), false},
};
/* clang-format on */

static const struct {
    const char *name, *meaning;
} MEASURES[NATIONAL_MEASURE_COUNT] = {
#define X(name, meaning) {#name, meaning},
    NATIONAL_MEASURE_LIST(X)
#undef X
};

const char *national_form_version(int16_t period) {
    return period >= NATIONAL_FORM_2024_FROM ? "SSQ-2024" : "SSQ-2017";
}

const struct national_part_info *national_part_info(enum national_part part) {
    return &PARTS[part];
}

bool national_part_parse(str name, enum national_part *out) {
    for (unsigned i = 0; i < NATIONAL_PART_COUNT; i++) {
        if (!str_eq_nocase(name, str_of(PARTS[i].name))) continue;
        *out = (enum national_part)i;
        return true;
    }
    return false;
}

const char *national_measure_name(enum national_measure m) {
    return MEASURES[m].name;
}

const char *national_measure_meaning(enum national_measure m) {
    return MEASURES[m].meaning;
}

bool national_measure_parse(str name, enum national_measure *out) {
    for (unsigned i = 0; i < NATIONAL_MEASURE_COUNT; i++) {
        if (!str_eq_nocase(name, str_of(MEASURES[i].name))) continue;
        *out = (enum national_measure)i;
        return true;
    }
    return false;
}

/* ---- the form of a period ---- */

enum { KEYS_MAX = 40 };

/* The codes of a list that are valid on a day; one empty key where there is no list. */
static size_t keys_of(const struct code_list *list, int32_t on, const char *out[KEYS_MAX]) {
    size_t n = 0;
    if (!list) {
        out[0] = "";
        return 1;
    }
    for (size_t i = 0; i < list->count && n < KEYS_MAX; i++)
        if (code_entry_valid(&list->entries[i], on) && code_list_first(list, i, on))
            out[n++] = list->entries[i].code;
    return n;
}

static void add_row(struct national_form *f, enum national_part part, const char *key1, const char *key2) {
    if (f->row_count == NATIONAL_ROWS_MAX) return; /* a test proves that no form is that long */
    bool placeholder = part == NATIONAL_1F && strcmp(key1, "S1") == 0;
    struct national_row *row = &f->rows[f->row_count];
    *row = (struct national_row){(uint8_t)part, placeholder, key1, key2, f->cell_count, 0};
    for (unsigned m = 0; m < NATIONAL_MEASURE_COUNT; m++) {
        if (!(PARTS[part].measures >> m & 1) || f->cell_count == NATIONAL_CELLS_MAX) continue;
        int32_t most =
            national_measure_is_money((enum national_measure)m) ? NATIONAL_MONEY_MOST : NATIONAL_COUNT_MOST;
        f->cells[f->cell_count++] = (struct national_cell){f->row_count, (uint8_t)m, most};
        row->count++;
    }
    f->row_count++;
}

void national_form_build(int16_t period, struct national_form *out) {
    const char *keys1[KEYS_MAX], *keys2[KEYS_MAX];
    int32_t on = period_first_day(period);
    *out = (struct national_form){.period = period, .version = national_form_version(period)};
    for (unsigned p = 0; p < NATIONAL_PART_COUNT; p++) {
        size_t count1 = keys_of(PARTS[p].key1, on, keys1), count2 = keys_of(PARTS[p].key2, on, keys2);
        out->part_rows[p] = out->row_count;
        for (size_t i = 0; i < count1; i++)
            for (size_t k = 0; k < count2; k++)
                add_row(out, (enum national_part)p, keys1[i], keys2[k]);
    }
    out->part_rows[NATIONAL_PART_COUNT] = out->row_count;
}

int national_row_find(const struct national_form *f, enum national_part part, str key1, str key2) {
    for (int r = f->part_rows[part]; r < f->part_rows[part + 1]; r++)
        if (str_eq_nocase(str_of(f->rows[r].key1), key1) && str_eq_nocase(str_of(f->rows[r].key2), key2))
            return r;
    return -1;
}

int national_cell_of(const struct national_form *f, int row, enum national_measure m) {
    const struct national_row *r = &f->rows[row];
    for (int c = r->first; c < r->first + r->count; c++)
        if (f->cells[c].measure == m) return c;
    return -1;
}

int national_cell_find(const struct national_form *f, enum national_part part, str key1, str key2,
                       enum national_measure m) {
    int row = national_row_find(f, part, key1, key2);
    return row < 0 ? -1 : national_cell_of(f, row, m);
}

void national_cell_name(const struct national_form *f, int cell, struct buf *out) {
    const struct national_row *row = national_row_of(f, cell);
    buf_printf(out, "%s%s%s%s%s %s", PARTS[row->part].name, row->key1[0] ? " " : "", row->key1,
               row->key2[0] ? " " : "", row->key2,
               national_measure_name((enum national_measure)f->cells[cell].measure));
}

/* ---- filled in ---- */

void national_filled_begin(struct national_filled *out, const struct national_form *form) {
    *out = (struct national_filled){.form = form};
}

int64_t national_filled_get(const struct national_filled *f, int row, enum national_measure m) {
    int cell = national_cell_of(f->form, row, m);
    return cell < 0 ? 0 : f->values[cell];
}

int64_t national_filled_sum(const struct national_filled *f, enum national_part part, const char *key2,
                            enum national_measure m) {
    int64_t sum = 0;
    for (int r = f->form->part_rows[part]; r < f->form->part_rows[part + 1]; r++)
        if (!key2 || strcmp(f->form->rows[r].key2, key2) == 0) sum += national_filled_get(f, r, m);
    return sum;
}

bool national_is_outlier(int64_t set, int64_t quit) {
    return set > 0 && (100 * quit <= 35 * set || 100 * quit >= 70 * set);
}
