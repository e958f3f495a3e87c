/* count stored CONNINFO FRAMEWORK_FILE SERVICE PROVIDER DAY
 * count file ROWS_FILE FRAMEWORK_FILE DAY: counts every element of the framework for one provider as at the day, twice; prints what the second time
 * took in seconds, then a line "period element count" for each count that is not 0. `stored` reads the facts in force from the database, which is
 * part of the time; `file` judges a return of 2025-26-Q3 first, which is not, and needs no database: what callgrind counts. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/alone.h"
#include "bench/clock.h"
#include "db/store.h"
#include "kpi/element.h"
#include "kpi/tally.h"

static bool complain(const char *what, const char *why) {
    fprintf(stderr, "count: %s: %s\n", what, why);
    return false;
}

static bool read_framework(const char *path, struct framework **out) {
    str body;
    struct fault fault = {.err = OK};
    if (!file_read(path, &body)) return false;
    bool ok = framework_parse(body, 1, &fault, out) == OK || complain(path, fault.detail);
    free((void *)(uintptr_t)body.p);
    return ok;
}

/* ---- counts ---- */

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void print_sorted(char **lines, size_t count) {
    qsort(lines, count, sizeof *lines, compare);
    for (size_t i = 0; i < count; i++)
        puts(lines[i]);
}

static void print_counts(const struct framework *f, const struct tally *t) {
    struct arena a = ARENA_EMPTY;
    size_t count = 0, most = (size_t)(t->last - t->first + 1) * f->element_count;
    char **lines = ARENA_ARRAY(&a, char *, most + 1);
    for (int16_t p = t->first; p <= t->last; p++)
        for (size_t e = 0; e < f->element_count; e++) {
            char period[PERIOD_TEXT];
            int64_t n = tally_get(t, p, (int)e);
            if (n == 0) continue;
            str line =
                arena_printf(&a, "%s %s %lld", period_format(p, period), f->elements[e].name, (long long)n);
            lines[count++] = (char *)(uintptr_t)arena_cstr(&a, line);
        }
    print_sorted(lines, count);
    arena_free(&a);
}

static void count(const struct framework *f, const struct book *book, int32_t day, double began, bool tell) {
    struct tally tally;
    tally_count(f, book, day, NULL, &tally);
    if (tell) printf("%.6f\n", now() - began);
    if (tell) print_counts(f, &tally);
    tally_free(&tally);
}

/* ---- from the database ---- */

static bool count_stored(struct db *db, const struct framework *f, str service, str provider, int32_t day) {
    db_act_for(db, DB_SERVICE(service));
    for (int pass = 0; pass < 2; pass++) {
        struct arena a = ARENA_EMPTY;
        struct book book;
        double began = now();
        enum err e = store_book_load(db, service, provider, INSTANT_NONE, ~0u, &a, &book);
        if (e == OK) count(f, &book, day, began, pass == 1);
        arena_free(&a);
        if (e != OK) return complain("database", db_last_error(db));
    }
    return true;
}

static bool run_stored(char **argv, const struct framework *f, int32_t day) {
    struct db *db = db_new(argv[2], "bench");
    bool ok = count_stored(db, f, str_of(argv[4]), str_of(argv[5]), day);
    db_free(db);
    return ok;
}

/* ---- from a file ---- */

static bool run_file(char **argv, const struct framework *f, int32_t day) {
    str body;
    struct fault fault = {.err = OK};
    struct judgement judgement;
    if (!file_read(argv[2], &body)) return false;
    struct judge_input in = alone_input(body, day);
    in.format = FORMAT_CSV;
    if (judge(&in, &fault, &judgement) != OK) return complain(argv[2], fault.detail);
    struct held held = {
        .part = PART_EPISODES,
        .period = in.period,
        .version = 1,
        .seq = 1,
        .rows = judgement.rows,
        .facts = judgement.facts.p,
        .facts_mapped = judgement.facts_mapped,
    };
    struct book book = {.held = &held, .count = 1};
    bool ok = judgement.findings.errors == 0 || complain(argv[2], "has errors");
    for (int pass = 0; ok && pass < 2; pass++)
        count(f, &book, day, now(), pass == 1);
    judgement_free(&judgement);
    free((void *)(uintptr_t)body.p);
    return ok;
}

int main(int argc, char **argv) {
    bool stored = argc == 7 && str_is(str_of(argv[1]), "stored");
    struct framework *f = NULL;
    int32_t day;
    if ((!stored && (argc != 5 || !str_is(str_of(argv[1]), "file"))) ||
        !day_parse_iso(str_of(argv[argc - 1]), &day)) {
        fprintf(
            stderr,
            "usage: count stored CONNINFO FRAMEWORK SERVICE PROVIDER DAY\n       count file ROWS FRAMEWORK DAY\n");
        return 2;
    }
    if (!read_framework(argv[3], &f)) return 1;
    bool ok = stored ? run_stored(argv, f, day) : run_file(argv, f, day);
    framework_free(f);
    return ok ? 0 : 1;
}
