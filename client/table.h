/* table: columns aligned under each other. */
#ifndef QD_CLIENT_TABLE_H
#define QD_CLIENT_TABLE_H

#include "base/arena.h"
#include "base/buf.h"

enum { TABLE_COLUMNS_MAX = 12 };

struct table {
    struct arena arena;
    size_t columns;
    bool right[TABLE_COLUMNS_MAX]; /* numbers */
    int rag_column;                /* the one with GREEN, AMBER, RED; -1: none */
    str *cells;
    size_t count, room;
};

/* The first row: names, separated by '|'; one that begins with '>' is set to the right, one with '*' holds RAG. */
void table_begin(struct table *t, const char *names);
void table_add(struct table *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));                       /* the next cell */
void table_write(struct buf *out, struct table *t, bool colour); /* and frees it */

#endif
