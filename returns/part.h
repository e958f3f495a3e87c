/* part: the parts of a return and their columns, as data. From this one description come the readers' header
 * matching, the checks, the stored lines, the facts, the CSV template, the guide, the OpenAPI schemas and
 * the docs. A new column is one line in the part's table (returns/parts/<part>.c). */
#ifndef QD_RETURNS_PART_H
#define QD_RETURNS_PART_H

#include "base/str.h"

/* Order and numbers are stored (presence masks, database smallint): append only. */
enum part_id {
    PART_EPISODES,
    PART_FOLLOW_UPS,
    PART_HARM_REDUCTION,
    PART_REFERRALS,
    PART_CONTACTS,
    PART_TRAINING_SESSIONS,
    PART_ADVISERS,
    PART_SITES,
    PART_WEB_ANALYTICS,
    PART_MEDIA_ACTIVITY,
    PART_NATIONAL,
    PART_COUNT,
    /* Lists of reference data: read and judged as parts are, but no parts of a return. */
    LOOKUP_IMD = PART_COUNT,
    LOOKUP_POSTCODES,
    LOOKUP_BANK_HOLIDAYS,
};

enum column_kind {
    COL_ID,        /* 1-64 of A-Z a-z 0-9 . _ - */
    COL_DATE,      /* day */
    COL_INT,       /* integer from least to most */
    COL_DECIMAL,   /* least to most with at most two decimals; its value counts hundredths */
    COL_FLAG,      /* Y/N, Yes/No, True/False, 1/0 */
    COL_CODE,      /* one of a national list with validity: column.list */
    COL_ETHNIC,    /* national first character, local second */
    COL_WORD,      /* one of our own enums: column.words */
    COL_WORDS,     /* several of them, joined by ';' */
    COL_AUTHORITY, /* GSS code or name of an upper-tier English authority */
    COL_TEXT,      /* free text up to `most` characters */
    COL_MONTH,     /* YYYY-MM in the period */
    COL_POSTCODE,
    COL_LSOA,
};

enum column_flag {
    COLUMN_REQUIRED = 1,     /* R: a row without it is an error */
    COLUMN_NATIONAL = 2,     /* N: counts against completeness when blank */
    COLUMN_NOT_STORED = 4,   /* read, used and dropped: postcode, dateOfBirth */
    COLUMN_KEY = 8,          /* identifies the row within a version */
    COLUMN_PAST = 16,        /* a date after today is OUT_OF_RANGE */
    COLUMN_PRIVATE = 32,     /* never echoed in a finding */
    COLUMN_PSEUDONYM = 64,   /* an id that must not be an NHS number */
    COLUMN_IN_PERIOD = 128,  /* a date outside the period is OUTSIDE_PERIOD */
    COLUMN_DIGIT_CODE = 256, /* COL_CODE whose codes are plain numbers: JSON may also send an integer */
};

struct code_list;

struct column {
    const char *name; /* canonical, lowerCamelCase: JSON property and CSV header */
    enum column_kind kind;
    unsigned flags;
    int32_t least, most;          /* COL_INT, COL_DECIMAL; COL_TEXT: most characters */
    const struct code_list *list; /* COL_CODE */
    const char *const
        *words; /* COL_WORD, COL_WORDS: NULL-terminated; index + 1 is what facts store: append only */
    const char *meaning; /* one sentence for guide, OpenAPI and docs */
    const char *example;
    const char *aliases; /* other header spellings, separated by '|', matched like names */
};

struct part {
    enum part_id id;
    const char *name;  /* "follow-ups": path and docs */
    const char *table; /* "follow_up": the database table; its columns are the stored columns in snake_case */
    const char *meaning;
    const struct column *columns;
    size_t column_count;
    size_t fact_bytes; /* size of one record of returns/facts.h */
};

enum { COLUMNS_MAX = 64 };

/* NULL when there is no such part (or it cannot be sent yet). */
const struct part *part_find(str name);
const struct part *part_get(enum part_id id); /* NULL when it cannot be sent yet */
const char *part_name(enum part_id id);       /* of all, also those that cannot be sent yet */
bool part_id_parse(str name, enum part_id *out);

/* False for a part whose rows are told apart only by all that they say (media-activity): two may be equal. */
bool part_has_key(const struct part *part);

/* How many of its columns are stored. */
size_t part_stored_columns(const struct part *part);

/* snake_case of a column name, for SQL: followUp4wDate -> follow_up_4w_date. out has room for 64 bytes. */
char *column_sql_name(const struct column *c, char out[64]);

#endif
