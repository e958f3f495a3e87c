#include "kpi/breakdown_national.h"

#include "returns/national_form.h"

static const char *const TOLD[NATIONAL_TOLD_COUNT] = {
#define X(name, text) text,
    NATIONAL_TOLD_LIST(X)
#undef X
};

const char *national_told_name(enum national_told t) {
    return TOLD[t];
}

/* ---- which cells ---- */

enum { NO_KEY = DIMENSION_COUNT, PLACES = BREAKDOWN_BY_MAX };

/* The first that has all dimensions and measures is taken, so the undivided figure is that of 1B, as in the KPIs of outcomes. */
static const struct table {
    enum national_part part;
    unsigned key1, key2; /* enum dimension; NO_KEY */
} TABLES[] = {
    {NATIONAL_1B, DIMENSION_AGE_BAND, DIMENSION_GENDER},
    {NATIONAL_1A, DIMENSION_ETHNIC_GROUP, DIMENSION_GENDER},
    {NATIONAL_1C, DIMENSION_PREGNANT, NO_KEY}, /* it has no keys: all its cells are Y */
    {NATIONAL_1E, DIMENSION_NSSEC, NO_KEY},
    {NATIONAL_1F, DIMENSION_AID, NO_KEY},
    {NATIONAL_1G, DIMENSION_INTERVENTION_TYPE, NO_KEY},
    {NATIONAL_1H, DIMENSION_SETTING, NO_KEY},
};

/* Measures of the form, as bits. 1C has no SET: it is the sum of its outcomes. */
#define M(name) (1u << MEASURE_##name)
#define ALL_OUTCOMES (M(QUIT) | M(NOT_QUIT) | M(LOST))

struct cells_of {
    unsigned above, below; /* 0: the form does not tell */
};

static struct cells_of cells_of(enum measure m, enum national_part part) {
    unsigned set = part == NATIONAL_1C ? ALL_OUTCOMES : M(SET);
    switch (m) {
    case MEASURE_SET_QUIT_DATE: return (struct cells_of){set, set};
    case MEASURE_QUIT4: return (struct cells_of){M(QUIT), set};
    case MEASURE_CO_VERIFIED4: return (struct cells_of){M(CO_VALIDATED), M(QUIT)};
    case MEASURE_LOST4: return (struct cells_of){M(LOST), set};
    default: return (struct cells_of){0, 0};
    }
}

static bool has_measures(const struct table *t, enum measure m) {
    struct cells_of of = cells_of(m, t->part);
    return of.above && !((of.above | of.below) & ~national_part_info(t->part)->measures);
}

static bool has_dimensions(const struct table *t, const enum dimension *by, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (by[i] != DIMENSION_PROVIDER && by[i] != t->key1 && by[i] != t->key2) return false;
    return true;
}

static const struct table *table_of(enum measure m, const enum dimension *by, size_t count) {
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++)
        if (has_measures(&TABLES[i], m) && has_dimensions(&TABLES[i], by, count)) return &TABLES[i];
    return NULL;
}

static const struct table *table_asked(const struct breakdown *b) {
    enum dimension by[BREAKDOWN_BY_MAX] = {0};
    for (size_t i = 0; i < b->by_count; i++)
        by[i] = b->by[i].which;
    return table_of(b->measure, by, b->by_count);
}

bool national_tells(enum measure m, const enum dimension *by, size_t by_count) {
    return table_of(m, by, by_count) != NULL;
}

/* ---- counting ---- */

static struct breakdown_cell cell_of(const struct fact_national *f, struct cells_of of) {
    unsigned measure = f->measure ? 1u << (f->measure - 1) : 0;
    return (struct breakdown_cell){of.above & measure ? f->value : 0, of.below & measure ? f->value : 0};
}

static void add(struct breakdown_cell *to, struct breakdown_cell c, int64_t times) {
    to->numerator += times * c.numerator;
    to->denominator += times * c.denominator;
}

static struct breakdown_cell sum_of(const struct breakdown *b, const struct held *h,
                                    enum national_part part) {
    const struct fact_national *cells = h->facts;
    struct breakdown_cell sum = {0, 0};
    for (uint32_t i = 0; i < h->rows; i++)
        if (cells[i].part == part + 1) add(&sum, cell_of(&cells[i], cells_of(b->measure, part)), 1);
    return sum;
}

