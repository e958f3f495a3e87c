/* returns: the tables behind the columns: code lists, authorities, parts; and what is written from them. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "returns/cell.h"
#include "returns/cell_fast.h"
#include "returns/csv.h"
#include "returns/header.h"
#include "returns/part_schema.h"
#include "returns/parts/parts.h"
#include "returns/template.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

static const struct part *const TABLES[] = {
    &part_episodes,      &part_follow_ups,        &part_harm_reduction, &part_referrals,
    &part_contacts,      &part_training_sessions, &part_advisers,       &part_sites,
    &part_web_analytics, &part_media_activity,
};
enum { TABLE_COUNT = sizeof TABLES / sizeof *TABLES };

/* ---- code lists ---- */

static void lists_are_sound(void) {
    static const char *const NAMES[] = {"gender", "sexualOrientation", "ethnicCategory", "nssec",
                                        "aid",    "interventionType",  "setting",        "outcome"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        CHECK(code_list_find(str_of(NAMES[i])), "%s is a list", NAMES[i]);
    CHECK(!code_list_find(STR("colour")), "colour is none");
    CHECK(code_list_find(STR("gender")) == &code_list_gender, "found by name");
    for (size_t l = 0; l < code_lists_count; l++) {
        const struct code_list *list = code_lists[l];
        CHECK(list->count > 0 && list->count < 256, "%s fits a code index", list->name);
        for (size_t i = 0; i < list->count; i++) {
            const struct code_entry *e = &list->entries[i];
            size_t n = strlen(e->code);
            CHECK(n >= 1 && n <= 2 && e->label[0] && e->valid_from <= e->valid_to, "%s %s", list->name,
                  e->code);
        }
    }
}

/* A label must not mean two codes at once, however it is typed. */
static void labels_are_unambiguous(void) {
    for (int16_t period = PERIOD_FIRST_ACCEPTED; period < 2026 * 4; period++) {
        int32_t on = period_first_day(period);
        for (size_t l = 0; l < code_lists_count; l++) {
            const struct code_list *list = code_lists[l];
            for (size_t i = 0; i < list->count; i++) {
                const struct code_entry *e = &list->entries[i], *found = NULL;
                if (!code_entry_valid(e, on)) continue;
                CHECK(code_list_match(list, str_of(e->code), on, &found) == CODE_MATCH &&
                          strcmp(found->code, e->code) == 0,
                      "%s %s by code", list->name, e->code);
                bool shared =
                    strcmp(e->code, "LC") == 0 ||
                    strcmp(e->code, "LD") == 0; /* "Bupropion only" and the like are also 11 and 12 */
                CHECK(code_list_match(list, str_of(e->label), on, &found) == CODE_MATCH &&
                          (shared || strcmp(found->code, e->code) == 0),
                      "%s '%s' means %s, not %s", list->name, e->label, found ? found->code : "nothing",
                      e->code);
            }
        }
    }
}

static void codes_of_a_day(void) {
    struct buf b = BUF_EMPTY;
    int32_t now = day_from_civil(2025, 7, 1), then = day_from_civil(2023, 7, 1);
    code_list_codes(&code_list_gender, now, &b);
    CHECK(str_is(buf_str(&b), "1, 2, 3, 4, Z, X"), "gender in 2025: %.*s", STR_ARG(buf_str(&b)));
    buf_clear(&b);
    code_list_codes(&code_list_gender, then, &b);
    CHECK(str_is(buf_str(&b), "1, 2"), "gender in 2023: %.*s", STR_ARG(buf_str(&b)));
    buf_clear(&b);
    code_list_codes(&code_list_aid, now, &b);
    CHECK(str_is(buf_str(&b),
                 "10, 11, 12, 13, 14, 15, 16, 17, S1, 99, LA, LB, LC, LD, LE, LF, LG, LH, LI, LJ, LK"),
          "aid in 2025: %.*s", STR_ARG(buf_str(&b)));
    buf_clear(&b);
    code_list_labels(&code_list_outcome, now, &b);
    CHECK(str_is(buf_str(&b), "1 Quit (self-report); 2 Not quit (self-report); 3 Lost to follow-up"),
          "labels: %.*s", STR_ARG(buf_str(&b)));
    buf_free(&b);
    const struct code_entry *near = code_list_nearest(&code_list_nssec, STR("Routine & manual"), now);
    CHECK(near && strcmp(near->code, "08") == 0, "nearest label");
    CHECK(!code_list_nearest(&code_list_nssec, STR("10"), now), "nothing is near a short code");
}

/* ---- authorities ---- */

static void authorities_are_sound(void) {
    CHECK(authorities_count == 153, "%zu authorities", authorities_count);
    for (size_t i = 0; i < authorities_count; i++) {
        const struct authority *a = &authorities[i];
        char text[200];
        CHECK(i == 0 || strcmp(authorities[i - 1].code, a->code) < 0, "%s is in order", a->code);
        CHECK(authority_by_code(str_of(a->code)) == a && authority_by_name(str_of(a->name)) == a,
              "%s %s is found", a->code, a->name);
        static const char *const STYLES[] = {"%s Council", "London Borough of %s",  "%s, City of",
                                             "%s UA",      "THE %s COUNTY COUNCIL", "  %s  "};
        for (size_t k = 0; k < sizeof STYLES / sizeof *STYLES; k++) {
            int at = (int)(strstr(STYLES[k], "%s") - STYLES[k]);
            snprintf(text, sizeof text, "%.*s%s%s", at, STYLES[k], a->name, STYLES[k] + at + 2);
            bool only_style = strcmp(a->code, "E09000001") == 0; /* nothing but words of style */
            CHECK(only_style || authority_by_name(str_of(text)) == a, "'%s' is %s", text, a->name);
        }
    }
    CHECK(!authority_by_code(STR("E0900001")) && !authority_by_code(STR("E090000123")) &&
              !authority_by_code(STR("X09000012")),
          "no other codes");
    CHECK(!authority_by_name(STR("")) && !authority_by_name(STR("London")) &&
              !authority_by_name(STR("Borough of")) && !authority_by_name(STR("Newcastle")),
          "no other names");
    CHECK(authority_nearest(STR("Tower Hamlet")) &&
              strcmp(authority_nearest(STR("Tower Hamlet"))->name, "Tower Hamlets") == 0,
          "nearest name");
    CHECK(!authority_nearest(STR("q")), "nothing near");
}

/* ---- parts ---- */

static void parts_offered(void) {
    enum part_id id;
    CHECK(part_find(STR("episodes")) == &part_episodes && part_find(STR("follow-ups")) == &part_follow_ups,
          "these can be sent");
    CHECK(!part_find(STR("Episodes")) && !part_find(STR("colour")) && !part_find(STR("")), "names are exact");
    for (enum part_id i = 0; i < PART_COUNT; i++) {
        CHECK(part_id_parse(str_of(part_name(i)), &id) && id == i, "%s", part_name(i));
        CHECK(part_find(str_of(part_name(i))) == part_get(i), "%s is offered or not", part_name(i));
        CHECK(!part_get(i) || (part_get(i)->id == i && strcmp(part_get(i)->name, part_name(i)) == 0),
              "%s is itself", part_name(i));
    }
    CHECK(strcmp(part_name(PART_COUNT), "") == 0 && !part_get(PART_COUNT), "none beyond");
}

static void column_sql_names(void) {
    static const struct {
        const char *name, *sql;
    } CASES[] = {{"followUp4wDate", "follow_up_4w_date"},
                 {"co4wPpm", "co_4w_ppm"},
                 {"co12wPpm", "co_12w_ppm"},
                 {"outcome26w", "outcome_26w"},
                 {"nssec", "nssec"},
                 {"seriousMentalIllness", "serious_mental_illness"},
                 {"ageAtQuitDate", "age_at_quit_date"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct column c = {.name = CASES[i].name};
        char sql[64];
        CHECK(strcmp(column_sql_name(&c, sql), CASES[i].sql) == 0, "%s: %s", CASES[i].name, sql);
    }
}

static bool aliases_are_sound(const struct part *p, size_t column) {
    for (str rest = str_of(p->columns[column].aliases); rest.p;) {
        str alias = str_cut(&rest, '|');
        CHECK(alias.n && header_column(p, alias) == (int)column, "%s: '%.*s' means %s", p->name,
              STR_ARG(alias), p->columns[column].name);
    }
    return true;
}

static void tables_are_sound(void) {
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        const struct part *p = TABLES[t];
        CHECK(strcmp(part_name(p->id), p->name) == 0 && p->column_count <= COLUMNS_MAX && p->meaning, "%s",
              p->name);
        size_t keys = 0;
        for (size_t i = 0; i < p->column_count; i++) {
            const struct column *c = &p->columns[i];
            CHECK(c->name && c->meaning && c->example && c->meaning[strlen(c->meaning) - 1] == '.',
                  "%s.%s is explained", p->name, c->name);
            CHECK((c->kind == COL_CODE || c->kind == COL_ETHNIC) == (c->list != NULL), "%s.%s has a list",
                  p->name, c->name);
            CHECK((c->kind == COL_WORD || c->kind == COL_WORDS) == (c->words != NULL), "%s.%s has words",
                  p->name, c->name);
            CHECK((c->kind != COL_INT && c->kind != COL_TEXT) || c->most > c->least, "%s.%s has limits",
                  p->name, c->name);
            CHECK(header_column(p, str_of(c->name)) == (int)i && !header_means_identity(STR("colour")),
                  "%s.%s is found by name", p->name, c->name);
            if (c->aliases) aliases_are_sound(p, i);
            keys += (c->flags & COLUMN_KEY) != 0;
        }
        CHECK(keys <= KEYS_MAX, "%s has %zu keys", p->name, keys);
    }
}

/* The example of every column is a good value of it. */
static void examples_are_good(void) {
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; i < TABLES[t]->column_count; i++) {
            const struct column *c = &TABLES[t]->columns[i];
            struct judged j;
            char changes[200];
            snprintf(changes, sizeof changes, "%s=%s", c->name, c->example);
            judged_row(&j, TABLES[t]->name, FORMAT_JSON, changes);
            for (size_t k = 0; k < j.judgement.findings.kept_count; k++) {
                const struct finding *f = &j.judgement.findings.kept[k];
                bool context = f->code == FINDING_INCONSISTENT || f->code == FINDING_UNKNOWN_EPISODE ||
                               f->code == FINDING_OUT_OF_RANGE;
                CHECK(f->severity == SEVERITY_WARNING || context, "%s: %s", changes, judged_found(&j));
            }
            judged_free(&j);
        }
    }
}

