/* finding: what is wrong, or doubtful, with one cell or row of an upload; and the list of all of them. Counts
 * are exact whatever their number; the first FINDINGS_KEPT in row order are kept with their words. */
#ifndef QD_RETURNS_FINDING_H
#define QD_RETURNS_FINDING_H

#include "base/arena.h"

/* clang-format off */
#define FINDING_LIST(X)                \
    X(MISSING_COLUMN,           ERROR) \
    X(MISSING_VALUE,            ERROR) /* a warning where a date stands without its outcome */ \
    X(BAD_DATE,                 ERROR) \
    X(BAD_NUMBER,               ERROR) \
    X(OUT_OF_RANGE,             ERROR) \
    X(BAD_FLAG,                 ERROR) \
    X(BAD_ID,                   ERROR) \
    X(UNKNOWN_CODE,             ERROR) \
    X(CODE_NOT_VALID_IN_PERIOD, ERROR) \
    X(OUTSIDE_PERIOD,           ERROR) \
    X(DUPLICATE,                ERROR) \
    X(NHS_NUMBER_NOT_ALLOWED,   ERROR) \
    X(PERSONAL_IN_TEXT,         ERROR) \
    X(WRONG_FIELD_COUNT,        ERROR) \
    X(INCONSISTENT,             ERROR) \
    X(UNKNOWN_EPISODE,          ERROR) \
    X(EPISODES_AND_NATIONAL,    ERROR) \
    X(WRONG_TYPE,               ERROR) \
    X(UNKNOWN_COLUMN,           WARNING) \
    X(IDENTITY_NOT_STORED,      WARNING) \
    X(FOLLOW_UP_OUTSIDE_WINDOW, WARNING) \
    X(CO_NOT_FACE_TO_FACE,      WARNING) \
    X(METHOD_ASSUMED,           WARNING) \
    X(CODE_PADDED,              WARNING) \
    X(LOOKUP_DIFFERS,           WARNING) \
    X(UNKNOWN_SITE,             WARNING) \
    X(UNKNOWN_ADVISER,          WARNING) \
    X(LOOKS_LIKE_NHS_NUMBER,    WARNING) \
    X(ORPHAN_FOLLOW_UP,         WARNING) \
    X(REPEAT_ATTEMPT,           WARNING) \
    X(ENCODING_ASSUMED,         WARNING) \
    X(HEADER_ASSUMED,           WARNING) \
    X(SPREADSHEET_RESIDUE,      WARNING)
/* clang-format on */

enum finding_code {
#define X(name, severity) FINDING_##name,
    FINDING_LIST(X)
#undef X
        FINDING_CODE_COUNT
};
const char *finding_code_name(enum finding_code c);

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

struct finding {
    uint32_t row;       /* 1 is the first data row; 0 is the header or the file */
    uint32_t line;      /* in the file, 1 is its first; where the row begins */
    const char *column; /* canonical name, or NULL for the whole row */
    uint16_t order;     /* of the column in the part, for sorting within a row */
    enum finding_code code;
    enum severity severity;
    str detail; /* what is wrong, with the value where it may be echoed */
    str fix;    /* what to do */
};

enum { FINDINGS_KEPT = 1000, FINDING_PLACES = 66 };

/* How many there are of one code at one place: 0 the row or the file as a whole, then the part's columns, last all that
 * the file has beyond them. */
struct finding_group {
    uint64_t count;
    uint32_t first_row;
    const char *column; /* of the part; NULL at the first place and at the last */
};

struct findings {
    struct arena arena; /* the words */
    struct finding *kept;
    size_t kept_count;
    bool only_counts;          /* none is kept: what stands before has taken all the room */
    uint64_t errors, warnings; /* exact */
    uint64_t by_code[FINDING_CODE_COUNT];
    /* Follow-on errors that were not told, since a wrong header or a bad value already explains them. */
    uint64_t suppressed;
    struct finding_group (*groups)[FINDING_PLACES][2]; /* [code][place][severity]; NULL: nothing was found */
};

void findings_free(struct findings *f);
static inline bool findings_truncated(const struct findings *f) {
    return f->errors + f->warnings > f->kept_count;
}

#endif