static struct breakdown_cell not_pregnant(const struct breakdown *b, const struct held *h) {
    struct breakdown_cell rest = sum_of(b, h, NATIONAL_1B);
    add(&rest, sum_of(b, h, NATIONAL_1C), -1);
    return rest;
}

static void put(struct breakdown *b, const size_t at[PLACES], struct breakdown_cell c) {
    add(&b->cells[at[0] * breakdown_width(b) + at[1]], c, 1);
    add(&b->total, c, 1);
    for (size_t i = 0; i < b->by_count; i++)
        b->by[i].list[at[i]].seen = true;
}

static size_t member_of(const struct dimension_members *m, str key) {
    for (size_t i = 0; i < m->count; i++)
        if (str_eq(m->list[i].key, key)) return i;
    return m->unknown;
}

static size_t member_of_code(const struct dimension_members *m, uint16_t code) {
    char text[2] = {(char)(code >> 8), (char)(code & 0xff)};
    return member_of(m, (str){text, text[1] ? 2 : 1});
}

static void place(const struct breakdown *b, const struct table *t, uint32_t provider,
                  const struct fact_national *f, size_t at[PLACES]) {
    for (size_t i = 0; i < b->by_count; i++) {
        const struct dimension_members *m = &b->by[i];
        if (m->which == DIMENSION_PROVIDER) at[i] = provider;
        else if (m->which == DIMENSION_PREGNANT) at[i] = member_of(m, STR("Y"));
        else at[i] = member_of_code(m, m->which == t->key1 ? f->key1 : f->key2);
    }
}

static void add_not_pregnant(struct breakdown *b, uint32_t provider, const struct held *h) {
    size_t at[PLACES] = {0};
    for (size_t i = 0; i < b->by_count; i++)
        at[i] = b->by[i].which == DIMENSION_PROVIDER ? provider : member_of(&b->by[i], STR("N"));
    put(b, at, not_pregnant(b, h));
}

static void add_held(struct breakdown *b, const struct table *t, uint32_t provider, const struct held *h) {
    const struct fact_national *cells = h->facts;
    struct cells_of of = cells_of(b->measure, t->part);
    for (uint32_t i = 0; i < h->rows; i++) {
        size_t at[PLACES] = {0};
        if (cells[i].part != t->part + 1) continue;
        place(b, t, provider, &cells[i], at);
        put(b, at, cell_of(&cells[i], of));
    }
    if (t->part == NATIONAL_1C) add_not_pregnant(b, provider, h);
}

/* ---- what becomes of it ---- */

static bool is_rate(struct breakdown_cell c) {
    return c.numerator >= 0 && c.denominator >= c.numerator;
}

static enum national_told told_of(const struct breakdown *b, const struct held *h) {
    const struct table *t = table_asked(b);
    if (measure_counts_service_users(b->measure)) return NATIONAL_SERVICE_USERS;
    if (measure_info(b->measure)->part != PART_EPISODES) return NATIONAL_ABSENT;
    if (!national_tells(b->measure, NULL, 0)) return NATIONAL_NO_MEASURE;
    if (b->authority) return NATIONAL_NO_AUTHORITY;
    if (!t) return NATIONAL_NO_TABLE;
    if (t->part == NATIONAL_1C && h->facts && !is_rate(not_pregnant(b, h))) return NATIONAL_DISAGREES;
    return NATIONAL_TOLD;
}

enum national_told breakdown_national_of(const struct breakdown *b, const struct book *book, int16_t period) {
    const struct held *h = book_find(book, PART_NATIONAL, period);
    return h && !book_is_taken_back(book, h) ? told_of(b, h) : NATIONAL_ABSENT;
}

void breakdown_national_add(struct breakdown *b, uint32_t provider, const struct book *book) {
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        bool counts = h->part == PART_NATIONAL && h->facts && h->period >= b->from && h->period <= b->to;
        if (counts && told_of(b, h) == NATIONAL_TOLD) add_held(b, table_asked(b), provider, h);
    }
}
