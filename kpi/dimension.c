#include "kpi/dimension.h"

#include <stdlib.h>

#include "kpi/priority.h"
#include "returns/authority.h"
#include "returns/code_list.h"

static const struct dimension_info INFO[DIMENSION_COUNT] = {
#define X(name, text, kind, column) {text, kind, column},
    DIMENSION_LIST(X)
#undef X
};

const struct dimension_info *dimension_info(enum dimension d) {
    return &INFO[d];
}

bool dimension_parse(str name, enum dimension *out) {
    for (unsigned d = 0; d < DIMENSION_COUNT; d++) {
        if (!str_is(name, INFO[d].name)) continue;
        *out = (enum dimension)d;
        return true;
    }
    return false;
}

/* The age stands under another name in episodes. */
static const struct fact_column *column_of(enum dimension d, enum part_id part) {
    if (!INFO[d].column) return NULL;
    bool is_age = INFO[d].kind == BY_AGE && part == PART_EPISODES;
    return fact_column_find(part, str_of(is_age ? "ageAtQuitDate" : INFO[d].column));
}

bool dimension_asks(enum dimension d, enum part_id part) {
    switch (INFO[d].kind) {
    case BY_PROVIDER:
    case BY_PRIORITY: return true;
    case BY_SITE: return part == PART_EPISODES || part == PART_REFERRALS;
    case BY_ADVISER: return part == PART_EPISODES;
    case BY_ORGANISATION: return part == PART_REFERRALS;
    default: return column_of(d, part) != NULL;
    }
}

/* ---- members ---- */

static size_t add(struct dimension_members *m, str key, str label, struct arena *a) {
    if (m->count == m->room) {
        size_t room = m->room ? 2 * m->room : 32;
        struct dimension_member *list = ARENA_ARRAY(a, struct dimension_member, room);
        for (size_t i = 0; i < m->count; i++)
            list[i] = m->list[i];
        m->list = list;
        m->room = room;
    }
    m->list[m->count] = (struct dimension_member){.key = key, .label = label};
    return m->count++;
}

static void add_unknown(struct dimension_members *m, struct arena *a) {
    m->unknown = add(m, STR("UNKNOWN"), STR("Blank"), a);
}

/* ---- codes ---- */

static bool valid_in(const struct code_entry *e, int16_t from, int16_t to) {
    for (int16_t p = from; p <= to; p++)
        if (code_entry_valid(e, period_first_day(p))) return true;
    return false;
}

static const struct code_list *list_of(enum dimension d) {
    if (d == DIMENSION_DESTINATION_TYPE) return &code_list_setting;
    return code_list_find(str_of(INFO[d].column));
}

/* The newest label of a code stands last in the list. */
static void add_codes(struct dimension_members *m, int16_t from, int16_t to, struct arena *a) {
    const struct code_list *list = list_of(m->which);
    m->by_value = ARENA_ARRAY(a, uint16_t, CODE_TABLE_SIZE);
    for (size_t i = 0; i < list->count; i++) {
        const struct code_entry *e = &list->entries[i];
        if (!valid_in(e, from, to)) continue;
        uint16_t *at = &m->by_value[code_index(fact_code(str_of(e->code)))];
        if (*at) m->list[*at - 1].label = str_of(e->label);
        else *at = (uint16_t)(add(m, str_of(e->code), str_of(e->label), a) + 1);
    }
}

/* ---- bytes ---- */

static void add_byte(struct dimension_members *m, unsigned value, str key, str label, struct arena *a) {
    m->by_value[value] = (uint16_t)(add(m, key, label, a) + 1);
}

/* First ages of the bands of the national return, in the order of the code list. */
static const unsigned BANDS[] = {0, 18, 35, 45, 60, FACT_NO_AGE};

static void add_ages(struct dimension_members *m, struct arena *a) {
    for (size_t i = 0; i < code_list_ageBand.count; i++) {
        const struct code_entry *e = &code_list_ageBand.entries[i];
        add_byte(m, BANDS[i], str_of(e->code), str_of(e->label), a);
        for (unsigned age = BANDS[i] + 1; age < BANDS[i + 1]; age++)
            m->by_value[age] = m->by_value[BANDS[i]];
    }
}

