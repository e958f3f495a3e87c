/* judge WHAT FILE: does one thing with a file that is in memory, twice, and prints what the second time took: seconds, bytes, rows.
 *
 *     check    judges every row and says what is wrong, as `quarterday check` does
 *     faults   as check, of a file with an error in each row
 *     facts    the same, and keeps facts and digests, as a dry run does
 *     encode   the same, and encodes the rows for COPY
 *     tree     json_loadb() of the whole, as a program does that has no reader of its own
 *     split    libcsv splits the fields and rows; nothing is checked
 *     rules    the same, and each field is checked by the rules of its column (bench/cell_rules.h)
 *
 * HANDS judge the rows: as many as in the service, unless it is said; 0: one, row after row. The first time pays for fresh memory. libcsv is opened when asked for, so that only the bench needs it. */
#include <dlfcn.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/alone.h"
#include "bench/cell_rules.h"
#include "bench/clock.h"

struct task {
    const char *name;
    bool (*run)(str file, uint64_t *out_rows);
};

/* ---- our judge ---- */

static unsigned hands; /* as many as the service takes, unless it is said */

enum wanted { FINDINGS, FAULTS, FACTS, ROWS };

static bool judge_file(str file, enum wanted task, uint64_t *out_rows) {
    struct judge_input in = alone_input(file, day_from_civil(2026, 2, 20));
    in.service = task == ROWS ? STR("bench") : STR_NONE;
    in.provider = STR("p00");
    in.version = 1;
    in.hands = hands;
    in.findings_only = task <= FAULTS;
    struct fault fault = {.err = OK};
    struct judgement judgement;
    if (!body_format_find(STR_NONE, file, &in.format) || judge(&in, &fault, &judgement) != OK) {
        fprintf(stderr, "judge: %s\n", fault.detail);
        return false;
    }
    uint64_t found = judgement.findings.errors + judgement.findings.warnings;
    bool is_clean = found == (task == FAULTS ? judgement.rows : 0);
    if (!is_clean && judgement.findings.kept_count) {
        const struct finding *f = &judgement.findings.kept[0];
        fprintf(stderr, "judge: the file is not as it should be: row %u: %s\n", f->row,
                arena_cstr(&judgement.findings.arena, f->detail));
    }
    *out_rows = judgement.rows;
    judgement_free(&judgement);
    return is_clean;
}

static bool run_check(str file, uint64_t *out_rows) {
    return judge_file(file, FINDINGS, out_rows);
}

static bool run_faults(str file, uint64_t *out_rows) {
    return judge_file(file, FAULTS, out_rows);
}

static bool run_facts(str file, uint64_t *out_rows) {
    return judge_file(file, FACTS, out_rows);
}

static bool run_encode(str file, uint64_t *out_rows) {
    return judge_file(file, ROWS, out_rows);
}

/* ---- Jansson ---- */

static bool run_tree(str file, uint64_t *out_rows) {
    json_error_t error;
    json_t *tree = json_loadb(file.p, file.n, JSON_REJECT_DUPLICATES, &error);
    if (!tree) {
        fprintf(stderr, "judge: line %d: %s\n", error.line, error.text);
        return false;
    }
    *out_rows = json_array_size(json_object_get(tree, "rows"));
    json_decref(tree);
    return true;
}

/* ---- libcsv ---- */

/* As declared in <csv.h> of libcsv 3; the parser is only ever handled through its pointer (88 bytes there). */
union csv_parser_room {
    char bytes[512];
    max_align_t aligned;
};
struct csv_library {
    int (*init)(void *parser, unsigned char options);
    size_t (*parse)(void *parser, const void *bytes, size_t n, void (*field)(void *, size_t, void *),
                    void (*row)(int, void *), void *context);
    int (*fini)(void *parser, void (*field)(void *, size_t, void *), void (*row)(int, void *), void *context);
    void (*free)(void *parser);
};

