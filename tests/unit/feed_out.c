/* feed_out: the bytes of a table by hand, memory that does not grow with the rows, and slips that are found. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/feed_out.h"
#include "kpi/measure.h"
#include "tests/support/suite.h"

static const struct feed_column COLUMNS[] = {
    {"name", FEED_TEXT, true, "-", NULL},     {"count", FEED_INTEGER, false, "-", NULL},
    {"share", FEED_NUMBER, false, "-", NULL}, {"good", FEED_FLAG, false, "-", NULL},
    {"day", FEED_DAY, false, "-", NULL},
};
static const struct feed_table TABLE = {"test", "-", COLUMNS, 5};

static void add_row(struct feed_out *o, const char *name, bool given) {
    feed_cstr(o, "name", name);
    feed_int_if(o, "count", given, -12);
    feed_decimal_if(o, "share", given, (struct decimal){5240, 2});
    feed_flag_if(o, "good", given, false);
    feed_day(o, "day", given ? 0 : DAY_NONE);
    feed_end_row(o);
}

static void by_hand(void) {
    static const struct {
        bool csv;
        const char *bytes;
    } CASES[] = {
        {true, "name,count,share,good,day\r\n'=1+1,-12,52.4,false,1970-01-01\r\n\"a, \"\"b\"\"\",,,,\r\n"},
        {false,
         "{\"results\":[{\"name\":\"=1+1\",\"count\":-12,\"share\":52.4,\"good\":false,\"day\":\"1970-01-01\"},"
         "{\"name\":\"a, \\\"b\\\"\",\"count\":null,\"share\":null,\"good\":null,\"day\":null}],"
         "\"metadata\":{\"total\":2,\"limit\":null,\"cursor\":null}}"},
    };
    for (size_t i = 0; i < 2; i++) {
        struct feed_out o = {.table = NULL};
        struct reply p = {0};
        struct fault fault = {0};
        for (int tries = 0; tries < 2; tries++) { /* begun anew, nothing of the first try is left */
            feed_out_begin(&o, &TABLE, CASES[i].csv, false, "/tmp");
            add_row(&o, "=1+1", true);
            add_row(&o, "a, \"b\"", false);
        }
        CHECK(feed_out_end(&o, &fault, &p) == OK, "ends");
        CHECK(str_is(buf_str(&p.body), CASES[i].bytes), "%.*s", STR_ARG(buf_str(&p.body)));
        CHECK(strlen(p.etag) == 34 && p.etag[0] == '"', "tag %s", p.etag);
        feed_out_free(&o);
        buf_free(&p.body);
    }
}

/* Columns that were written once are the same bytes wherever they stand, until they are forgotten. */
static void columns_again(void) {
    for (int csv = 0; csv < 2; csv++) {
        struct feed_out o = {.table = NULL};
        struct reply plain = {0}, again = {0};
        struct fault fault = {0};
        struct feed_run first = {0}, last = {0};
        feed_out_begin(&o, &TABLE, csv, false, "/tmp");
        for (int i = 0; i < 4; i++)
            add_row(&o, i < 2 ? "a \"b\"" : "c", true);
        CHECK(feed_out_end(&o, &fault, &plain) == OK, "ends");
        feed_out_begin(&o, &TABLE, csv, false, "/tmp");
        for (int i = 0; i < 4; i++) {
            if (i == 2) feed_run_forget(&first);
            CHECK(feed_run_again(&o, &first) == (i % 2 == 1), "row %d", i);
            if (i % 2 == 0) {
                feed_run_begin(&o, &first);
                feed_cstr(&o, "name", i < 2 ? "a \"b\"" : "c");
                feed_int(&o, "count", -12);
                feed_run_end(&o, &first);
            }
            feed_decimal_if(&o, "share", true, (struct decimal){5240, 2});
            if (!feed_run_again(&o, &last)) {
                feed_run_begin(&o, &last);
                feed_flag(&o, "good", false);
                feed_day(&o, "day", 0);
                feed_run_end(&o, &last);
            }
            feed_end_row(&o);
        }
        CHECK(feed_out_end(&o, &fault, &again) == OK, "ends: %s", fault.detail);
        CHECK(str_eq(buf_str(&plain.body), buf_str(&again.body)), "%.*s", STR_ARG(buf_str(&again.body)));
        feed_run_free(&first);
        feed_run_free(&last);
        feed_out_free(&o);
        buf_free(&plain.body);
        buf_free(&again.body);
    }
}

