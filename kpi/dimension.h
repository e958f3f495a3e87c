/* dimension: what figures are broken down by, and its members. Closed dimensions (codes, words, flags, bands, quintiles, providers,
 * priority groups) list every member, zeros too, and UNKNOWN for blanks; open ones (site, adviser, referring organisation, authority)
 * list those that rows name. The names of open ones are not in the facts, only their hashes: whoever asks brings the names first.
 *
 * What would surprise: codes are those valid in any of the quarters walked through. The same site id of two providers is one member;
 * `by=site,provider` tells them apart. A row has several priority groups or conditions, or none, of all others exactly one member. */
#ifndef QD_KPI_DIMENSION_H
#define QD_KPI_DIMENSION_H

#include "kpi/walk.h"

enum dimension_kind {
    BY_CODE,     /* of a national list */
    BY_ETHNIC,   /* its first character */
    BY_AGE,      /* in the bands of the national return */
    BY_QUINTILE, /* 1 to 5 */
    BY_WORD,
    BY_WORDS,
    BY_FLAG,
    BY_AUTHORITY,
    BY_PROVIDER,
    BY_PRIORITY,
    BY_SITE,
    BY_ADVISER,
    BY_ORGANISATION,
};

/* name in C; name; kind; column, also its code list's name for codes. In the order of contract section 10, flags of the issue after. */
/* clang-format off */
#define DIMENSION_LIST(X) \
    X(AGE_BAND,           "ageBand",              BY_AGE,       "age") \
    X(GENDER,             "gender",               BY_CODE,      "gender") \
    X(SEXUAL_ORIENTATION, "sexualOrientation",    BY_CODE,      "sexualOrientation") \
    X(ETHNIC_GROUP,       "ethnicGroup",          BY_ETHNIC,    "ethnicCategory") \
    X(PRIORITY_GROUP,     "priorityGroup",        BY_PRIORITY,  NULL) \
    X(IMD_QUINTILE,       "imdQuintile",          BY_QUINTILE,  "imdQuintile") \
    X(NSSEC,              "nssec",                BY_CODE,      "nssec") \
    X(AID,                "aid",                  BY_CODE,      "aid") \
    X(INTERVENTION_TYPE,  "interventionType",     BY_CODE,      "interventionType") \
    X(SETTING,            "setting",              BY_CODE,      "setting") \
    X(SITE,               "site",                 BY_SITE,      NULL) \
    X(ADVISER,            "adviser",              BY_ADVISER,   NULL) \
    X(PROVIDER,           "provider",             BY_PROVIDER,  NULL) \
    X(AUTHORITY,          "localAuthority",       BY_AUTHORITY, "localAuthority") \
    X(SOURCE,             "source",               BY_WORD,      "source") \
    X(ORGANISATION,       "referrerOrganisation", BY_ORGANISATION, NULL) \
    X(DESTINATION_TYPE,   "destinationType",      BY_CODE,      "destinationType") \
    X(CONDITION,          "condition",            BY_WORDS,     "longTermConditions") \
    X(HOUSING_TENURE,     "housingTenure",        BY_WORD,      "housingTenure") \
    X(SERIOUS_MENTAL_ILLNESS, "seriousMentalIllness", BY_FLAG,  "seriousMentalIllness") \
    X(PREGNANT,           "pregnant",             BY_FLAG,      "pregnant") \
    X(HOMELESS,           "homeless",             BY_FLAG,      "homeless") \
    X(SUBSTANCE_MISUSE,   "substanceMisuse",      BY_FLAG,      "substanceMisuse")
/* clang-format on */

enum dimension {
#define X(name, ...) DIMENSION_##name,
    DIMENSION_LIST(X)
#undef X
        DIMENSION_COUNT
};

struct dimension_info {
    const char *name;
    enum dimension_kind kind;
    const char *column;
};
const struct dimension_info *dimension_info(enum dimension d);
bool dimension_parse(str name, enum dimension *out);
/* Can rows of that part be told apart by it? */
bool dimension_asks(enum dimension d, enum part_id part);
/* Its members are names that providers wrote, not codes. */
static inline bool dimension_is_named(enum dimension_kind k) {
    return k == BY_SITE || k == BY_ADVISER || k == BY_ORGANISATION;
}
static inline bool dimension_is_open(enum dimension_kind k) {
    return dimension_is_named(k) || k == BY_AUTHORITY;
}
static inline bool dimension_overlaps(enum dimension_kind k) {
    return k == BY_PRIORITY || k == BY_WORDS;
}

enum { MEMBERS_MAX = 5000, PLACES_MAX = 64 };

struct dimension_member {
    str key, label; /* label .p NULL where the key says it all */
    uint64_t id;    /* of open ones */
    bool seen;      /* some row has it */
};
struct dimension_members {
    enum dimension which;
    const struct framework *framework;
    struct dimension_member *list;
    size_t count, room;
    size_t unknown; /* SIZE_MAX: none */
    const struct fact_column *columns[PART_COUNT];
    uint16_t *by_value; /* member + 1, by code or byte; 0: unknown */
    uint32_t *slots;    /* member + 1, by id */
    uint64_t mask;
};

/* The closed members of a dimension for rows of the periods from, to. Lives in the arena. */
void dimension_begin(struct dimension_members *m, enum dimension d, const struct framework *f, int16_t from,
                     int16_t to, struct arena *a);
/* Brings a name of an open dimension, or the next provider, before dimension_seal(). */
void dimension_name(struct dimension_members *m, str key, str label, struct arena *a);
/* Sorts the names, each once. False: more than MEMBERS_MAX. */
bool dimension_seal(struct dimension_members *m, struct arena *a);
/* What a member is called, after the sealing; nothing where there is no such member. */
void dimension_label(struct dimension_members *m, str key, str label, struct arena *a);

/* Which members a row has: their indexes; how many. provider: index of the provider that sent it. */
size_t dimension_places(const struct dimension_members *m, const struct walked *w, uint32_t provider,
                        uint32_t out[PLACES_MAX]);

#endif
