/* facts: one fixed-size record per accepted row, packed into the version's `facts` bytea. Everything that
 * KPIs, completeness and breakdowns count is in here, so that a figure never reads the rows.
 *
 * The layout is stored: append, never reorder; FACTS_FORMAT goes up and the packs are rebuilt from the rows
 * when it must change. Little-endian, as the machines we build for; checked at start.
 *
 * Days are int16: days since 2000-01-01, FACT_NO_DAY when blank, clamped beyond 1910-2089 (no window reaches
 * there). Codes are their own text: "08" is '0' << 8 | '8', "1" is '1' << 8, blank is 0. ethnicCategory "CT"
 * likewise. An authority is the digits after its E: E09000012 is 9000012, blank 0. Words are index + 1 of
 * column.words, blank 0. */
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
    return code.n == 0
               ? 0
               : (uint16_t)((unsigned char)code.p[0] << 8 | (code.n > 1 ? (unsigned char)code.p[1] : 0));
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
enum method_word {
    METHOD_WORD_NONE,
    METHOD_WORD_FACE_TO_FACE,
    METHOD_WORD_TELEPHONE,
    METHOD_WORD_VIDEO,
    METHOD_WORD_TEXT,
    METHOD_WORD_POST
};

struct fact_episode {      /* 96 bytes */
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
    uint64_t site, adviser; /* first halves of the hashes of site and adviser; 0 blank */
};
_Static_assert(sizeof(struct fact_episode) == 96, "stored layout");

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

struct fact_harm_reduction { /* 56 bytes */
    struct hash128 client;   /* of clientId; 0 blank */
    struct hash128 episode;  /* of episodeId; 0 blank */
    int16_t start, outcome_day;
    uint16_t gender, ethnic_category, nssec;
    uint16_t flags; /* enum fact_flag: FLAG_PREGNANT, FLAG_SERIOUS_MENTAL_ILLNESS */
    uint32_t authority;
    uint8_t outcome; /* index + 1 of WORDS_HARM_OUTCOME, 0 blank */
    uint8_t age, imd_quintile;
    uint8_t spare[5];
};
_Static_assert(sizeof(struct fact_harm_reduction) == 56, "stored layout");

struct fact_referral {           /* 72 bytes */
    struct hash128 episode;      /* of episodeId; 0 blank */
    struct hash128 organisation; /* of referrerOrganisation; 0 blank */
    uint64_t site;               /* of destinationSite, as in fact_episode */
    int16_t received, contacted, offered;
    uint16_t gender, ethnic_category, nssec, destination_type;
    uint16_t flags; /* enum fact_flag: FLAG_PREGNANT, FLAG_SERIOUS_MENTAL_ILLNESS */
    uint32_t authority;
    uint8_t source; /* index + 1 of WORDS_SOURCE, 0 blank */
    uint8_t age, imd_quintile;
    uint8_t spare[9];
};
_Static_assert(sizeof(struct fact_referral) == 72, "stored layout");

#define FACT_NO_COUNT UINT32_MAX

struct fact_contact { /* 16 bytes */
    int16_t month;    /* its first day */
    uint8_t spare[2];
    uint32_t calls, answered; /* received; answered the first time */
    uint32_t emails;          /* FACT_NO_COUNT blank */
};
_Static_assert(sizeof(struct fact_contact) == 16, "stored layout");

/* Words of type, in this order (index + 1 is stored). */
enum training_word {
    TRAINING_WORD_NONE,
    TRAINING_WORD_VBA,
    TRAINING_WORD_PRACTITIONER,
    TRAINING_WORD_REFRESHER,
    TRAINING_WORD_SPECIALTY
};
/* As enum fact_flag, two bits a flag. */
enum training_flag { TRAINING_FLAG_OUT_OF_HOURS, TRAINING_FLAG_CERTIFIED };

struct fact_training_session { /* 24 bytes */
    int16_t day;
    uint16_t flags; /* enum training_flag */
    uint32_t attendees;
    uint32_t ratings, good; /* received; good or very good; FACT_NO_COUNT blank */
    uint8_t type;           /* enum training_word */
    uint8_t topic;          /* index + 1 of WORDS_TOPIC, 0 blank */
    uint8_t spare[6];
};
_Static_assert(sizeof(struct fact_training_session) == 24, "stored layout");

struct fact_adviser {  /* 24 bytes */
    struct hash128 id; /* of adviserId */
    int16_t certified;
    uint8_t spare[6];
};
_Static_assert(sizeof(struct fact_adviser) == 24, "stored layout");

struct fact_site {     /* 24 bytes */
    struct hash128 id; /* of siteId */
    uint16_t setting;
    uint8_t spare[6];
};
_Static_assert(sizeof(struct fact_site) == 24, "stored layout");

/* web-analytics and media-activity have no facts: no KPI counts them, the supplement reads their rows. */

/* As enum fact_flag, two bits a flag. */
enum national_flag { NATIONAL_FLAG_MANDATORY };

struct fact_national {   /* 12 bytes: one cell of the national form */
    uint16_t key1, key2; /* codes; 0 where the part has no such key */
    uint8_t part;        /* enum national_part + 1; 0 blank */
    uint8_t measure;     /* enum national_measure + 1; 0 blank */
    uint16_t flags;      /* enum national_flag: a cell that may be left out is not mandatory */
    uint32_t value;
};
_Static_assert(sizeof(struct fact_national) == 12, "stored layout");

/* Per row of a version, in row order: who it is and what it says, to tell created, updated, unchanged and
 * removed. */
struct row_digest {         /* 32 bytes */
    struct hash128 key;     /* of the key columns; of a part without any it is the content */
    struct hash128 content; /* of the stored columns as encoded */
};

/* What is stored beside the rows of a version, in row order. */
struct row_packs {
    str facts, digests;
    bool facts_mapped, digests_mapped; /* read-only mappings of files, whose pages may be given back */
};
struct row_digests {
    const struct row_digest *rows;
    size_t count;
    bool are_mapped;
};

#endif
