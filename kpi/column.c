/* column: the table of countable columns, and the compilation of conditions on them.
 * A new countable column is one line in COLUMNS, after its place in returns/facts.h. */
#include "kpi/column.h"

#include "returns/code_list.h"

#define EPISODE(column_name, column_kind, member)                                                            \
    { PART_EPISODES, column_name, column_kind, offsetof(struct fact_episode, member), 0, 0 }
#define EPISODE_NUMBER(column_name, member, blank_value)                                                     \
    { PART_EPISODES, column_name, FACT_NUMBER, offsetof(struct fact_episode, member), 0, blank_value }
#define EPISODE_FLAG(column_name, which)                                                                     \
    { PART_EPISODES, column_name, FACT_FLAG, offsetof(struct fact_episode, flags), which, 0 }
#define PART(part_id, record, column_name, column_kind, member)                                              \
    { part_id, column_name, column_kind, offsetof(struct record, member), 0, 0 }
#define PART_NUMBER(part_id, record, column_name, member, blank_value)                                       \
    { part_id, column_name, FACT_NUMBER, offsetof(struct record, member), 0, blank_value }
#define PART_COUNT_OF(part_id, record, column_name, member)                                                  \
    { part_id, column_name, FACT_COUNT, offsetof(struct record, member), 0, FACT_NO_COUNT }
#define PART_FLAG(part_id, record, column_name, which)                                                       \
    { part_id, column_name, FACT_FLAG, offsetof(struct record, flags), which, 0 }
/* The columns of returns/parts/people.h. */
#define PEOPLE(part_id, record)                                                                              \
    PART(part_id, record, "localAuthority", FACT_AUTHORITY, authority),                                      \
        PART_NUMBER(part_id, record, "age", age, FACT_NO_AGE),                                               \
        PART(part_id, record, "gender", FACT_CODE, gender),                                                  \
        PART(part_id, record, "ethnicCategory", FACT_ETHNIC, ethnic_category),                               \
        PART(part_id, record, "nssec", FACT_CODE, nssec),                                                    \
        PART_NUMBER(part_id, record, "imdQuintile", imd_quintile, 0),                                        \
        PART_FLAG(part_id, record, "pregnant", FLAG_PREGNANT),                                               \
        PART_FLAG(part_id, record, "seriousMentalIllness", FLAG_SERIOUS_MENTAL_ILLNESS)

/* Outcomes and CO are not here: they are resolved over the follow-ups first, and count as derived
 * conditions. */
