/* cell_fast: the forms in which nearly all cells come, judged in a few instructions. Whatever it does not
 * take goes to the functions of cell.h, which take these forms too and mean the same by them (a test compares
 * the two). */
#ifndef QD_RETURNS_CELL_FAST_H
#define QD_RETURNS_CELL_FAST_H

#include "returns/judging.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- days ---- */

/* Eight bytes as one word, checked and turned into digits at once: "YYYY-MM-", years 1901 to 2099. */
static inline bool fast_day(str s, int32_t *out) {
    static const uint16_t BEFORE[13] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    static const uint8_t LENGTH[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t w;
    if (s.n != 10) return false;
    memcpy(&w, s.p, 8);
    w ^= 0x2d30302d30303030u;                                                /* digits to 0-9, dashes to 0 */
    if (((w + 0x7f76767f76767676u) | w) & 0x8080808080808080u) return false; /* a digit above 9, or no dash */
    unsigned tens = (unsigned char)s.p[8] - (unsigned)'0', ones = (unsigned char)s.p[9] - (unsigned)'0';
    unsigned year = (unsigned)(w & 15) * 1000 + (unsigned)(w >> 8 & 15) * 100 +
                    (unsigned)(w >> 16 & 15) * 10 + (unsigned)(w >> 24 & 15);
    unsigned month = (unsigned)(w >> 40 & 15) * 10 + (unsigned)(w >> 48 & 15), day = tens * 10 + ones;
    if (tens > 9 || ones > 9 || year - 1901 > 2099 - 1901 || month - 1 > 11) return false;
    unsigned leap = (year & 3) == 0;
    if (day - 1 >= LENGTH[month] + (month == 2 ? leap : 0)) return false;
    int since = (int)year - 1970;
    *out = since * 365 + ((since + 1) >> 2) + BEFORE[month] + (month > 2 ? (int)leap : 0) + (int)day - 1;
    return true;
}

/* ---- codes ---- */

/* 1 to 36 for a digit or a letter of either case, else 0. */
extern const unsigned char CODE_CHARACTER[256];

/* The place in a code_index of a code of one or two letters and digits, or one below 37 (which no code has). */
static inline unsigned code_place(str text) {
    if (text.n == 0 || text.n > 2) return 0;
    unsigned first = CODE_CHARACTER[(unsigned char)text.p[0]] * 37u;
    if (text.n == 1) return first;
    unsigned second = CODE_CHARACTER[(unsigned char)text.p[1]];
    return second ? first + second : 0;
}

static inline void code_index_build(struct code_index *index, const struct code_list *list, int32_t on) {
    for (size_t i = list->count; i-- > 0;) {
        str code = str_of(list->entries[i].code);
        unsigned place = code_place(code);
        if (place >= 37 && code_entry_valid(&list->entries[i], on))
            memcpy(index->code[place], code.p, code.n);
    }
}

static inline bool fast_code(const struct cell_plan *plan, str text, struct value *out) {
    out->text = (str){plan->codes->code[code_place(text)], text.n};
    return out->text.p[0];
}

/* Upper case, as it is stored. */
static inline bool fast_ethnic(const struct cell_plan *plan, str text, struct value *out) {
    if (text.n > 2 || text.p[0] < 'A' || text.p[0] > 'Z') return false;
    if (text.n == 2 && !(text.p[1] >= 'A' && text.p[1] <= 'Z') && !ascii_is_digit(text.p[1])) return false;
    out->text = text;
    return plan->codes->code[code_place(str_sub(text, 0, 1))][0];
}

static inline bool fast_word(const struct cell_plan *plan, str text, struct value *out) {
    for (int32_t i = 0; plan->word_n[i]; i++) {
        if (plan->word_n[i] != text.n || !bytes_same(plan->words[i], text.p, text.n)) continue;
        out->text = (str){plan->words[i], text.n};
        out->number = i + 1;
        return true;
    }
    return false;
}

/* ---- the others ---- */

static inline bool fast_int(const struct cell_plan *plan, str text, struct value *out) {
    int32_t n = 0;
    if (text.n > 4) return false;
    for (size_t i = 0; i < text.n; i++) {
        unsigned digit = (unsigned char)text.p[i] - (unsigned)'0';
        if (digit > 9) return false;
        n = n * 10 + (int32_t)digit;
    }
    out->number = n;
    return n >= plan->least && n <= plan->most;
}

static inline bool fast_flag(str text, struct value *out) {
    out->number = text.p[0] == 'Y';
    return text.n == 1 && (text.p[0] == 'Y' || text.p[0] == 'N');
}

extern const unsigned char ID_CHARACTER[256]; /* 1 for A-Z a-z 0-9 . _ - */

#ifdef __SSE2__
/* Of 16 bytes: those from `least` to `most` have all bits set. */
static inline __m128i bytes_within(__m128i x, char least, char most) {
    __m128i above = _mm_sub_epi8(x, _mm_set1_epi8(least));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(most - least))), above);
}