static void identities(void) {
    static const char *const YES[] = {
        "Name",       "Forename", "first_name",    "Surname",        "Last name",  "Full Name",
        "NHS number", "NHS No.",  "nhsNumber",     "Address line 1", "Home phone", "Telephone",
        "Mobile",     "E-mail",   "email address", "Client name",    "Initials"};
    static const char *const NO[] = {"Colour", "Notes", "Visit", "Height", "Consent", "Score"};
    for (size_t i = 0; i < sizeof YES / sizeof *YES; i++)
        CHECK(header_means_identity(str_of(YES[i])), "%s", YES[i]);
    for (size_t i = 0; i < sizeof NO / sizeof *NO; i++)
        CHECK(!header_means_identity(str_of(NO[i])), "%s", NO[i]);
}

/* ---- what is written ---- */

static void templates(void) {
    for (size_t t = 0; t < 2; t++) {
        struct buf header = BUF_EMPTY, guide = BUF_EMPTY;
        struct judged j;
        template_write_header(&header, TABLES[t]);
        judged_text(&j, TABLES[t]->name, FORMAT_CSV, buf_str(&header));
        CHECK(j.err == OK && strcmp(judged_found(&j), "") == 0 && j.judgement.rows == 0,
              "the template of %s is a nil return: %s", TABLES[t]->name, judged_found(&j));
        judged_free(&j);
        template_write_guide(&guide, TABLES[t], period_of(2025, 2));
        struct csv c;
        struct body_window window = {NULL};
        size_t rows = 0;
        for (csv_begin(&c, buf_str(&guide), &window); csv_next(&c, NULL) == CSV_ROW; rows++) {
            CHECK(c.count == 6, "row %zu of the guide has %zu fields", rows, c.count);
            if (rows)
                CHECK(str_is(csv_value(c.fields[0]), TABLES[t]->columns[rows - 1].name),
                      "row %zu explains %.*s", rows, STR_ARG(c.fields[0]));
        }
        CHECK(rows == TABLES[t]->column_count + 1, "one row a column");
        csv_end(&c);
        buf_free(&header);
        buf_free(&guide);
    }
    struct buf values = BUF_EMPTY;
    column_values(&values, &part_follow_ups.columns[3], period_of(2025, 2));
    CHECK(memmem(values.p, values.n, "1 Quit", 6), "codes with labels: %.*s", STR_ARG(buf_str(&values)));
    buf_clear(&values);
    column_values(&values, &part_follow_ups.columns[1], period_of(2025, 2));
    CHECK(str_is(buf_str(&values), "4W, 12W, 26W, 52W"), "words: %.*s", STR_ARG(buf_str(&values)));
    buf_free(&values);
}

