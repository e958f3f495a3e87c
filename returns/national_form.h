/* national_form: the form of the national collection as one table (domain.md 1.3 to 1.5,
 * data/sss_quarterly_return_structure.csv): parts 1A to 1H and 2A, 2B, each a few measures per combination of
 * its keys. The keys are the codes of returns/code_lists.csv that are valid in the period, so a form is that
 * of its period; the two versions differ in nothing else. And a form filled in.
 *
 * Cells stand part by part, in the order of the code lists, then of the measures: the order in which every
 * answer and file lists them.
 *
 * What would surprise: 1C has no SET cell, it is the sum of its three outcomes. S1 (one licensed nicotine
 * product alone) is a placeholder of ours that the national list lacks, so its cells may be left out. */
#ifndef QD_RETURNS_NATIONAL_FORM_H
#define QD_RETURNS_NATIONAL_FORM_H

#include "returns/code_list.h"

enum { NATIONAL_FORM_2024_FROM = 2024 * 4 };
/* "SSQ-2017" or "SSQ-2024": the form in force in a period. */
const char *national_form_version(int16_t period);

/* Order and numbers are stored (struct fact_national): append only. */
enum national_part {
    NATIONAL_1A, /* ethnic category and gender */
    NATIONAL_1B, /* age band and gender */
    NATIONAL_1C, /* pregnant */
    NATIONAL_1D, /* free prescriptions */
    NATIONAL_1E, /* socio-economic classification */
    NATIONAL_1F, /* aid received */
    NATIONAL_1G, /* intervention type */
    NATIONAL_1H, /* intervention setting */
    NATIONAL_2A, /* allocation */
    NATIONAL_2B, /* spend */
    NATIONAL_PART_COUNT
};

/* Order and numbers are stored, too. */
/* clang-format off */
#define NATIONAL_MEASURE_LIST(X) \
    X(SET,                   "people setting a quit date")                              \
    X(QUIT,                  "people who quit (self-report)")                           \
    X(NOT_QUIT,              "people who did not quit")                                 \
    X(LOST,                  "people lost to follow-up")                                \
    X(CO_VALIDATED,          "quitters confirmed by carbon monoxide")                   \
    X(ALLOCATION,            "financial allocation for the year")                       \
    X(CUMULATIVE_SPEND,      "spend from April to the quarter's end, without pharmacotherapy") \
    X(PHARMACOTHERAPY_SPEND, "spend on pharmacotherapy")                                \
    X(OTHER_ALLOCATION,      "other allocation, with underspend carried over")
/* clang-format on */
enum national_measure {
#define X(name, meaning) MEASURE_##name,
    NATIONAL_MEASURE_LIST(X)
#undef X
        NATIONAL_MEASURE_COUNT
};

struct national_part_info {
    const char *name;                    /* "1A" */
    const char *meaning;                 /* "ethnic category by gender" */
    const struct code_list *key1, *key2; /* NULL: the part has no such key */
    unsigned measures;                   /* bit per enum national_measure */
    bool has_reason;                     /* 1G, 1H: an outlier is explained */
};
const struct national_part_info *national_part_info(enum national_part part);
bool national_part_parse(str name, enum national_part *out);
const char *national_measure_name(enum national_measure m);
const char *national_measure_meaning(enum national_measure m);
bool national_measure_parse(str name, enum national_measure *out);
static inline bool national_measure_is_money(enum national_measure m) {
    return m >= MEASURE_ALLOCATION;
}

enum {
    NATIONAL_COUNT_MOST = 999999,
    NATIONAL_MONEY_MOST = 99999999, /* whole pounds */
    NATIONAL_REASON_MOST = 200,     /* characters */
    NATIONAL_ROWS_MAX = 224,
    NATIONAL_CELLS_MAX = 512,
};

/* One combination of keys. */
struct national_row {
    uint8_t part; /* enum national_part */
    bool optional;
    const char *key1, *key2; /* "" where the part has none */
    uint16_t first, count;   /* its cells */
};
struct national_cell {
    uint16_t row;
    uint8_t measure; /* enum national_measure */
    int32_t most;    /* the least is 0 */
};

struct national_form {
    int16_t period;
    const char *version;
    uint16_t row_count, cell_count;
    uint16_t part_rows[NATIONAL_PART_COUNT + 1]; /* where the rows of each part begin */
    struct national_row rows[NATIONAL_ROWS_MAX];
    struct national_cell cells[NATIONAL_CELLS_MAX];
};

/* The form of a period, from 2017-18-Q3 on. */
void national_form_build(int16_t period, struct national_form *out);
/* The row of these keys, -1 when the form has none. Keys match without regard to case, whole: "8" is not "08". */
int national_row_find(const struct national_form *f, enum national_part part, str key1, str key2);
/* The cell of a row, -1 when the part does not ask for the measure. */
int national_cell_of(const struct national_form *f, int row, enum national_measure m);
int national_cell_find(const struct national_form *f, enum national_part part, str key1, str key2,
                       enum national_measure m);
static inline const struct national_row *national_row_of(const struct national_form *f, int cell) {
    return &f->rows[f->cells[cell].row];
}
static inline bool national_cell_is_mandatory(const struct national_form *f, int cell) {
    return !national_row_of(f, cell)->optional;
}
/* A cell that a provider must send: the finance of 2A and 2B comes from the commissioner; it may be sent, and need not. */
static inline bool national_cell_is_awaited(const struct national_form *f, int cell) {
    return national_cell_is_mandatory(f, cell) && national_row_of(f, cell)->part < NATIONAL_2A;
}
/* "1B 02 2 QUIT": a cell as people are told of it. */
void national_cell_name(const struct national_form *f, int cell, struct buf *out);

/* ---- filled in ---- */

struct national_filled {
    const struct national_form *form;
    int64_t values[NATIONAL_CELLS_MAX]; /* 0 where nothing is known */
    bool present[NATIONAL_CELLS_MAX];
    str reasons[NATIONAL_ROWS_MAX]; /* p NULL: none; borrowed */
};

void national_filled_begin(struct national_filled *out, const struct national_form *form);
static inline void national_filled_put(struct national_filled *f, int cell, int64_t value) {
    f->values[cell] = value;
    f->present[cell] = true;
}
/* A cell of a row; 0 where the part does not ask for the measure. */
int64_t national_filled_get(const struct national_filled *f, int row, enum national_measure m);
/* The sum of a measure over a part; key2 NULL: over all. */
int64_t national_filled_sum(const struct national_filled *f, enum national_part part, const char *key2,
                            enum national_measure m);

/* Does the row's success ask for a reason: somebody set a quit date, and at most 35 % or at least 70 % quit? */
bool national_is_outlier(int64_t set, int64_t quit);

#endif