static const struct fact_column COLUMNS[] = {
    EPISODE("localAuthority", FACT_AUTHORITY, authority),
    EPISODE_NUMBER("ageAtQuitDate", age, FACT_NO_AGE),
    EPISODE_NUMBER("imdQuintile", imd_quintile, 0),
    EPISODE("gender", FACT_CODE, gender),
    EPISODE("sexualOrientation", FACT_CODE, sexual_orientation),
    EPISODE("ethnicCategory", FACT_ETHNIC, ethnic_category),
    EPISODE("nssec", FACT_CODE, nssec),
    EPISODE("interventionType", FACT_CODE, intervention_type),
    EPISODE("setting", FACT_CODE, setting),
    EPISODE("aid", FACT_CODE, aid),
    EPISODE_FLAG("freePrescription", FLAG_FREE_PRESCRIPTION),
    EPISODE_FLAG("pregnant", FLAG_PREGNANT),
    EPISODE_FLAG("seriousMentalIllness", FLAG_SERIOUS_MENTAL_ILLNESS),
    EPISODE_FLAG("homeless", FLAG_HOMELESS),
    EPISODE_FLAG("substanceMisuse", FLAG_SUBSTANCE_MISUSE),
    EPISODE_FLAG("swapToStop", FLAG_SWAP_TO_STOP),
    EPISODE_FLAG("extendedSupport", FLAG_EXTENDED_SUPPORT),
    EPISODE_FLAG("smokingAtDelivery", FLAG_SMOKING_AT_DELIVERY),
    EPISODE_NUMBER("satisfaction", satisfaction, 0),
    EPISODE("longTermConditions", FACT_WORDS, conditions),
    EPISODE("housingTenure", FACT_WORD, tenure),

    PART(PART_HARM_REDUCTION, fact_harm_reduction, "outcome", FACT_WORD, outcome),
    PEOPLE(PART_HARM_REDUCTION, fact_harm_reduction),

    PART(PART_REFERRALS, fact_referral, "source", FACT_WORD, source),
    PART(PART_REFERRALS, fact_referral, "contactedDate", FACT_DAY, contacted),
    PART(PART_REFERRALS, fact_referral, "firstAppointmentOfferedDate", FACT_DAY, offered),
    PART(PART_REFERRALS, fact_referral, "destinationType", FACT_CODE, destination_type),
    PEOPLE(PART_REFERRALS, fact_referral),

    PART_COUNT_OF(PART_CONTACTS, fact_contact, "callsReceived", calls),
    PART_COUNT_OF(PART_CONTACTS, fact_contact, "callsAnsweredFirstTime", answered),
    PART_COUNT_OF(PART_CONTACTS, fact_contact, "emailsReceived", emails),

    PART(PART_TRAINING_SESSIONS, fact_training_session, "type", FACT_WORD, type),
    PART(PART_TRAINING_SESSIONS, fact_training_session, "topic", FACT_WORD, topic),
    PART_COUNT_OF(PART_TRAINING_SESSIONS, fact_training_session, "attendees", attendees),
    PART_FLAG(PART_TRAINING_SESSIONS, fact_training_session, "outOfHours", TRAINING_FLAG_OUT_OF_HOURS),
    PART_FLAG(PART_TRAINING_SESSIONS, fact_training_session, "ncsctCertified", TRAINING_FLAG_CERTIFIED),
    PART_COUNT_OF(PART_TRAINING_SESSIONS, fact_training_session, "ratingsReceived", ratings),
    PART_COUNT_OF(PART_TRAINING_SESSIONS, fact_training_session, "ratedGoodOrVeryGood", good),

    PART(PART_NATIONAL, fact_national, "part", FACT_WORD, part),
    PART(PART_NATIONAL, fact_national, "measure", FACT_WORD, measure),
    PART(PART_NATIONAL, fact_national, "key1", FACT_CODE, key1),
    PART(PART_NATIONAL, fact_national, "key2", FACT_CODE, key2),
    PART_COUNT_OF(PART_NATIONAL, fact_national, "value", value),
    PART_FLAG(PART_NATIONAL, fact_national, "mandatory", NATIONAL_FLAG_MANDATORY),
};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof *COLUMNS };

const struct fact_column *fact_column_find(enum part_id part, str name) {
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (COLUMNS[i].part == part && str_is(name, COLUMNS[i].name)) return &COLUMNS[i];
    }
    return NULL;
}

size_t fact_column_names(enum part_id part, str *out, size_t most) {
    size_t n = 0;
    for (size_t i = 0; i < COLUMN_COUNT && n < most; i++) {
        if (COLUMNS[i].part == part) out[n++] = str_of(COLUMNS[i].name);
    }
    return n;
}

/* ---- codes ---- */

static bool is_code(enum fact_kind k) {
    return k == FACT_CODE || k == FACT_ETHNIC;
}

/* The words stand in the part's description. */
const char *const *fact_words(const struct fact_column *c) {
    const struct part *p = part_get(c->part);
    for (size_t i = 0; p && i < p->column_count; i++) {
        if (strcmp(p->columns[i].name, c->name) == 0) return p->columns[i].words;
    }
    return NULL;
}

static bool word_parse(const struct fact_column *c, str code, uint32_t *out) {
    const char *const *words = fact_words(c);
    for (uint32_t i = 0; words && words[i]; i++) {
        if (!str_is(code, words[i])) continue;
        *out = c->kind == FACT_WORDS ? 1u << i : i + 1;
        return true;
    }
    return false;
}

