/* See authority.h. A name that no authority has as it stands is compared again without words of style such as
 * "Borough" or "Council"; the exact comparison goes first, since "City of London" consists of nothing else. */
#include "returns/authority.h"

#include "returns/loose.h"

const struct authority authorities[] = {
#define AUTHORITY(code, number, name) {code, number, name},
#include "gen/authorities.inc"
#undef AUTHORITY
};
const size_t authorities_count = sizeof authorities / sizeof *authorities;

enum { NAME_ROOM = 96 };

/* "e09000012" -> 9000012, or -1 when it has not the form of a code. */
static int32_t code_number(str code) {
    uint64_t number;
    if (code.n != 9 || ascii_upper(code.p[0]) != 'E') return -1;
    return str_to_uint(str_sub(code, 1, 9), 99999999, &number) ? (int32_t)number : -1;
}

const struct authority *authority_by_number(int32_t number) {
    size_t low = 0, high = authorities_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (authorities[middle].number == number) return &authorities[middle];
        if (authorities[middle].number < number) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

const struct authority *authority_by_code(str code) {
    int32_t number = code_number(code);
    return number < 0 ? NULL : authority_by_number(number);
}

static bool is_style(str word) {
    static const char *const STYLES[] = {"london",  "borough",  "of",           "royal",   "city",
                                         "council", "county",   "metropolitan", "unitary", "authority",
                                         "the",     "district", "corporation",  "ua",      "lb"};
    for (size_t i = 0; i < sizeof STYLES / sizeof *STYLES; i++)
        if (str_eq_nocase(word, str_of(STYLES[i]))) return true;
    return false;
}

static bool ends_in_council(str word) {
    return str_eq_nocase(word, STR("council")) || str_eq_nocase(word, STR("corporation")) ||
           str_eq_nocase(word, STR("ua"));
}

static str next_word(str *rest) {
    size_t from = 0, to;
    while (from < rest->n && !ascii_is_alnum(rest->p[from]) && rest->p[from] != '&')
        from++;
    for (to = from; to < rest->n && (ascii_is_alnum(rest->p[to]) || rest->p[to] == '\''); to++) {}
    if (to == from && from < rest->n) to++; /* the ampersand */
    str word = str_sub(*rest, from, to);
    *rest = str_sub(*rest, to, rest->n);
    return word;
}

enum stripping { STRIP_NOTHING, STRIP_COUNCIL, STRIP_STYLES };

/* The name in lower case without spaces and punctuation, "&" as "and"; false when it is too long for any
 * authority. */
static bool name_normalise(str name, enum stripping strip, char out[NAME_ROOM], size_t *out_n) {
    size_t n = 0;
    for (str word = next_word(&name); word.n; word = next_word(&name)) {
        if (strip == STRIP_STYLES && is_style(word)) continue;
        if (strip == STRIP_COUNCIL && ends_in_council(word)) continue;
        if (str_eq(word, STR("&"))) word = STR("and");
        for (size_t i = 0; i < word.n; i++) {
            if (word.p[i] == '\'') continue;
            if (n == NAME_ROOM) return false;
            out[n++] = ascii_lower(word.p[i]);
        }
    }
    *out_n = n;
    return n > 0;
}

static const struct authority *find_name(str name, enum stripping strip) {
    char wanted[NAME_ROOM], own[NAME_ROOM];
    size_t wanted_n, own_n;
    if (!name_normalise(name, strip, wanted, &wanted_n)) return NULL;
    for (size_t i = 0; i < authorities_count; i++) {
        if (!name_normalise(str_of(authorities[i].name), strip, own, &own_n)) continue;
        if (own_n == wanted_n && memcmp(own, wanted, own_n) == 0) return &authorities[i];
    }
    return NULL;
}

const struct authority *authority_by_name(str name) {
    if (name.n > NAME_ROOM * 2) return NULL;
    for (enum stripping strip = STRIP_NOTHING; strip <= STRIP_STYLES; strip++) {
        const struct authority *found = find_name(name, strip);
        if (found) return found;
    }
    return NULL;
}

const struct authority *authority_nearest(str text) {
    const struct authority *best = NULL;
    unsigned best_distance = 0;
    for (size_t i = 0; i < authorities_count; i++) {
        str name = str_of(authorities[i].name);
        unsigned distance = str_distance(text, name);
        size_t longer = text.n > name.n ? text.n : name.n;
        if (distance * 3 > longer + 2 || (best && distance >= best_distance)) continue;
        best = &authorities[i];
        best_distance = distance;
    }
    return best;
}