static inline bool are_id_characters(__m128i x) {
    __m128i letters = bytes_within(_mm_or_si128(x, _mm_set1_epi8('a' - 'A')), 'a', 'z');
    __m128i slash = _mm_cmpeq_epi8(x, _mm_set1_epi8('/'));
    __m128i others = _mm_or_si128(_mm_andnot_si128(slash, bytes_within(x, '-', '9')), /* - . / and digits */
                                  _mm_cmpeq_epi8(x, _mm_set1_epi8('_')));
    return _mm_movemask_epi8(_mm_or_si128(letters, others)) == 0xffff;
}
#endif

/* Most ids have 8 to 16 characters: two halves that may overlap. */
static inline bool fast_id(str text, struct value *out) {
    out->text = text;
#ifdef __SSE2__
    if (text.n >= 8 && text.n <= 16) {
        __m128i first = _mm_loadl_epi64((const __m128i *)(const void *)text.p);
        __m128i last = _mm_loadl_epi64((const __m128i *)(const void *)(text.p + text.n - 8));
        return are_id_characters(_mm_unpacklo_epi64(first, last));
    }
#endif
    unsigned bad = text.n > 64;
    for (size_t i = 0; i < text.n && i < 64; i++)
        bad |= !ID_CHARACTER[(unsigned char)text.p[i]];
    return !bad;
}

static inline bool fast_authority(const struct judging *j, str text, struct value *out) {
    const struct authority_memory *m = &j->authorities[authority_memory_place(text)];
    if (!m->found || text.n != m->text_n || !bytes_same(text.p, m->text, text.n)) return false;
    out->text = (str){m->found->code, 9};
    out->number = m->found->number;
    return true;
}

static inline bool fast_lsoa(str text, struct value *out) {
    if (text.n != 9 || memcmp(text.p, "E01", 3) != 0) return false;
    unsigned bad = 0;
    for (size_t i = 3; i < 9; i++)
        bad |= (unsigned char)text.p[i] - (unsigned)'0' > 9;
    out->text = text;
    return !bad;
}

/* True when the cell is good and in a common form; out is then complete but for its state. The kind is that of the plan; a caller
 * that knows it beforehand is spared the choice. */
static inline __attribute__((always_inline)) bool cell_fast(const struct judging *j,
                                                            const struct cell_plan *plan,
                                                            enum column_kind kind, str text,
                                                            struct value *out) {
    switch (kind) {
    case COL_ID: return fast_id(text, out);
    case COL_DATE:
        return fast_day(text, &out->number) && out->number >= plan->least && out->number <= plan->most;
    case COL_INT: return fast_int(plan, text, out);
    case COL_FLAG: return fast_flag(text, out);
    case COL_CODE: return fast_code(plan, text, out);
    case COL_ETHNIC: return fast_ethnic(plan, text, out);
    case COL_WORD: return fast_word(plan, text, out);
    case COL_AUTHORITY: return fast_authority(j, text, out);
    case COL_LSOA: return fast_lsoa(text, out);
    default: return false;
    }
}

/* Judges text that was sent for one column of the row. (Text comes in registers: a struct cell would go
 * through memory.) */
static inline void cell_judge_text(struct judging *j, size_t column, str text) {
    struct value *v = &j->row.values[column];
    if (text.n == 0) v->state = VALUE_BLANK;
    else if (cell_fast(j, &j->plans[column], j->plans[column].kind, text, v)) v->state = VALUE_GOOD;
    else cell_judge_long(j, column, (struct cell){text, CELL_TEXT});
}

#endif