static bool code_parse(str code, uint32_t *out) {
    if (code.n > 2) return false;
    for (size_t i = 0; i < code.n; i++) {
        if (!ascii_is_alnum(code.p[i])) return false;
    }
    *out = fact_code(code);
    return true;
}

/* Destinations are told by the codes of settings. Local codes of ethnicCategory are the framework's: their first character is asked for. */
bool fact_code_known(const struct fact_column *c, str code) {
    bool destination = strcmp(c->name, "destinationType") == 0;
    const struct code_list *list = destination ? &code_list_setting : code_list_find(str_of(c->name));
    if (!is_code(c->kind) || !list || code.n == 0) return true;
    if (c->kind == FACT_ETHNIC) code = str_sub(code, 0, 1);
    for (size_t i = 0; i < list->count; i++) {
        if (str_is(code, list->entries[i].code)) return true;
    }
    return false;
}

static bool flag_parse(str code, uint32_t *out) {
    if (!str_is(code, "Y") && !str_is(code, "N")) return false;
    *out = str_is(code, "Y") ? FLAG_YES : FLAG_NO;
    return true;
}

static bool number_parse(const struct fact_column *c, str code, uint32_t *out) {
    uint64_t v;
    uint64_t most = c->kind == FACT_COUNT ? 100000000 : UINT8_MAX;
    if (!str_to_uint(code, most, &v) || v == c->blank) return false;
    *out = (uint32_t)v;
    return true;
}

/* E09000012. */
static bool authority_parse(str code, uint32_t *out) {
    uint64_t v;
    if (code.n != 9 || code.p[0] != 'E' || !str_to_uint(str_sub(code, 1, 9), 99999999, &v)) return false;
    *out = (uint32_t)v;
    return true;
}

bool fact_value_parse(const struct fact_column *c, str code, uint32_t *out) {
    if (code.n == 0) {
        *out = fact_kind_is_number(c->kind) ? c->blank : 0;
        return true;
    }
    switch (c->kind) {
    case FACT_CODE:
    case FACT_ETHNIC: return code_parse(code, out);
    case FACT_FLAG: return flag_parse(code, out);
    case FACT_NUMBER:
    case FACT_COUNT: return number_parse(c, code, out);
    case FACT_WORD:
    case FACT_WORDS: return word_parse(c, code, out);
    case FACT_AUTHORITY: return authority_parse(code, out);
    case FACT_DAY: break;
    }
    return false;
}

/* ---- tables ---- */

/* Does a value (not a code) meet the condition? */
static bool value_meets(const struct condition *c, uint32_t value) {
    if (c->is_range) return value != c->column->blank && value >= c->from && value <= c->to;
    bool listed = false;
    for (size_t i = 0; i < c->value_count && !listed; i++) {
        bool is_bit = c->column->kind == FACT_WORDS && c->values[i] != 0;
        listed = is_bit ? (value & c->values[i]) != 0 : value == c->values[i];
    }
    return listed != c->negated;
}

static void table_add_bytes(uint64_t *table, const struct condition *c) {
    for (uint32_t v = 0; v <= UINT8_MAX; v++) {
        if (value_meets(c, v)) table[v] |= UINT64_C(1) << c->bit;
    }
}

static void table_add_codes(uint64_t *table, const struct condition *c) {
    uint64_t bit = UINT64_C(1) << c->bit;
    for (size_t i = 0; c->negated && i < CODE_TABLE_SIZE; i++)
        table[i] |= bit;
    for (size_t i = 0; i < c->value_count; i++) {
        unsigned first = code_index((uint16_t)c->values[i]);
        unsigned last = c->any_second && c->any_second[i] ? first | 63u : first;
        for (unsigned at = first; at <= last; at++)
            table[at] = c->negated ? table[at] & ~bit : table[at] | bit;
    }
}