static bool csv_find(void *library, const char *name, void *out_function) {
    void *symbol = library ? dlsym(library, name) : NULL;
    memcpy(out_function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static bool csv_open(struct csv_library *out) {
    void *library = dlopen("libcsv.so.3", RTLD_NOW);
    bool found = csv_find(library, "csv_init", &out->init) && csv_find(library, "csv_parse", &out->parse) &&
                 csv_find(library, "csv_fini", &out->fini) && csv_find(library, "csv_free", &out->free);
    if (!found) fprintf(stderr, "judge: libcsv is missing (Debian package libcsv3)\n");
    return found;
}

struct split {
    uint64_t fields, rows, bytes;
};

static void see_field(void *bytes, size_t n, void *context) {
    (void)bytes;
    struct split *s = context;
    s->fields++;
    s->bytes += n;
}

static void see_row(int ended_by, void *context) {
    (void)ended_by;
    struct split *s = context;
    s->rows++;
}

typedef void field_fn(void *bytes, size_t n, void *context);
typedef void row_end_fn(int ended_by, void *context);

static bool csv_read(str file, field_fn *field, row_end_fn *row, void *context) {
    struct csv_library csv;
    union csv_parser_room parser;
    if (!csv_open(&csv) || csv.init(&parser, 0) != 0) return false;
    bool ok = csv.parse(&parser, file.p, file.n, field, row, context) == file.n &&
              csv.fini(&parser, field, row, context) == 0;
    csv.free(&parser);
    return ok;
}

static bool run_split(str file, uint64_t *out_rows) {
    struct split s = {0};
    bool ok = csv_read(file, see_field, see_row, &s);
    *out_rows = s.rows ? s.rows - 1 : 0; /* the header is a row to it */
    return ok && s.rows && s.fields % s.rows == 0;
}

/* ---- libcsv and rules ---- */

struct ruled {
    const struct part *part;
    size_t order[COLUMNS_MAX]; /* the columns of the header, in its order */
    size_t columns, at;        /* at: which field of the row comes next */
    uint64_t rows, bad;
    int32_t first, last, today;
};

static size_t column_named(const struct part *part, str name) {
    size_t i = 0;
    while (i < part->column_count && !str_is(name, part->columns[i].name))
        i++;
    return i;
}

static void rule_field(void *bytes, size_t n, void *context) {
    struct ruled *r = context;
    str text = {bytes, n};
    if (r->rows == 0 && r->columns < COLUMNS_MAX) {
        size_t column = column_named(r->part, text);
        r->bad += column == r->part->column_count;
        r->order[r->columns++] = column;
    } else if (r->at < r->columns) {
        const struct column *c = &r->part->columns[r->order[r->at++]];
        r->bad += !rule_cell_is_good(c, text, r->first, r->last, r->today);
    }
}

static void rule_row(int ended_by, void *context) {
    (void)ended_by;
    struct ruled *r = context;
    r->bad += r->rows && r->at != r->columns;
    r->rows++;
    r->at = 0;
}

static bool run_rules(str file, uint64_t *out_rows) {
    struct ruled r = {
        .part = part_get(PART_EPISODES),
        .first = period_first_day(period_of(2025, 3)),
        .last = period_last_day(period_of(2025, 3)),
        .today = day_from_civil(2026, 2, 20),
    };
    bool ok = csv_read(file, rule_field, rule_row, &r);
    if (ok && r.bad) fprintf(stderr, "judge: %llu cells break a rule\n", (unsigned long long)r.bad);
    *out_rows = r.rows ? r.rows - 1 : 0;
    return ok && !r.bad;
}

/* ---- the whole ---- */

static const struct task TASKS[] = {
    {"check", run_check}, {"faults", run_faults}, {"facts", run_facts}, {"encode", run_encode},
    {"tree", run_tree},   {"split", run_split},   {"rules", run_rules},
};

static const struct task *task_find(const char *name) {
    for (size_t i = 0; i < sizeof TASKS / sizeof *TASKS; i++)
        if (strcmp(TASKS[i].name, name) == 0) return &TASKS[i];
    return NULL;
}

int main(int argc, char **argv) {
    const struct task *task = argc == 3 || argc == 4 ? task_find(argv[1]) : NULL;
    str file;
    uint64_t rows = 0;
    if (!task) {
        fprintf(stderr, "usage: judge check|faults|facts|encode|tree|split|rules FILE [HANDS]\n");
        return 2;
    }
    if (!file_read(argv[2], &file)) return 1;
    hands = argc == 4 ? (unsigned)atoi(argv[3]) : judge_hands(file.n);
    if (!task->run(file, &rows)) return 1;
    double began = now();
    if (!task->run(file, &rows)) return 1;
    printf("%.6f %zu %llu\n", now() - began, file.n, (unsigned long long)rows);
    free((void *)(uintptr_t)file.p);
    return 0;
}
