/* code_list: the national code lists with their validity (returns/code_lists.csv). One logical list gathers
 * all editions of it: `gender` holds the list of 2017 and that of 2024. A code is judged by the first day of
 * the period of the return, never by today; known under several validities it is valid when any of them is.
 * The same code may stand in a list twice, under an older label or another wording: whoever lists codes skips
 * repeats (code_list_first tells). */
#ifndef QD_RETURNS_CODE_LIST_H
#define QD_RETURNS_CODE_LIST_H

#include "base/buf.h"

struct code_entry {
    const char *code;
    const char *label;
    int32_t valid_from, valid_to; /* days, both included; INT32_MIN and INT32_MAX are open */
};

struct code_list {
    const char *name; /* "gender": as in GET /v1/code-lists */
    const struct code_entry *entries;
    size_t count;
};

extern const struct code_list code_list_ageBand, code_list_aid, code_list_coConfirmation,
    code_list_ethnicCategory, code_list_gender, code_list_interventionType, code_list_nssec,
    code_list_outcome, code_list_setting, code_list_sexualOrientation, code_list_spendType;
extern const struct code_list *const code_lists[]; /* all, in the order of the file */
extern const size_t code_lists_count;

static inline bool code_entry_valid(const struct code_entry *e, int32_t on) {
    return e->valid_from <= on && on <= e->valid_to;
}
/* False for an entry whose code already stands earlier in the list among those valid on that day. */
bool code_list_first(const struct code_list *list, size_t index, int32_t on);

enum code_match {
    CODE_MATCH_NONE,     /* no edition of the list knows it */
    CODE_MATCH_NOT_THEN, /* known, but not valid on that day */
    CODE_MATCH_UNPADDED, /* "8" for "08" */
    CODE_MATCH,          /* by code or label */
};
/* What a text means on that day; *out_entry is the entry found (valid for the last two, else any; untouched
 * for none). */
enum code_match code_list_match(const struct code_list *list, str text, int32_t on,
                                const struct code_entry **out_entry);
/* The entry valid on that day whose label is nearest to the text, or NULL when none is near. */
const struct code_entry *code_list_nearest(const struct code_list *list, str text, int32_t on);
/* "1, 2, 3, 4, Z, X": the codes valid on that day. */
void code_list_codes(const struct code_list *list, int32_t on, struct buf *out);
/* "1 Male (including trans man); 2 ...": with labels, for the guide. */
void code_list_labels(const struct code_list *list, int32_t on, struct buf *out);
/* NULL when there is no list of that name. */
const struct code_list *code_list_find(str name);

#endif
