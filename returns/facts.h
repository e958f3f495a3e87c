/* facts: one fixed-size record per accepted row, packed into the version's `facts` bytea. Everything that KPIs, completeness
 * and breakdowns count is in here, so that a figure never reads the rows.
 *
 * The layout is stored: append, never reorder; FACTS_FORMAT goes up and the packs are rebuilt from the rows when it must change.
 * Little-endian, as the machines we build for; checked at start.
 *
 * Days are int16: days since 2000-01-01, FACT_NO_DAY when blank, clamped beyond 1910-2089 (no window reaches there).
 * Codes are their own text: "08" is '0' << 8 | '8', "1" is '1' << 8, blank is 0. ethnicCategory "CT" likewise.
 * An authority is the digits after its E: E09000012 is 9000012, blank 0. Words are index + 1 of column.words, blank 0. */
#ifndef QD_RETURNS_FACTS_H
#define QD_RETURNS_FACTS_H

#include "base/date.h"
#include "base/hash.h"

enum { FACTS_FORMAT = 1 };

#define FACT_NO_DAY INT16_MIN
#define FACT_EPOCH 10957 /* 2000-01-01 in days since 1970 */
#define FACT_NO_CO 255
#define FACT_NO_AGE 255

static inline int16_t fact_day(int32_t day) {
    if (day == DAY_NONE) return FACT_NO_DAY;
    int32_t d = day - FACT_EPOCH;
    return (int16_t)(d < -32767 ? -32767 : d > 32767 ? 32767 : d);
}
static inline int32_t fact_day_value(int16_t d) {
    return d == FACT_NO_DAY ? DAY_NONE : d + FACT_EPOCH;
}
static inline uint16_t fact_code(str code) {
    return code.n == 0 ? 0 : (uint16_t)((unsigned char)code.p[0] << 8 | (code.n > 1 ? (unsigned char)code.p[1] : 0));
}

/* Two bits a flag: 0 blank, 1 N, 2 Y. */
enum fact_flag {
    FLAG_FREE_PRESCRIPTION,
    FLAG_PREGNANT,
    FLAG_SERIOUS_MENTAL_ILLNESS,
    FLAG_HOMELESS,
    FLAG_SUBSTANCE_MISUSE,
    FLAG_SWAP_TO_STOP,
    FLAG_EXTENDED_SUPPORT,
    FLAG_SMOKING_AT_DELIVERY,
};
enum { FLAG_BLANK = 0, FLAG_NO = 1, FLAG_YES = 2 };
static inline unsigned fact_flag_get(uint16_t flags, enum fact_flag f) {
    return flags >> (2 * f) & 3u;
}

/* Stages of follow-up. */
enum stage { STAGE_4W, STAGE_12W, STAGE_26W, STAGE_52W, STAGE_COUNT };
/* Words of followUp4wMethod / method, in this order (index + 1 is stored). */
enum method_word { METHOD_WORD_NONE, METHOD_WORD_FACE_TO_FACE, METHOD_WORD_TELEPHONE, METHOD_WORD_VIDEO, METHOD_WORD_TEXT, METHOD_WORD_POST };

struct fact_episode { /* 80 bytes */
    struct hash128 id;     /* of episodeId */
    struct hash128 client; /* of clientId */
    int16_t quit;
    int16_t followed_up[STAGE_COUNT];
    int16_t co4_day;
    int16_t delivery;
    uint16_t gender, sexual_orientation, ethnic_category, nssec, intervention_type, setting, aid;
    uint32_t authority;
    uint8_t age;
    uint8_t imd_quintile;         /* 1-5, 0 blank */
    uint8_t outcome[STAGE_COUNT]; /* 1-3, 0 blank */
    uint8_t co4, co12;            /* ppm, FACT_NO_CO blank */
    uint8_t method4;              /* enum method_word */
    uint16_t flags;               /* enum fact_flag */
    uint8_t satisfaction;         /* 1-5, 0 blank */
    uint8_t conditions;           /* bit per word of longTermConditions */
    uint8_t tenure;
    uint8_t spare[1];
};
_Static_assert(sizeof(struct fact_episode) == 80, "stored layout");

struct fact_follow_up { /* 24 bytes */
    struct hash128 id;  /* of episodeId */
    int16_t day;
    int16_t co_day;
    uint8_t stage; /* enum stage */
    uint8_t outcome;
    uint8_t method;
    uint8_t co;
};
_Static_assert(sizeof(struct fact_follow_up) == 24, "stored layout");

/* Per row of a version, in row order: who it is and what it says, to tell created, updated, unchanged and removed. */
struct row_digest { /* 32 bytes */
    struct hash128 key;     /* of the key columns */
    struct hash128 content; /* of the stored columns as encoded */
};

#endif
