/* See code_list.h. The entries come from returns/code_lists.csv through code_lists.gen.sh. */
#include "returns/code_list.h"

#include "returns/loose.h"

#define CODE_LIST_BEGIN(list) static const struct code_entry list##_entries[] = {
#define CODE(code, label, from, to) {code, label, from, to},
#define CODE_LIST_END(list)                                                                                  \
    }                                                                                                        \
    ;                                                                                                        \
    const struct code_list code_list_##list = {#list, list##_entries,                                        \
                                               sizeof list##_entries / sizeof *list##_entries};
#include "gen/code_lists.inc"
#undef CODE_LIST_BEGIN
#undef CODE
#undef CODE_LIST_END

#define CODE_LIST_BEGIN(list) &code_list_##list,
#define CODE(code, label, from, to)
#define CODE_LIST_END(list)
const struct code_list *const code_lists[] = {
#include "gen/code_lists.inc"
};
const size_t code_lists_count = sizeof code_lists / sizeof *code_lists;

const struct code_list *code_list_find(str name) {
    for (size_t i = 0; i < code_lists_count; i++)
        if (str_is(name, code_lists[i]->name)) return code_lists[i];
    return NULL;
}

bool code_list_first(const struct code_list *list, size_t index, int32_t on) {
    for (size_t i = 0; i < index; i++)
        if (code_entry_valid(&list->entries[i], on) &&
            strcmp(list->entries[i].code, list->entries[index].code) == 0)
            return false;
    return true;
}

/* "Male (including trans man)" is also known as "Male". */
static str label_short(const char *label) {
    const char *cut = strstr(label, " (");
    return cut ? (str){label, (size_t)(cut - label)} : str_of(label);
}

static bool entry_has_code(const struct code_entry *e, str text) {
    return str_eq_nocase(str_of(e->code), text);
}

static bool entry_has_unpadded(const struct code_entry *e, str text) {
    return text.n == 1 && ascii_is_digit(text.p[0]) && e->code[0] == '0' && e->code[1] == text.p[0] &&
           e->code[2] == '\0';
}

static bool entry_has_label(const struct code_entry *e, str text) {
    return loose_eq(str_of(e->label), text) || loose_eq(label_short(e->label), text);
}

/* The first valid entry that the test accepts, else the first one that it accepts at all. */
static const struct code_entry *find(const struct code_list *list,
                                     bool (*test)(const struct code_entry *, str), str text, int32_t on) {
    const struct code_entry *known = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct code_entry *e = &list->entries[i];
        if (!test(e, text)) continue;
        if (code_entry_valid(e, on)) return e;
        if (!known) known = e;
    }
    return known;
}

/* A label of an older edition whose code is still in use means that code. */
static const struct code_entry *same_code_valid(const struct code_list *list, const struct code_entry *e,
                                                int32_t on) {
    if (code_entry_valid(e, on)) return e;
    return find(list, entry_has_code, str_of(e->code), on);
}

enum code_match code_list_match(const struct code_list *list, str text, int32_t on,
                                const struct code_entry **out_entry) {
    static bool (*const TESTS[])(const struct code_entry *, str) = {entry_has_code, entry_has_unpadded,
                                                                    entry_has_label};
    const struct code_entry *known = NULL;
    for (size_t i = 0; i < sizeof TESTS / sizeof *TESTS; i++) {
        const struct code_entry *e = find(list, TESTS[i], text, on);
        if (!e) continue;
        if (TESTS[i] == entry_has_label) e = same_code_valid(list, e, on);
        if (code_entry_valid(e, on)) {
            *out_entry = e;
            return TESTS[i] == entry_has_unpadded ? CODE_MATCH_UNPADDED : CODE_MATCH;
        }
        if (!known) known = e;
    }
    if (!known) return CODE_MATCH_NONE;
    *out_entry = known;
    return CODE_MATCH_NOT_THEN;
}

const struct code_entry *code_list_nearest(const struct code_list *list, str text, int32_t on) {
    const struct code_entry *best = NULL;
    unsigned best_distance = 0;
    if (text.n < 4) return NULL; /* among short codes everything is near */
    for (size_t i = 0; i < list->count; i++) {
        const struct code_entry *e = &list->entries[i];
        if (!code_entry_valid(e, on)) continue;
        str names[] = {str_of(e->label), label_short(e->label)};
        for (size_t k = 0; k < 2; k++) {
            unsigned distance = str_distance(text, names[k]);
            size_t longer = text.n > names[k].n ? text.n : names[k].n;
            if (distance * 3 > longer + 2 || (best && distance >= best_distance)) continue;
            best = e;
            best_distance = distance;
        }
    }
    return best;
}

static void add_entries(const struct code_list *list, int32_t on, bool labels, struct buf *out) {
    bool any = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct code_entry *e = &list->entries[i];
        if (!code_entry_valid(e, on) || !code_list_first(list, i, on)) continue;
        if (any) buf_add_cstr(out, labels ? "; " : ", ");
        any = true;
        buf_add_cstr(out, e->code);
        if (!labels) continue;
        buf_add_char(out, ' ');
        buf_add_cstr(out, e->label);
    }
}

void code_list_codes(const struct code_list *list, int32_t on, struct buf *out) {
    add_entries(list, on, false, out);
}

void code_list_labels(const struct code_list *list, int32_t on, struct buf *out) {
    add_entries(list, on, true, out);
}
