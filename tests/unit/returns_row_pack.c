/* returns: rows in packs: where packs end, whoever wrote the lines, and what a line says of a free text. */
#include <stdio.h>

#include "returns/row_pack.h"
#include "tests/support/suite.h"

static const struct row_pack_of OF = {{"s", 1}, {"p", 1}, 8101, 1, 7};

static void add_lines(struct row_packer *p, unsigned from, unsigned to) {
    for (unsigned i = from; i <= to; i++) {
        char *line = row_packer_room(p, 40);
        row_packer_took(p, (size_t)snprintf(line, 40, "line %u%c%u", i, ROW_PACK_TAB, i % 7));
    }
}

static enum err add(void *context, const void *bytes, size_t n) {
    buf_add(context, bytes, n);
    return OK;
}

/* So many lines; `piece` 0: written one after the other, else each `piece` of them by another packer first. */
static struct buf packed(unsigned lines, unsigned piece) {
    struct spill s;
    struct row_packer all, some;
    struct buf out = BUF_EMPTY;
    spill_begin(&s, "/tmp");
    row_packer_begin(&all, &s, &OF);
    row_packer_begin(&some, NULL, NULL);
    for (unsigned from = 1; from <= lines; from += piece ? piece : lines) {
        unsigned to = piece && from + piece - 1 < lines ? from + piece - 1 : lines;
        add_lines(piece ? &some : &all, from, to);
        if (piece) row_packer_move(&all, &some);
    }
    row_packer_end(&all);
    CHECK(spill_read(&s, add, &out) == OK, "read");
    row_packer_free(&all);
    row_packer_free(&some);
    spill_free(&s);
    return out;
}

static unsigned number_at(str bytes, size_t at) {
    unsigned n = 0;
    for (size_t i = 0; i < 4; i++)
        n = n << 8 | (unsigned char)bytes.p[at + i];
    return n;
}

/* Each pack has the next first row, and as many lines as it says. */
static void check_packs(str copy, unsigned rows) {
    enum { HEAD = 2 + 2 * 5 + 2 * 6 + 8, FIRST = HEAD + 4, ROWS = FIRST + 8, BYTES = ROWS + 4 };
    unsigned seen = 0;
    size_t at = 19;
    while (at + BYTES < copy.n) {
        unsigned first = number_at(copy, at + FIRST), count = number_at(copy, at + ROWS), lines = 1;
        size_t n = number_at(copy, at + BYTES);
        for (size_t i = 0; i < n; i++)
            lines += copy.p[at + BYTES + 4 + i] == ROW_PACK_LINE;
        CHECK(first == seen + 1 && count == lines, "rows %u and %u of %u lines", first, count, lines);
        CHECK(count == ROW_PACK_ROWS || seen + count == rows, "%u rows are together", count);
        seen += count;
        at += BYTES + 4 + n;
    }
    CHECK(seen == rows && copy.n == at + 2, "%u rows of %u", seen, rows);
}

static void packs_end_alike(void) {
    static const unsigned SIZES[] = {0, 1, 2, 1023, 1024, 1025, 2048, 2049, 5000},
                          PIECES[] = {1, 3, 256, 1000, 1024, 1500, 5000};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct buf alone = packed(SIZES[i], 0);
        check_packs(buf_str(&alone), SIZES[i]);
        for (size_t k = 0; SIZES[i] && k < sizeof PIECES / sizeof *PIECES; k++) {
            struct buf moved = packed(SIZES[i], PIECES[k]);
            CHECK(str_eq(buf_str(&moved), buf_str(&alone)), "%u lines, by %u", SIZES[i], PIECES[k]);
            buf_free(&moved);
        }
        buf_free(&alone);
    }
}

static void texts_come_back(void) {
    static const struct {
        str text, line;
    } CASES[] = {
        {STR("Clapton Pharmacy"), STR("Clapton Pharmacy")},
        {STR("Mon\t9-12\nThu"), STR("Mon\\19-12\\2Thu")},
        {STR("\\"), STR("\\0")},
        {STR("C:\\1\\2\\0"), STR("C:\\01\\02\\00")},
        {STR("\\\t\\\n\\"), STR("\\0\\1\\0\\2\\0")},
        {STR("Caf\xc3\xa9\r"), STR("Caf\xc3\xa9\r")},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char room[80], *end = row_text_write(room, CASES[i].text);
        str line = {room, (size_t)(end - room)};
        CHECK(str_eq(line, CASES[i].line), "%zu: '%.*s'", i, STR_ARG(line));
        struct arena a = ARENA_EMPTY;
        str back = row_line_cut(&line, &a);
        CHECK(str_eq(back, CASES[i].text) && !line.p, "%zu: '%.*s' came back", i, STR_ARG(back));
        arena_free(&a);
    }
    str line = STR("a\t\tb\t");
    struct arena a = ARENA_EMPTY;
    CHECK(str_is(row_line_cut(&line, &a), "a") && !row_line_cut(&line, &a).p &&
              str_is(row_line_cut(&line, &a), "b") && !row_line_cut(&line, &a).p && !line.p,
          "blank columns are none");
    arena_free(&a);
}

void suite_returns_row_pack(void) {
    suite_add("unit returns row pack", NULL, NULL);
    case_add("packs end where they would of one writer", packs_end_alike);
    case_add("free texts come back", texts_come_back);
}