static void add_words(struct dimension_members *m, struct arena *a) {
    const struct fact_column *c = NULL;
    for (unsigned p = 0; p < PART_COUNT && !c; p++)
        c = m->columns[p];
    const char *const *words = fact_words(c);
    for (unsigned i = 0; words && words[i]; i++)
        add_byte(m, c->kind == FACT_WORDS ? i : i + 1, str_of(words[i]), STR_NONE, a);
}

static void add_bytes(struct dimension_members *m, struct arena *a) {
    m->by_value = ARENA_ARRAY(a, uint16_t, UINT8_MAX + 1);
    switch (INFO[m->which].kind) {
    case BY_AGE: add_ages(m, a); break;
    case BY_QUINTILE:
        for (unsigned q = 1; q <= 5; q++)
            add_byte(m, q, arena_printf(a, "%u", q),
                     q == 1   ? STR("Most deprived")
                     : q == 5 ? STR("Least deprived")
                              : STR_NONE,
                     a);
        break;
    case BY_FLAG:
        add_byte(m, FLAG_YES, STR("Y"), STR("Yes"), a);
        add_byte(m, FLAG_NO, STR("N"), STR("No"), a);
        break;
    default: add_words(m, a);
    }
}

/* ---- the others ---- */

static void add_groups(struct dimension_members *m, struct arena *a) {
    for (size_t i = 0; i < m->framework->priority_group_count; i++)
        add(m, str_of(m->framework->priority_groups[i].key), str_of(m->framework->priority_groups[i].name),
            a);
}

static void add_authorities(struct dimension_members *m, struct arena *a) {
    for (size_t i = 0; i < authorities_count; i++) {
        size_t at = add(m, str_of(authorities[i].code), str_of(authorities[i].name), a);
        m->list[at].id = (uint64_t)authorities[i].number;
    }
}

void dimension_begin(struct dimension_members *m, enum dimension d, const struct framework *f, int16_t from,
                     int16_t to, struct arena *a) {
    enum dimension_kind kind = INFO[d].kind;
    *m = (struct dimension_members){.which = d, .framework = f, .unknown = SIZE_MAX};
    for (unsigned p = 0; p < PART_COUNT; p++)
        m->columns[p] = column_of(d, (enum part_id)p);
    switch (kind) {
    case BY_CODE:
    case BY_ETHNIC: add_codes(m, from, to, a); break;
    case BY_PRIORITY: add_groups(m, a); return;
    case BY_AUTHORITY: add_authorities(m, a); return;
    case BY_PROVIDER:
    case BY_SITE:
    case BY_ADVISER:
    case BY_ORGANISATION: return;
    default: add_bytes(m, a);
    }
    add_unknown(m, a);
}

void dimension_name(struct dimension_members *m, str key, str label, struct arena *a) {
    size_t at = add(m, arena_str(a, key), label.p ? arena_str(a, label) : label, a);
    m->list[at].id = hash128_of(key).a;
}

static int by_key(const void *x, const void *y) {
    return str_cmp(((const struct dimension_member *)x)->key, ((const struct dimension_member *)y)->key);
}

static void sort_names(struct dimension_members *m) {
    size_t kept = 0;
    if (m->count) qsort(m->list, m->count, sizeof *m->list, by_key);
    for (size_t i = 0; i < m->count; i++)
        if (!kept || !str_eq(m->list[kept - 1].key, m->list[i].key)) m->list[kept++] = m->list[i];
    m->count = kept;
}

static void index_ids(struct dimension_members *m, struct arena *a) {
    size_t slots = 16;
    while (slots < 2 * m->count)
        slots *= 2;
    m->slots = ARENA_ARRAY(a, uint32_t, slots);
    m->mask = slots - 1;
    for (size_t i = 0; i < m->count; i++) {
        uint64_t at = m->list[i].id & m->mask;
        while (m->slots[at])
            at = (at + 1) & m->mask;
        m->slots[at] = (uint32_t)i + 1;
    }
}