static void schemas(void) {
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        struct buf out = BUF_EMPTY;
        struct json j = json_to(&out);
        part_schema_write(&j, TABLES[t]);
        json_error_t error;
        json_t *schema = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, &error);
        CHECK(schema, "%s: %s", TABLES[t]->name, error.text);
        json_t *properties = json_object_get(schema, "properties");
        CHECK(json_object_size(properties) == TABLES[t]->column_count, "%s: every column is a property",
              TABLES[t]->name);
        for (size_t i = 0; i < TABLES[t]->column_count; i++)
            CHECK(json_is_array(
                      json_object_get(json_object_get(properties, TABLES[t]->columns[i].name), "type")),
                  "%s has types", TABLES[t]->columns[i].name);
        json_decref(schema);
        buf_free(&out);
    }
}

/* ---- the quick way and the long way ---- */

/* clang-format off */
static const char *const TEXTS[] = {
    "E01001785", "e01001785", "E0100178x", "W01001785", "2025-07-14", "2025-07-31", "2025-09-30",
    "2025-06-30", "2025-10-01", "2025-02-29", "2024-02-29", "2025-00-10", "2025-13-10", "2025-07-00",
    "2025-07-32", "1901-01-01", "1900-02-29", "1900-02-28", "2000-02-29", "2099-12-31", "2100-02-29",
    "2026-02-20", "2026-02-21", "2025/07/14", "2025-07-1x", "202a-07-14", "9999-99-99", "2025-07-14 ",
    ":025-07-14", "2025-0:-14", "0", "1", "5", "6", "9", "10", "43", "120", "121", "200", "201", "007",
    "0200", "00200", "-1", "-0", "1.0", "1e1", "Y", "N", "y", "n", "YES", "X", "Z", "z", "A", "a", "CT",
    "ct", "A1", "a1", "1A", "99", "I", "08", "8", "01", "04", "LA", "la", "LK", "S1", "s1", "Male",
    "Hackney", "E09000012", "e09000012", "E09000001", "E07000008", "FACE_TO_FACE", "face to face", "VIDEO",
    "VIDEOS", "VIDE", "POST", "4W", "4w", "COPD", "OWNED", "a.b-c_d", "a b", "caf\xc3\xa9", "#REF!", ";",
    "'", "0123456789012345678901234567890123456789012345678901234567890123",
    "01234567890123456789012345678901234567890123456789012345678901234",
};
/* clang-format on */

