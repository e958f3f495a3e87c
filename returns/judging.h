/* judging: the state of one judge() call, shared by the files that do its work. Nobody outside returns/
 * includes this. */
#ifndef QD_RETURNS_JUDGING_H
#define QD_RETURNS_JUDGING_H

#include "returns/authority.h"
#include "returns/body.h"
#include "returns/code_list.h"
#include "returns/id_set.h"
#include "returns/judge.h"
#include "returns/nhs_number.h"
#include "returns/repeats.h"
#include "returns/row.h"
#include "returns/row_pack.h"

struct judging;

/* What a part adds to the checks of its columns. Each may be NULL but `fact` where fact_bytes is not 0. */
struct part_rules {
    void (*begin)(struct judging *j);
    /* What holds between the columns of a row. */
    void (*check)(struct judging *j);
    /* The digest of what identifies the row, where that is more than its key columns as they were sent; false when
     * it has none. Asked after check. */
    bool (*key)(const struct judging *j, struct hash128 *out);
    /* What holds against the provider's other returns; after duplicates in the file have been found. */
    void (*look_up)(struct judging *j);
    /* What holds among the rows, and needs no more of this one than its record, its number and its line: then its rows may be
     * judged by several hands (hands.h), and nothing else here may depend on other rows. Row after row, in order. */
    void (*among)(struct judging *j, const void *fact);
    /* With findings_only: the beginning of the record, which is all that `among` looks at, and how long that is. It begins with
     * the digest of the id, which is the row's only key. */
    void (*among_fact)(const struct judging *j, void *out);
    size_t among_bytes;
    /* Begins to fetch from memory what that will look at. */
    void (*among_soon)(const struct judging *j, const void *fact);
    /* Writes the row's record; `out` is zeroed. Also called for rows with errors: bad values count as blank. */
    void (*fact)(const struct judging *j, void *out);
    /* What holds over all rows; after the last. */
    void (*end)(struct judging *j);
    /* A column that stands in for a required one that is blank, or -1. */
    /* `j` NULL: one that ever may. */
    int (*stand_in)(const struct judging *j, size_t column);
};
const struct part_rules *part_rules_of(enum part_id id); /* never NULL */

/* Codes of one or two letters and digits, valid in the period, as the list writes them; zeros where there is none. */
enum { CODE_INDEX_SIZE = 37 * 37 };
struct code_index {
    char code[CODE_INDEX_SIZE][2];
};

/* What cell_fast.h needs of a column, close together. Words beyond WORDS_MOST go the long way. */
enum { WORDS_MOST = 31 };
struct cell_plan {
    enum column_kind kind;
    int32_t least, most; /* COL_INT; COL_DATE: days that need no further look */
    struct code_index *codes;
    const struct code_list *list;
    const char *const *words;
    uint8_t word_n[WORDS_MOST + 1]; /* how long each is; 0 behind the last */
};

enum { KEYS_MAX = 4 };

/* The authorities met last, by the last character of what was written: files repeat the same few. */
enum { AUTHORITIES_KEPT = 16 };
struct authority_memory {
    char text[60];
    uint32_t text_n;
    const struct authority *found;
};
static inline unsigned authority_memory_place(str text) {
    return (unsigned char)text.p[text.n - 1] % AUTHORITIES_KEPT;
}

/* The hashes of ids that repeat from row to row (sites, advisers), by the last characters of the id. */
enum { HASHES_KEPT = 1024 };
struct hash_memory {
    char text[28];
    uint32_t text_n; /* 0: empty */
    struct hash128 hash;
};

enum encoded_as { AS_TEXT, AS_FREE_TEXT, AS_DAY, AS_INT, AS_BOOL, AS_DECIMAL };
struct stored_column {
    uint8_t column, as; /* enum encoded_as */
};