bool dimension_seal(struct dimension_members *m, struct arena *a) {
    enum dimension_kind kind = INFO[m->which].kind;
    if (dimension_is_named(kind)) sort_names(m);
    if (m->count > MEMBERS_MAX) return false;
    if (!dimension_is_open(kind)) return true;
    index_ids(m, a);
    add_unknown(m, a);
    return true;
}

static size_t member_of_id(const struct dimension_members *m, uint64_t id) {
    for (uint64_t at = id & m->mask; id && m->slots[at]; at = (at + 1) & m->mask)
        if (m->list[m->slots[at] - 1].id == id) return m->slots[at] - 1;
    return m->unknown;
}

void dimension_label(struct dimension_members *m, str key, str label, struct arena *a) {
    size_t at = member_of_id(m, hash128_of(key).a);
    if (at != m->unknown && label.n) m->list[at].label = arena_str(a, label);
}

/* ---- places ---- */

static uint64_t id_of(enum dimension_kind kind, const struct walked *w) {
    if (w->held->part == PART_REFERRALS) {
        const struct fact_referral *f = w->fact;
        return kind == BY_ORGANISATION ? f->organisation.a : f->site;
    }
    const struct fact_episode *e = w->fact;
    return kind == BY_ADVISER ? e->adviser : e->site;
}

static size_t groups_of(const struct dimension_members *m, const struct walked *w, uint32_t *out) {
    size_t n = 0;
    for (size_t i = 0; i < m->framework->priority_group_count; i++) {
        const struct priority_group *g = &m->framework->priority_groups[i];
        uint64_t asks = g->columns[w->held->part];
        if (g->asked[w->held->part] && !(asks & ~w->met)) out[n++] = (uint32_t)i;
    }
    return n;
}

static size_t words_of_row(const struct dimension_members *m, uint32_t value, uint32_t *out) {
    size_t n = 0;
    for (uint32_t word = 0; word < 8; word++)
        if ((value >> word & 1) && m->by_value[word]) out[n++] = m->by_value[word] - 1u;
    if (n == 0) out[n++] = (uint32_t)m->unknown;
    return n;
}

static uint32_t by_value(const struct dimension_members *m, unsigned at) {
    return m->by_value[at] ? m->by_value[at] - 1u : (uint32_t)m->unknown;
}

/* A blank `pregnant` of a man is N (contract section 6). */
static uint32_t value_of(const struct dimension_members *m, const struct walked *w) {
    const struct fact_column *c = m->columns[w->held->part];
    uint32_t value = c ? fact_value(c, w->fact) : 0;
    if (m->which != DIMENSION_PREGNANT || value != FLAG_BLANK) return value;
    const struct fact_column *gender = fact_column_find(w->held->part, STR("gender"));
    return gender && fact_value(gender, w->fact) == fact_code(STR("1")) ? FLAG_NO : FLAG_BLANK;
}

size_t dimension_places(const struct dimension_members *m, const struct walked *w, uint32_t provider,
                        uint32_t out[PLACES_MAX]) {
    enum dimension_kind kind = INFO[m->which].kind;
    uint32_t value = value_of(m, w);
    switch (kind) {
    case BY_PRIORITY: return groups_of(m, w, out);
    case BY_WORDS: return words_of_row(m, value, out);
    case BY_PROVIDER: out[0] = provider; break;
    case BY_AUTHORITY: out[0] = (uint32_t)member_of_id(m, value); break;
    case BY_CODE: out[0] = by_value(m, code_index((uint16_t)value)); break;
    case BY_ETHNIC: out[0] = by_value(m, code_index((uint16_t)(value & 0xff00))); break;
    case BY_SITE:
    case BY_ADVISER:
    case BY_ORGANISATION: out[0] = (uint32_t)member_of_id(m, id_of(kind, w)); break;
    default: out[0] = by_value(m, value & UINT8_MAX);
    }
    return 1;
}
