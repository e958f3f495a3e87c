/* cell_text: ids and free text. See cell.h. */
#include "returns/cell.h"
#include "returns/cell_fast.h"
#include "returns/personal.h"
#include "returns/residue.h"

/* clang-format off */
const unsigned char ID_CHARACTER[256] = {
    ['-'] = 1, ['.'] = 1, ['_'] = 1,
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1,
    ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1,
    ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};
/* clang-format on */

bool cell_id(struct judging *j, size_t column, str text, struct value *out) {
    enum { LONGEST = 64 };
    size_t good = 0;
    while (good < text.n && ID_CHARACTER[(unsigned char)text.p[good]])
        good++;
    if (good == text.n && text.n <= LONGEST) {
        out->text = text;
        return true;
    }
    struct finding *f = find_in_row(j, column, FINDING_BAD_ID);
    if (!f) return false;
    str word = shown(j, column, text);
    if (good == text.n)
        f->detail = say(j, "%.*s has %zu characters; an id has at most %d.", STR_ARG(word), text.n, LONGEST);
    else f->detail = say(j, "%.*s has a character that an id must not have.", STR_ARG(word));
    f->fix = STR("Use 1 to 64 of the characters A-Z, a-z, 0-9, full stop, underscore and hyphen.");
    return false;
}

/* A text may be anything, so a spreadsheet's error is kept as one; but nobody means it. */
static void warn_of_residue(struct judging *j, size_t column, str text) {
    const struct residue *residue = residue_of_whole(text);
    struct finding *f = residue ? find_in_row(j, column, FINDING_SPREADSHEET_RESIDUE) : NULL;
    if (!f) return;
    f->detail = say(j, "%.*s %s.", STR_ARG(shown(j, column, text)), residue->what);
    f->fix = str_of(residue->fix);
}

/* The value itself is not told again, whatever the column. */
static bool refuse_personal(struct judging *j, size_t column, str text) {
    const char *personal = personal_find(text);
    struct finding *f = personal ? find_in_row(j, column, FINDING_PERSONAL_IN_TEXT) : NULL;
    if (f) {
        f->detail = say(j, "The text seems to hold %s.", personal);
        f->fix = STR("Take it out: texts are read by others and say nothing about single people.");
    }
    return personal != NULL;
}

bool cell_text(struct judging *j, size_t column, str text, struct value *out) {
    size_t characters = 0;
    for (size_t i = 0; i < text.n; i++)
        characters += ((unsigned char)text.p[i] & 0xc0) != 0x80;
    int32_t most = j->part->columns[column].most;
    out->text = text;
    if (characters <= (size_t)most) {
        if (refuse_personal(j, column, text)) return false;
        warn_of_residue(j, column, text);
        return true;
    }
    struct finding *f = find_in_row(j, column, FINDING_OUT_OF_RANGE);
    if (!f) return false;
    f->detail = say(j, "The text has %zu characters; at most %d are kept.", characters, most);
    f->fix = STR("Shorten it.");
    return false;
}