static void empty(void) {
    struct feed_out o = {.table = NULL};
    struct reply p = {0};
    struct fault fault = {0};
    feed_out_begin(&o, &TABLE, false, false, "/tmp");
    CHECK(feed_out_end(&o, &fault, &p) == OK, "ends");
    CHECK(str_is(buf_str(&p.body),
                 "{\"results\":[],\"metadata\":{\"total\":0,\"limit\":null,\"cursor\":null}}"),
          "%.*s", STR_ARG(buf_str(&p.body)));
    feed_out_free(&o);
    buf_free(&p.body);
}

/* 200,000 rows of 31 bytes: beyond 4 MiB they lie in a file, and what is in memory stays below it. */
static void many_rows(void) {
    struct feed_out o = {.table = NULL};
    struct reply p = {0};
    struct fault fault = {0};
    size_t most = 0;
    feed_out_begin(&o, &TABLE, true, false, "/tmp");
    for (int i = 0; i < 200000; i++) {
        add_row(&o, "row", true);
        size_t now = o.piece.room + o.spill.head.room;
        if (now > most) most = now;
    }
    CHECK(feed_out_end(&o, &fault, &p) == OK, "ends");
    /* name,count,share,good,day + CR LF is 27; row,-12,52.4,false,1970-01-01 + CR LF is 31 */
    CHECK(p.has_file && p.file_bytes == 27 + 200000ull * 31, "%llu bytes in a file",
          (unsigned long long)p.file_bytes);
    CHECK(most < 16u << 20, "%zu bytes in memory", most);
    if (p.has_file) close(p.file);
    feed_out_free(&o);
}

static enum err end_of(void (*write)(struct feed_out *o)) {
    struct feed_out o = {.table = NULL};
    struct reply p = {0};
    struct fault fault = {0};
    feed_out_begin(&o, &TABLE, false, true, "/tmp");
    write(&o);
    enum err e = feed_out_end(&o, &fault, &p);
    feed_out_free(&o);
    buf_free(&p.body);
    return e;
}

static void another_column(struct feed_out *o) {
    feed_cstr(o, "count", "1");
    feed_end_row(o);
}
static void too_few(struct feed_out *o) {
    feed_cstr(o, "name", "a");
    feed_end_row(o);
}
static void too_many(struct feed_out *o) {
    feed_cstr(o, "name", "a");
    feed_int(o, "count", 1);
    feed_fraction_if(o, "share", true, fraction_of(1, 3));
    feed_flag(o, "good", true);
    feed_day(o, "day", 0);
    feed_day(o, "day", 0);
    feed_end_row(o);
}
static void columns_out_of_place(struct feed_out *o) {
    struct feed_run run = {0};
    add_row(o, "a", true);
    feed_run_begin(o, &run);
    feed_cstr(o, "name", "a");
    feed_run_end(o, &run);
    CHECK(feed_run_again(o, &run), "kept");
    feed_end_row(o);
    feed_run_free(&run);
}
static void nothing_to_keep(struct feed_out *o) {
    struct feed_run run = {0};
    add_row(o, "a", true);
    feed_run_begin(o, &run);
    feed_int(o, "count", 1);
    feed_run_end(o, &run);
    CHECK(!feed_run_again(o, &run), "nothing is kept");
    feed_run_free(&run);
}
static void whole(struct feed_out *o) {
    add_row(o, "a", true);
}

static void slips(void) {
    CHECK(end_of(another_column) == ERR_INTERNAL, "a value of another column");
    CHECK(end_of(too_few) == ERR_INTERNAL, "a row that ends too soon");
    CHECK(end_of(too_many) == ERR_INTERNAL, "a value too many");
    CHECK(end_of(columns_out_of_place) == ERR_INTERNAL, "the same columns twice");
    CHECK(end_of(nothing_to_keep) == ERR_INTERNAL, "another column, to be kept");
    CHECK(end_of(whole) == OK, "a whole row, compressed");
}

/* The words of the column are written by hand in feed_tables.c. */
static void measures_are_all(void) {
    const struct feed_table *t = &FEED_TABLES[FEED_BREAKDOWNS];
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->columns[i].name, "measure") != 0) continue;
        str rest = str_of(t->columns[i].words);
        for (unsigned m = 0; m < MEASURE_COUNT; m++) {
            str word = str_cut(&rest, ' ');
            CHECK(str_is(word, measure_info((enum measure)m)->name), "%.*s", STR_ARG(word));
        }
        CHECK(!rest.n, "and no other: %.*s", STR_ARG(rest));
    }
}

void suite_feed_out(void) {
    suite_add("unit feed out", NULL, NULL);
    case_add("CSV and JSON by hand, also at a second try", by_hand);
    case_add("columns that are written again", columns_again);
    case_add("a table without rows", empty);
    case_add("memory does not grow with the rows", many_rows);
    case_add("the measures of the feed breakdowns are all measures", measures_are_all);
    case_add("a slip of a writer is an internal error, not a shifted row", slips);
}
