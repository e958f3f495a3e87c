/* row: one row while it is judged. The readers fill cells (what was sent), the checks turn them into values
 * (what it means). Texts point into the body, into static tables or into the reader's scratch: they live
 * until the next row. */
#ifndef QD_RETURNS_ROW_H
#define QD_RETURNS_ROW_H

#include "returns/part.h"

/* What JSON sent; CSV knows only text. */
enum cell_type { CELL_TEXT, CELL_NUMBER, CELL_TRUE, CELL_FALSE, CELL_OBJECT, CELL_ARRAY };

struct cell {
    str text; /* trimmed; of a number its characters */
    enum cell_type type;
};

enum value_state { VALUE_BLANK, VALUE_GOOD, VALUE_BAD };

struct value {
    str text; /* canonical: id, code, word, text */
    /* Day, integer, hundredths of a decimal, 1 or 0 of a flag, index + 1 of a word, bits of words, number of an authority. */
    int32_t number;
    enum value_state state;
};

struct row {
    uint32_t number; /* 1 is the first data row */
    uint32_t line;
    struct value *values; /* of each column */
};

static inline bool row_has(const struct row *r, size_t column) {
    return r->values[column].state == VALUE_GOOD;
}
/* Days and integers; `otherwise` where there is no good value. */
static inline int32_t row_number(const struct row *r, size_t column, int32_t otherwise) {
    return row_has(r, column) ? r->values[column].number : otherwise;
}
static inline str row_text(const struct row *r, size_t column) {
    return row_has(r, column) ? r->values[column].text : STR_NONE;
}

#endif
