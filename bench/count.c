/* count stored CONNINFO FRAMEWORK_FILE SERVICE PROVIDER DAY
 * count file ROWS_FILE FRAMEWORK_FILE DAY: counts every element of the framework for one provider as at the day, twice; prints what the second time
 * took in seconds, then a line "period element count" for each count that is not 0. `stored` reads the facts in force from the database and counts them while they come, as
 * the service does; `file` judges a return of 2025-26-Q3 first, which is not, and needs no database: what callgrind counts. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/alone.h"
#include "bench/clock.h"
#include "db/store_tally.h"
#include "kpi/element.h"

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

static void tell(const struct framework *f, struct tally *tally, double took, bool tells) {
    if (tells) printf("%.6f\n", took);
    if (tells) print_counts(f, tally);
    tally_free(tally);
}

/* ---- from the database ---- */

static bool count_stored(struct db *db, const struct store_tally_ask *ask) {
    db_act_for(db, DB_SERVICE(ask->service));
    for (int pass = 0; pass < 2; pass++) {
        struct tally tally;
        double began = now();
        if (store_tally(db, ask, &tally) != OK) return complain("database", db_last_error(db));
        tell(ask->framework, &tally, now() - began, pass == 1);
    }
    return true;
}

static bool run_stored(char **argv, const struct framework *f, int32_t day) {
    struct db *db = db_new(argv[2], "bench");
    struct store_tally_ask ask = {.service = str_of(argv[4]),
                                  .provider = str_of(argv[5]),
                                  .known_at = INSTANT_NONE,
                                  .framework = f,
                                  .as_at = day};
    bool ok = count_stored(db, &ask);
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
    for (int pass = 0; ok && pass < 2; pass++) {
        struct tally tally;
        double began = now();
        tally_count(f, &book, day, NULL, &tally);
        tell(f, &tally, now() - began, pass == 1);
    }
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
