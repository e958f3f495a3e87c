/* Which rows of two versions differ: by key, and where rows have none by what they say, the k-th of equal ones with the k-th. */
#include "handlers/row_changes.h"

#include <stdio.h>

#include "tests/support/suite.h"

enum { ROWS_MAX = 16 };

/* "a1 b2": a row for each word, its first letter the key, the whole what it says. */
static struct row_digests digests_of(const char *words, bool keyed, struct row_digest rows[ROWS_MAX]) {
    struct row_digests d = {rows, 0, false};
    for (str rest = str_of(words), one = str_cut(&rest, ' '); one.n; one = str_cut(&rest, ' ')) {
        rows[d.count].content = hash128_of(one);
        rows[d.count].key = keyed ? hash128_of(str_sub(one, 0, 1)) : rows[d.count].content;
        d.count++;
    }
    return d;
}

static void both_kinds(void) {
    static const struct {
        const char *before, *after, *keyed, *keyless;
    } CASES[] = {
        {"", "", "0 0 0 0:", "0 0 0 0:"},
        {"", "a1 b1", "2 0 0 0: 0>1 0>2", "2 0 0 0: 0>1 0>2"},
        {"a1 b1", "", "0 0 0 2: 1>0 2>0", "0 0 0 2: 1>0 2>0"},
        {"a1 b1 c1", "a1 b1 c1", "0 0 3 0:", "0 0 3 0:"},
        {"a1 b1 c1", "c1 a1 b1", "0 0 3 0:", "0 0 3 0:"},
        {"a1 b1 c1", "d1 c1 b2", "1 1 1 1: 0>1 2>3 1>0", "2 0 1 2: 0>1 0>3 1>0 2>0"},
        {"a1 b1", "b2 a2", "0 2 0 0: 2>1 1>2", "2 0 0 2: 0>1 0>2 1>0 2>0"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (int keyed = 0; keyed < 2; keyed++) {
            struct row_digest rows[2][ROWS_MAX];
            struct row_digests before = digests_of(CASES[i].before, keyed, rows[0]),
                               after = digests_of(CASES[i].after, keyed, rows[1]);
            struct row_change_list l;
            struct buf got = BUF_EMPTY;
            row_changes_list(&before, &after, keyed, &l);
            buf_printf(&got, "%u %u %u %u:", l.counts.created, l.counts.updated, l.counts.unchanged,
                       l.counts.removed);
            for (size_t k = 0; k < l.count; k++)
                buf_printf(&got, " %u>%u", l.changes[k].before, l.changes[k].after);
            CHECK(str_is(buf_str(&got), keyed ? CASES[i].keyed : CASES[i].keyless), "%s, %s, keyed %d: %.*s",
                  CASES[i].before, CASES[i].after, keyed, STR_ARG(buf_str(&got)));
            struct row_changes counts =
                keyed ? row_changes_count(&before, &after) : row_changes_count_keyless(&before, &after);
            CHECK(memcmp(&counts, &l.counts, sizeof counts) == 0, "%s, %s, keyed %d: as the receipt counts",
                  CASES[i].before, CASES[i].after, keyed);
            row_change_list_free(&l);
            buf_free(&got);
        }
}

static void equal_rows(void) {
    struct row_digest rows[2][ROWS_MAX];
    struct row_digests before = digests_of("x y x x", false, rows[0]),
                       after = digests_of("y x z x y", false, rows[1]);
    struct row_change_list l;
    row_changes_list(&before, &after, false, &l);
    CHECK(l.count == 3 && l.counts.unchanged == 3 && l.changes[0].after == 3 && l.changes[1].after == 5 &&
              l.changes[2].before == 4,
          "z and the second y are new, the third x is gone: %zu", l.count);
    row_change_list_free(&l);
}

void suite_row_changes(void) {
    suite_add("unit row changes", NULL, NULL);
    case_add("which rows differ, and as many as the receipt counts", both_kinds);
    case_add("of equal rows the k-th is the k-th before", equal_rows);
}