struct judging {
    const struct judge_input *in;
    const struct part *part;
    const struct part_rules *rules;
    struct judgement *out;
    int32_t first_day, last_day; /* of the period */
    struct row row;
    struct value own_values[COLUMNS_MAX]; /* of the row, where it does not lie among others */
    struct finding *last_found; /* of a column, while it can still be written to; NULL: it was not kept */
    /* CSV: the header lacks the column, and has been told so where it is required. */
    bool absent[COLUMNS_MAX];
    struct cell_plan plans[COLUMNS_MAX];
    struct id_set keys;
    struct repeats repeats;     /* episodes */
    struct hash128 client_hash; /* episodes: of clientId, where it is good */
    struct nhs_numbers nhs;
    size_t key_columns[KEYS_MAX], key_count;
    uint8_t required[COLUMNS_MAX];
    size_t required_count;
    /* CSV: required columns that no field goes to; a rule may fill them in (the age from the date of birth). */
    uint8_t unread[COLUMNS_MAX];
    size_t unread_count;
    bool is_twin;           /* the row repeats the key of an earlier one */
    size_t fact_kept;       /* bytes of each row's record */
    bool is_refused;        /* an error was found by another hand */
    struct hash128 id_hash; /* of the first key column, where it is good */
    struct authority_memory authorities[AUTHORITIES_KEPT];
    struct hash_memory hashes[HASHES_KEPT];
    char small[COLUMNS_MAX][4]; /* canonical ethnic categories */
    char joined[128];           /* canonical longTermConditions */
    char lsoa[9];
    char postcode[8];                       /* canonical */
    struct hash128 site_hash, adviser_hash; /* episodes: of site and adviser; zero where there is none */
    struct stored_column stored[COLUMNS_MAX];
    size_t stored_count;
    struct buf encoded; /* of one row, for its digest */
    size_t line_most;   /* bytes */
    struct row_packer packer;
};

/* judge.c. For another hand: knows what j knows, and has found nothing yet; what it finds goes to `out`, in memory. */
struct judging *judging_copy(const struct judging *j, struct judgement *out);
void judging_copy_free(struct judging *copy);
/* cell.c */
void cell_plans_begin(struct judging *j);
void cell_plans_end(struct judging *j);
/* Judges what was sent for one column of the row, when it is not blank and cell_judge_text() of cell_fast.h
 * does not take it. */
void cell_judge_long(struct judging *j, size_t column, struct cell sent);
/* encode.c */
/* What of a row is stored, and how. */
void encode_begin(struct judging *j);
/* Adds the row's line to those of the packer, but for a dry run. */
void encode_row(struct judging *j, struct hash128 *out_content);
void encode_end(struct judging *j);

/* judge.c. An id of the present row is an NHS number, or looks so by chance. */
void judge_find_nhs_number(struct judging *j, size_t column, bool majority);

/* ---- findings (findings.c) ---- */

/* Counts the finding; returns where to write its detail and fix, or NULL when it is not among those kept. The
 * pointer holds until the next call. The severity is that of the code (FINDING_LIST) unless the caller says
 * otherwise. */
struct finding *find_in_row(struct judging *j, size_t column, enum finding_code code);
struct finding *find_warning(struct judging *j, size_t column, enum finding_code code);
/* Of the row as a whole. */
struct finding *find_of_row(struct judging *j, enum finding_code code);
/* Of the header or the file: row 0. column may be NULL; order decides the place among those of row 0. */
struct finding *find_in_header(struct judging *j, uint32_t line, const char *column, uint16_t order,
                               enum finding_code code);

/* One of a column in the present row, not yet counted, with the severity of its code. */
struct finding finding_of_column(const struct judging *j, size_t column, enum finding_code code);

str say(struct judging *j, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The value as it may be shown: quoted, at most 60 characters, control characters escaped; "The value" where
 * the column is private or the text looks like an NHS number, a telephone number or an e-mail address. */
str shown(struct judging *j, size_t column, str text);
/* The same for a text that belongs to no column, such as a header. */
str shown_text(struct judging *j, str text);

#endif