static bool long_way(struct judging *j, size_t column, str text, struct value *out) {
    struct cell sent = {text, CELL_TEXT};
    switch (j->part->columns[column].kind) {
    case COL_ID: return cell_id(j, column, text, out);
    case COL_DATE: return cell_date(j, column, text, out);
    case COL_INT: return cell_int(j, column, sent, out);
    case COL_FLAG: return cell_flag(j, column, sent, out);
    case COL_CODE: return cell_code(j, column, text, out);
    case COL_ETHNIC: return cell_ethnic(j, column, text, out);
    case COL_WORD: return cell_word(j, column, text, out);
    case COL_AUTHORITY: return cell_authority(j, column, text, out);
    case COL_LSOA: return cell_lsoa(j, column, text, out);
    default: return false;
    }
}

static void same_meaning(struct judging *j, size_t column, str text) {
    struct value quick = {.number = 0}, slow = {.number = 0};
    enum column_kind kind = j->part->columns[column].kind;
    bool numeric =
        kind == COL_DATE || kind == COL_INT || kind == COL_FLAG || kind == COL_WORD || kind == COL_AUTHORITY;
    if (!cell_fast(j, &j->plans[column], j->plans[column].kind, text, &quick)) return;
    CHECK(long_way(j, column, text, &slow), "%s '%.*s': quickly good, at length not",
          j->part->columns[column].name, STR_ARG(text));
    CHECK(!numeric || quick.number == slow.number, "%s '%.*s': %d and %d", j->part->columns[column].name,
          STR_ARG(text), quick.number, slow.number);
    bool textual = kind != COL_DATE && kind != COL_INT && kind != COL_FLAG;
    CHECK(!textual || str_eq(quick.text, slow.text), "%s '%.*s': '%.*s' and '%.*s'",
          j->part->columns[column].name, STR_ARG(text), STR_ARG(quick.text), STR_ARG(slow.text));
}