static struct column_use table_use(struct arena *a, const struct condition *conditions, size_t count,
                                   size_t first) {
    const struct fact_column *column = conditions[first].column;
    bool codes = is_code(column->kind);
    uint64_t *table = ARENA_ARRAY(a, uint64_t, codes ? CODE_TABLE_SIZE : UINT8_MAX + 1);
    for (size_t i = first; i < count; i++) {
        if (conditions[i].column != column) continue;
        if (codes) table_add_codes(table, &conditions[i]);
        else table_add_bytes(table, &conditions[i]);
    }
    uint8_t shift = (uint8_t)(column->kind == FACT_FLAG ? 2 * column->flag : 0);
    return (struct column_use){
        .kind = column->kind, .offset = column->offset, .shift = shift, .table = table};
}

static bool authority_listed(const struct condition *c, uint32_t value) {
    for (size_t i = 0; i < c->value_count; i++) {
        if (c->values[i] == value) return true;
    }
    return false;
}

/* Authorities are few where they are named, and far too many for a table. */
static struct column_use authority_use(struct arena *a, const struct condition *conditions, size_t count,
                                       size_t first) {
    const struct fact_column *column = conditions[first].column;
    size_t room = 0, n = 0;
    for (size_t i = first; i < count; i++)
        room += conditions[i].column == column ? conditions[i].value_count : 0;
    uint32_t *values = ARENA_ARRAY(a, uint32_t, room);
    uint64_t *bits = ARENA_ARRAY(a, uint64_t, room);
    uint64_t other = 0;
    for (size_t i = first; i < count; i++) {
        if (conditions[i].column != column) continue;
        if (conditions[i].negated) other |= UINT64_C(1) << conditions[i].bit;
        for (size_t v = 0; v < conditions[i].value_count; v++) {
            size_t at = 0;
            while (at < n && values[at] != conditions[i].values[v])
                at++;
            if (at == n) values[n++] = conditions[i].values[v];
        }
    }
    for (size_t i = first; i < count; i++) {
        if (conditions[i].column != column) continue;
        for (size_t v = 0; v < n; v++) {
            if (authority_listed(&conditions[i], values[v]) != conditions[i].negated)
                bits[v] |= UINT64_C(1) << conditions[i].bit;
        }
    }
    return (struct column_use){.kind = FACT_AUTHORITY,
                               .offset = column->offset,
                               .values = values,
                               .bits = bits,
                               .value_count = n,
                               .other = other};
}

/* Counts have too many values for a table, and come from parts with few rows. */
static struct column_use count_use(struct arena *a, const struct condition *conditions, size_t count,
                                   size_t first) {
    const struct fact_column *column = conditions[first].column;
    struct condition *own = ARENA_ARRAY(a, struct condition, count - first);
    size_t n = 0;
    for (size_t i = first; i < count; i++) {
        if (conditions[i].column == column) own[n++] = conditions[i];
    }
    return (struct column_use){
        .kind = FACT_COUNT, .offset = column->offset, .conditions = own, .condition_count = n};
}

static struct column_use use_of(struct arena *a, const struct condition *conditions, size_t count,
                                size_t first) {
    switch (conditions[first].column->kind) {
    case FACT_AUTHORITY: return authority_use(a, conditions, count, first);
    case FACT_COUNT: return count_use(a, conditions, count, first);
    default: return table_use(a, conditions, count, first);
    }
}

static bool is_first_of_column(const struct condition *conditions, size_t i) {
    for (size_t before = 0; before < i; before++) {
        if (conditions[before].column == conditions[i].column) return false;
    }
    return true;
}

struct column_plan column_plan_make(struct arena *a, const struct condition *conditions, size_t count) {
    struct column_use *uses = ARENA_ARRAY(a, struct column_use, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_first_of_column(conditions, i)) uses[n++] = use_of(a, conditions, count, i);
    }
    return (struct column_plan){uses, n};
}

