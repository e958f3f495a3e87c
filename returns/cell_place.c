/* cell_place: authorities, LSOAs and postcodes. See cell.h. */
#include "returns/cell.h"

static void remember(struct judging *j, str text, const struct authority *a) {
    struct authority_memory *m = &j->authorities[authority_memory_place(text)];
    if (text.n > sizeof m->text) return;
    memcpy(m->text, text.p, text.n);
    m->text_n = (uint32_t)text.n;
    m->found = a;
}

bool cell_authority(struct judging *j, size_t column, str text, struct value *out) {
    const struct authority *a = authority_by_code(text);
    if (!a) a = authority_by_name(text);
    if (a) {
        remember(j, text, a);
        out->text = (str){a->code, 9};
        out->number = a->number;
        return true;
    }
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return false;
    const struct authority *near = authority_nearest(text);
    f->detail = say(j, "%.*s is neither the code nor the name of an English upper-tier authority.",
                    STR_ARG(shown(j, column, text)));
    if (near) f->fix = say(j, "Did you mean %s (%s)?", near->code, near->name);
    else
        f->fix = STR(
            "Write the GSS code or the name of the authority responsible for the person, for example E09000012 or Hackney.");
    return false;
}

bool cell_lsoa(struct judging *j, size_t column, str text, struct value *out) {
    uint64_t number;
    bool formed = text.n == 9 && memchr("EWSews", text.p[0], 6) && text.p[1] == '0' && text.p[2] == '1';
    if (formed && str_to_uint(str_sub(text, 1, 9), 99999999, &number)) {
        char *code = j->lsoa;
        memcpy(code, text.p, 9);
        code[0] = ascii_upper(code[0]);
        out->text = (str){code, 9};
        return true;
    }
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return false;
    f->detail = say(j, "%.*s is not the code of an LSOA.", STR_ARG(shown(j, column, text)));
    f->fix = STR("Write E01 and six digits, for example E01001785, or leave it blank.");
    return false;
}

/* Outward part (A9 to AA99 or A9A), inward part (9AA), with or without the space between them. Canonical: in
 * upper case, with one space. */
static size_t postcode_of(str text, char out[8]) {
    char c[7];
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ') continue;
        if (i + 1 < text.n && memcmp(text.p + i, "\xc2\xa0", 2) == 0) { /* a non-breaking space */
            i++;
            continue;
        }
        if (n == 7 || !ascii_is_alnum(text.p[i])) return 0;
        c[n++] = ascii_upper(text.p[i]);
    }
    if (n < 5 || !ascii_is_alpha(c[0])) return 0;
    if (!ascii_is_digit(c[n - 3]) || !ascii_is_alpha(c[n - 2]) || !ascii_is_alpha(c[n - 1])) return 0;
    memcpy(out, c, n - 3);
    out[n - 3] = ' ';
    memcpy(out + n - 2, c + n - 3, 3);
    return n + 1;
}

bool cell_postcode(struct judging *j, size_t column, str text, struct value *out) {
    size_t n = postcode_of(text, j->postcode);
    out->text = (str){j->postcode, n};
    if (n) return true;
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return false;
    f->detail = STR("The value does not have the form of a postcode.");
    f->fix = STR("Write the full postcode, for example E8 1EA, or leave it blank.");
    return false;
}