/* Every byte in every place of ids of every length that is read otherwise. */
static void quick_ids(void) {
    char id[70];
    unsigned wrong = 0;
    for (size_t n = 1; n < sizeof id; n++)
        for (size_t at = 0; at < n; at++)
            for (int byte = 0; byte < 256; byte++) {
                struct value v;
                memset(id, 'a', n);
                id[at] = (char)byte;
                bool good = ID_CHARACTER[byte] && n <= 64;
                wrong += fast_id((str){id, n}, &v) != good;
            }
    CHECK(wrong == 0, "%u wrong answers", wrong);
}

static void quick_and_long(void) {
    struct judge_input in = judged_defaults("episodes", FORMAT_CSV, STR(""));
    struct judgement out = {.findings.arena = ARENA_EMPTY};
    struct judging *j = must_calloc(1, sizeof *j);
    *j = (struct judging){.in = &in,
                          .part = in.part,
                          .out = &out,
                          .first_day = period_first_day(in.period),
                          .last_day = period_last_day(in.period)};
    cell_plans_begin(j);
    for (size_t column = 0; column < in.part->column_count; column++) {
        for (int again = 0; again < 2; again++) /* the second time authorities are remembered */
            for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
                same_meaning(j, column, str_of(TEXTS[i]));
        for (int32_t day = day_from_civil(1899, 1, 1); column == 3 && day < day_from_civil(2101, 1, 1);
             day += 13) {
            char text[DAY_TEXT];
            int32_t quick;
            if (fast_day(str_of(day_format(day, text)), &quick))
                CHECK(quick == day, "%s is day %d, not %d", text, day, quick);
        }
    }
    cell_plans_end(j);
    free(j);
    findings_free(&out.findings);
}

void suite_returns_lists(void) {
    suite_add("unit returns lists", NULL, NULL);
    case_add("code lists are sound", lists_are_sound);
    case_add("labels mean one code", labels_are_unambiguous);
    case_add("the codes of a day", codes_of_a_day);
    case_add("153 authorities by code and name", authorities_are_sound);
    case_add("parts that can be sent", parts_offered);
    case_add("column names in SQL", column_sql_names);
    case_add("tables of all parts are sound", tables_are_sound);
    case_add("examples are good values", examples_are_good);
    case_add("columns that mean identity", identities);
    case_add("templates and guides", templates);
    case_add("JSON schemas", schemas);
    case_add("the quick way takes ids of the right characters", quick_ids);
    case_add("the quick way and the long way mean the same", quick_and_long);
}
