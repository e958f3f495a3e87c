#include "returns/header.h"

#include "returns/csv.h"
#include "returns/loose.h"
#include "returns/personal.h"

/* Within row 0 the part's columns come first, then what the file has beyond them, in its order. */
enum { ORDER_OF_UNKNOWN = COLUMNS_MAX + 1 };

static bool column_has_name(const struct column *c, str name) {
    if (loose_eq(str_of(c->name), name)) return true;
    if (!c->aliases) return false;
    for (str rest = str_of(c->aliases); rest.p;)
        if (loose_eq(str_cut(&rest, '|'), name)) return true;
    return false;
}

int header_column(const struct part *part, str name) {
    for (size_t i = 0; i < part->column_count; i++)
        if (loose_eq(str_of(part->columns[i].name), name)) return (int)i;
    for (size_t i = 0; i < part->column_count; i++)
        if (column_has_name(&part->columns[i], name)) return (int)i;
    return HEADER_NONE;
}

size_t header_known(const struct part *part, const str *fields, size_t count) {
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        str name = csv_value(fields[i]);
        known += name.n && header_column(part, name) != HEADER_NONE;
    }
    return known;
}

static bool contains(str text, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.n; i++)
        if (memcmp(text.p + i, word, n) == 0) return true;
    return false;
}

bool header_means_identity(str name) {
    static const char *const WORDS[] = {"nhsn",    "phone",   "mobile",   "email",
                                        "address", "surname", "initials", "contactnumber"};
    char plain[80];
    size_t n;
    if (!loose_copy(name, plain, sizeof plain, &n)) return false;
    str s = {plain, n};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (contains(s, WORDS[i])) return true;
    return str_ends_with(s, STR("name")) || str_is(s, "nhs") || str_is(s, "tel") ||
           str_starts_with(s, STR("name"));
}

const struct column *header_nearest(const struct part *part, str name) {
    enum { LONGEST = 40 }; /* no column's name is near to a longer one */
    str names[COLUMNS_MAX];
    if (name.n > LONGEST) return NULL;
    for (size_t i = 0; i < part->column_count; i++)
        names[i] = str_of(part->columns[i].name);
    str near = str_nearest(name, names, part->column_count);
    for (size_t i = 0; near.p && i < part->column_count; i++)
        if (names[i].p == near.p) return &part->columns[i];
    return NULL;
}

static void find_identity(struct judging *j, const char *column, uint16_t order) {
    struct finding *f = find_in_header(j, j->row.line, column, order, FINDING_IDENTITY_NOT_STORED);
    if (!f) return;
    f->detail = STR("This column means who a person is. It was not read and is not stored.");
    f->fix = STR("Leave the column out of the file: identities stay with you.");
}

void header_find_unknown(struct judging *j, str name, size_t index, bool hide) {
    uint16_t order = (uint16_t)(ORDER_OF_UNKNOWN + (index < 60000 ? index : 60000));
    bool hidden = hide || name.n == 0 || nhs_number_is_within(name) || personal_find(name);
    str word = hidden ? STR("") : shown_text(j, name);
    const char *column =
        hidden ? say(j, "column %zu", index + 1).p : say(j, "%.*s", (int)word.n - 2, word.p + 1).p;
    if (!hidden && header_means_identity(name)) {
        find_identity(j, column, order);
        return;
    }
    struct finding *f = find_in_header(j, j->row.line, column, order, FINDING_UNKNOWN_COLUMN);
    if (!f) return;
    const struct column *near = hidden ? NULL : header_nearest(j->part, name);
    if (hidden) f->detail = say(j, "Column %zu has no name that is known here; it was not read.", index + 1);
    else f->detail = say(j, "%.*s is no column of %s; it was not read.", STR_ARG(word), j->part->name);
    if (str_find(name, '|') < name.n) {
        f->fix = STR("If | is meant to separate the columns: use a comma, a semicolon or a tab.");
        return;
    }
    f->fix = near ? say(j, "Did you mean %s? Otherwise nothing has to be done.", near->name)
                  : say(j, "Nothing has to be done. The columns of %s stand in its template.", j->part->name);
}

static void find_repeated(struct judging *j, size_t column, size_t index) {
    struct finding *f = find_in_row(j, column, FINDING_DUPLICATE);
    if (!f) return;
    f->detail = say(j, "The header has this column twice; the second is column %zu.", index + 1);
    f->fix = STR("Keep the right one of the two and take the other out.");
}

static void find_missing(struct judging *j, size_t column, bool any) {
    int other = j->rules->stand_in ? j->rules->stand_in(j, column) : -1;
    if (other >= 0 && !j->absent[other]) {
        j->absent[column] = false; /* rows in which both are blank are told so */
        return;
    }
    struct finding *f = find_in_row(j, column, FINDING_MISSING_COLUMN);
    if (!f) return;
    const struct column *c = &j->part->columns[column];
    f->detail = say(j, "The header has no column %s.", c->name);
    if (any) f->fix = say(j, "Add the column %s. %s", c->name, c->meaning);
    else if (j->part->id >= PART_COUNT) /* reference data has no template */
        f->fix = say(
            j, "Let the first line name the columns, such as %s; none of those that it names now is known.",
            c->name);
    else
        f->fix = say(
            j,
            "Let the first line name the columns, as the template of %s does; none of those that it names "
            "now is known.",
            j->part->name);
}

bool header_map(struct judging *j, const str *fields, size_t count, int *out) {
    bool any = false;
    for (size_t c = 0; c < j->part->column_count; c++)
        j->absent[c] = true;
    for (size_t i = 0; i < count; i++) {
        str name = csv_value(fields[i]);
        out[i] = name.n ? header_column(j->part, name) : HEADER_NONE;
        if (out[i] == HEADER_NONE) continue;
        any = true;
        if (!j->absent[out[i]]) {
            find_repeated(j, (size_t)out[i], i);
            out[i] = HEADER_NONE - 1; /* known, but not read a second time */
            continue;
        }
        j->absent[out[i]] = false;
    }
    for (size_t i = 0; i < count; i++)
        if (out[i] == HEADER_NONE) header_find_unknown(j, csv_value(fields[i]), i, !any);
    for (size_t c = 0; c < j->part->column_count; c++)
        if (j->absent[c] && (j->part->columns[c].flags & COLUMN_REQUIRED)) find_missing(j, c, any);
    return any;
}
