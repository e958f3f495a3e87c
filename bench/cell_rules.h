/* cell_rules: the rules of one cell of episodes, as somebody would write them who is given fields by libcsv and has the same description of the
 * columns: required or not, dates, ranges, codes valid on the day, words, ids, authorities. No rules between cells or rows, no findings, nothing
 * kept: less than the judge does. For bench/judge.c. */
#ifndef QD_BENCH_CELL_RULES_H
#define QD_BENCH_CELL_RULES_H

#include "base/date.h"
#include "returns/authority.h"
#include "returns/code_list.h"
#include "returns/part.h"

static inline bool rule_is_id(str text) {
    if (text.n > 64) return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!ascii_is_alnum(c) && c != '.' && c != '_' && c != '-') return false;
    }
    return true;
}

static inline bool rule_is_day(const struct column *c, str text, int32_t first, int32_t last, int32_t today) {
    int32_t day;
    if (!day_parse_iso(text, &day) && !day_parse_british(text, &day)) return false;
    if ((c->flags & COLUMN_PAST) && day > today) return false;
    return !(c->flags & COLUMN_IN_PERIOD) || (day >= first && day <= last);
}

static inline bool rule_same(const char *word, str text) {
    return strncmp(word, text.p, text.n) == 0 && !word[text.n];
}

static inline bool rule_is_code(const struct code_list *list, str text, int32_t on) {
    for (size_t i = 0; i < list->count; i++)
        if (rule_same(list->entries[i].code, text) && code_entry_valid(&list->entries[i], on)) return true;
    return false;
}

static inline bool rule_is_word(const char *const *words, str text) {
    for (; *words; words++)
        if (rule_same(*words, text)) return true;
    return false;
}

static inline bool rule_is_number(const struct column *c, str text) {
    uint64_t n;
    return str_to_uint(text, INT32_MAX, &n) && (int32_t)n >= c->least && (int32_t)n <= c->most;
}

static inline bool rule_cell_is_good(const struct column *c, str text, int32_t first, int32_t last,
                                     int32_t today) {
    static const char *const FLAGS[] = {"Y", "N", "Yes", "No", "True", "False", "1", "0", NULL};
    text = str_trim(text);
    if (!text.n) return !(c->flags & COLUMN_REQUIRED);
    switch (c->kind) {
    case COL_ID: return rule_is_id(text);
    case COL_DATE: return rule_is_day(c, text, first, last, today);
    case COL_INT: return rule_is_number(c, text);
    case COL_FLAG: return rule_is_word(FLAGS, text);
    case COL_CODE: return rule_is_code(c->list, text, first);
    case COL_ETHNIC:
        return rule_is_code(&code_list_ethnicCategory, str_sub(text, 0, 1), first) && text.n <= 2;
    case COL_WORD: return rule_is_word(c->words, text);
    case COL_AUTHORITY: return authority_by_code(text) || authority_by_name(text);
    default: return text.n <= 64;
    }
}

#endif
