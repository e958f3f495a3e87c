/* column: the columns that a framework may put conditions on, and the conditions themselves: "column in
 * these codes", "column not in these codes", "number from … to …". All conditions of one part are compiled
 * into one table per column, so that a row costs one look-up per column, however many conditions there
 * are. No expression language.
 *
 * What would surprise: in ethnicCategory a code of one character stands for any second one ("M" is M, MA,
 * MB …). */
#ifndef QD_KPI_COLUMN_H
#define QD_KPI_COLUMN_H

#include "base/arena.h"
#include "returns/facts.h"
#include "returns/part.h"

enum fact_kind {
    FACT_CODE,      /* uint16: its own two characters */
    FACT_ETHNIC,    /* the same; one character stands for any second one */
    FACT_FLAG,      /* two bits of the flags */
    FACT_NUMBER,    /* byte */
    FACT_COUNT,     /* uint32 */
    FACT_WORD,      /* byte: index + 1 of column.words */
    FACT_WORDS,     /* byte: a bit per word; a condition holds when any of its words is there */
    FACT_AUTHORITY, /* uint32: the digits after E */
    FACT_DAY,       /* only "workingDays" asks for it */
};

struct fact_column {
    enum part_id part;
    const char *name;
    enum fact_kind kind;
    uint16_t offset; /* in the part's fact struct */
    uint8_t flag;    /* FACT_FLAG: which two bits */
    uint32_t blank;  /* FACT_NUMBER, FACT_COUNT: the value that stands for blank */
};
static inline bool fact_kind_is_number(enum fact_kind k) {
    return k == FACT_NUMBER || k == FACT_COUNT;
}

const struct fact_column *fact_column_find(enum part_id part, str name);
/* For "did you mean": the names of a part's columns; at most `most`. */
size_t fact_column_names(enum part_id part, str *out, size_t most);

/* The value of a fact that a code stands for in a framework file: "" is blank. False when the column has
 * no such code. */
bool fact_value_parse(const struct fact_column *c, str code, uint32_t *out);
/* False for a code that no edition of the column's list knows: nobody has it. True of columns without a list. */
bool fact_code_known(const struct fact_column *c, str code);

/* One condition: bit number `bit` of what conditions_met() gives. */
struct condition {
    const struct fact_column *column;
    bool negated;  /* notIn */
    bool is_range; /* from <= value <= to; blank is never inside */
    uint32_t from, to;
    const uint32_t *values; /* of fact_value_parse() */
    size_t value_count;
    bool *any_second; /* FACT_ETHNIC, beside each value */
    unsigned bit;
};
enum { CONDITIONS_MAX = 64 };

/* All conditions of a part, by column. */
struct column_use {
    enum fact_kind kind;
    uint16_t offset;
    uint8_t shift;
    const uint64_t *table;  /* by value; by folded code */
    const uint32_t *values; /* FACT_AUTHORITY: those that are named, and their bits; `other` for all else */
    const uint64_t *bits;
    size_t value_count;
    uint64_t other;
    const struct condition *conditions; /* FACT_COUNT: too many values for a table */
    size_t condition_count;
};
struct column_plan {
    const struct column_use *uses;
    size_t use_count;
};
struct column_plan column_plan_make(struct arena *a, const struct condition *conditions, size_t count);

/* Six bits of a code's character, one to one for digits, letters (case apart) and none. */
static inline unsigned code_fold(unsigned c) {
    return (c & 0x1f) | (c & 0x40) >> 1;
}
static inline unsigned code_index(uint16_t code) {
    return code_fold(code >> 8) << 6 | code_fold(code & 0xff);
}
enum { CODE_TABLE_SIZE = 4096 };

/* Which conditions a row's fact meets: a bit each. */
uint64_t conditions_met(const struct column_plan *p, const void *fact);
/* The same of `count` records of so many bytes, column after column. */
void conditions_met_many(const struct column_plan *p, const void *facts, size_t record, size_t count,
                         uint64_t *out);
/* The number of a FACT_NUMBER or FACT_COUNT, 0 where it is blank: what sums add. */
uint32_t fact_number(const struct fact_column *c, const void *fact);
/* The value as stored: a code, the two bits of a flag, a byte, an authority's digits. Not for FACT_DAY. */
uint32_t fact_value(const struct fact_column *c, const void *fact);
/* The words of a FACT_WORD or FACT_WORDS, up to NULL. */
const char *const *fact_words(const struct fact_column *c);
/* The day of a FACT_DAY, or DAY_NONE. */
int32_t fact_day_of(const struct fact_column *c, const void *fact);

#endif
