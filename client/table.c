/* See table.h. */
#include "client/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/text.h"

static void put_cell(struct table *t, str text) {
    if (t->count == t->room) {
        t->room = t->room ? t->room * 2 : 128;
        t->cells = must_realloc(t->cells, t->room * sizeof *t->cells);
    }
    struct buf plain = BUF_EMPTY;
    text_add_plain(&plain, text);
    t->cells[t->count++] = arena_str(&t->arena, buf_str(&plain));
    buf_free(&plain);
}

void table_begin(struct table *t, const char *names) {
    *t = (struct table){.arena = ARENA_EMPTY, .rag_column = -1};
    str rest = str_of(names);
    while (rest.p && t->columns < TABLE_COLUMNS_MAX) {
        str name = str_cut(&rest, '|');
        char mark = name.n ? name.p[0] : ' ';
        t->right[t->columns] = mark == '>';
        if (mark == '*') t->rag_column = (int)t->columns;
        put_cell(t, mark == '>' || mark == '*' ? str_sub(name, 1, name.n) : name);
        t->columns++;
    }
}

void table_add(struct table *t, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    put_cell(t, (str){text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1});
}

static void pad(struct buf *out, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        buf_add_char(out, ' ');
}

static void write_cell(struct buf *out, const struct table *t, size_t at, size_t width, bool colour) {
    size_t column = at % t->columns, taken = text_width(t->cells[at]);
    bool is_last = column + 1 == t->columns;
    if (column) buf_add_cstr(out, "  ");
    if (t->right[column]) pad(out, taken, width);
    if ((int)column == t->rag_column && at >= t->columns)
        text_add_rag(out, t->cells[at], is_last ? 0 : width, colour);
    else buf_add_str(out, t->cells[at]);
    if (!t->right[column] && (int)column != t->rag_column && !is_last) pad(out, taken, width);
    if (!t->right[column] && (int)column == t->rag_column && at < t->columns && !is_last)
        pad(out, taken, width);
}

void table_write(struct buf *out, struct table *t, bool colour) {
    size_t width[TABLE_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < t->count; i++)
        if (text_width(t->cells[i]) > width[i % t->columns]) width[i % t->columns] = text_width(t->cells[i]);
    for (size_t i = 0; i < t->count; i++) {
        write_cell(out, t, i, width[i % t->columns], colour);
        if (i % t->columns + 1 == t->columns) {
            while (out->n && out->p[out->n - 1] == ' ')
                out->n--;
            buf_add_char(out, '\n');
        }
    }
    free(t->cells);
    arena_free(&t->arena);
    *t = (struct table){.arena = ARENA_EMPTY};
}