static uint32_t read_u32(const unsigned char *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint64_t count_bits(const struct column_use *u, uint32_t value) {
    uint64_t met = 0;
    for (size_t i = 0; i < u->condition_count; i++)
        met |= (uint64_t)value_meets(&u->conditions[i], value) << u->conditions[i].bit;
    return met;
}

/* Each value is named once. Without a branch, since where a row comes from nobody can guess. */
static uint64_t authority_bits(const struct column_use *u, uint32_t value) {
    uint64_t differs = 0;
    for (size_t i = 0; i < u->value_count; i++)
        differs |= (u->bits[i] ^ u->other) & -(uint64_t)(u->values[i] == value);
    return u->other ^ differs;
}

static uint16_t read_u16(const unsigned char *at) {
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

uint64_t conditions_met(const struct column_plan *p, const void *fact) {
    uint64_t met = 0;
    for (size_t i = 0; i < p->use_count; i++) {
        const struct column_use *u = &p->uses[i];
        const unsigned char *at = (const unsigned char *)fact + u->offset;
        switch (u->kind) {
        case FACT_CODE:
        case FACT_ETHNIC: met |= u->table[code_index(read_u16(at))]; break;
        case FACT_FLAG: met |= u->table[(unsigned)read_u16(at) >> u->shift & 3u]; break;
        case FACT_NUMBER:
        case FACT_WORD:
        case FACT_WORDS: met |= u->table[*at]; break;
        case FACT_AUTHORITY: met |= authority_bits(u, read_u32(at)); break;
        case FACT_COUNT: met |= count_bits(u, read_u32(at)); break;
        case FACT_DAY: break;
        }
    }
    return met;
}

/* Of a kind with a table: what it says of each row, `INDEX` of what stands at `at`. */
#define EACH_ROW(INDEX)                                                                                      \
    for (size_t i = 0; i < count; i++, at += record)                                                         \
    out[i] |= u->table[INDEX]

static void add_column(const struct column_use *u, const unsigned char *at, size_t record, size_t count,
                       uint64_t *out) {
    switch (u->kind) {
    case FACT_CODE:
    case FACT_ETHNIC: EACH_ROW(code_index(read_u16(at))); break;
    case FACT_FLAG: EACH_ROW((unsigned)read_u16(at) >> u->shift & 3u); break;
    case FACT_NUMBER:
    case FACT_WORD:
    case FACT_WORDS: EACH_ROW(*at); break;
    case FACT_AUTHORITY:
        for (size_t i = 0; i < count; i++, at += record)
            out[i] |= authority_bits(u, read_u32(at));
        break;
    case FACT_COUNT:
        for (size_t i = 0; i < count; i++, at += record)
            out[i] |= count_bits(u, read_u32(at));
        break;
    case FACT_DAY: break;
    }
}

void conditions_met_many(const struct column_plan *p, const void *facts, size_t record, size_t count,
                         uint64_t *out) {
    memset(out, 0, count * sizeof *out);
    for (size_t i = 0; i < p->use_count; i++)
        add_column(&p->uses[i], (const unsigned char *)facts + p->uses[i].offset, record, count, out);
}

uint32_t fact_number(const struct fact_column *c, const void *fact) {
    const unsigned char *at = (const unsigned char *)fact + c->offset;
    uint32_t value = c->kind == FACT_COUNT ? read_u32(at) : *at;
    return value == c->blank ? 0 : value;
}

uint32_t fact_value(const struct fact_column *c, const void *fact) {
    const unsigned char *at = (const unsigned char *)fact + c->offset;
    switch (c->kind) {
    case FACT_CODE:
    case FACT_ETHNIC: return read_u16(at);
    case FACT_FLAG: return (unsigned)read_u16(at) >> 2 * c->flag & 3u;
    case FACT_AUTHORITY:
    case FACT_COUNT: return read_u32(at);
    default: return *at;
    }
}

int32_t fact_day_of(const struct fact_column *c, const void *fact) {
    return fact_day_value((int16_t)read_u16((const unsigned char *)fact + c->offset));
}
