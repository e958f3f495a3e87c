/* kpi_schema: the schema of the framework file lists what the code knows, and what the readers let through is held against it. That
 * Ajv and this interpreter agree is tests/contract/framework_schema.mjs. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "kpi/derive.h"
#include "kpi/dimension.h"
#include "kpi/element.h"
#include "kpi/schema.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static json_t *schema;

static int open_schema(void) {
    str text = schema_text();
    schema = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    return schema ? 0 : 1;
}
static int close_schema(void) {
    json_decref(schema);
    return 0;
}

static json_t *definition(const char *name) {
    return json_object_get(json_object_get(schema, "$defs"), name);
}

static json_t *member(const char *of, const char *name) {
    return json_object_get(json_object_get(definition(of), "properties"), name);
}

static bool lists(const json_t *list, str word) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (str_is(word, json_string_value(json_array_get(list, i)))) return true;
    return false;
}

/* ---- the lists of the code ---- */

static void conditions(void) {
    const json_t *list = json_object_get(definition("condition"), "oneOf");
    CHECK(json_array_size(list) == DERIVED_COUNT, "%zu conditions", json_array_size(list));
    for (unsigned d = 0; d < DERIVED_COUNT; d++) {
        const struct derived_info *i = derived_info((enum derived)d);
        const json_t *one = json_array_get(list, d);
        CHECK(strcmp(json_string_value(json_object_get(one, "const")), i->name) == 0, "%s", i->name);
        CHECK(strcmp(json_string_value(json_object_get(one, "description")), i->meaning) == 0, "%s: %s",
              i->name, i->meaning);
    }
}

static void check_words(const char *part, const struct fact_column *c) {
    const char *const *words = fact_words(c);
    char name[40];
    snprintf(name, sizeof name, "where-%s", part);
    const json_t *rules = json_object_get(definition(name), "allOf");
    const json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(rules) && !found; i++) {
        const json_t *rule = json_array_get(rules, i), *when = json_object_get(rule, "if");
        const json_t *columns =
            json_object_get(json_object_get(json_object_get(when, "properties"), "column"), "enum");
        if (!lists(columns, str_of(c->name))) continue;
        const json_t *in =
            json_object_get(json_object_get(json_object_get(rule, "then"), "properties"), "in");
        found = json_object_get(in, "items");
    }
    CHECK(found != NULL, "%s %s has a rule", part, c->name);
    for (size_t i = 0; words && words[i]; i++)
        CHECK(lists(json_object_get(found, "enum"), str_of(words[i])), "%s %s: %s", part, c->name, words[i]);
}

/* Each part has its columns, in the order of the code; dates stand apart. */
static void columns(void) {
    const json_t *dates = json_object_get(member("workingDays", "column"), "enum");
    for (unsigned part = 0; part < PART_COUNT; part++) {
        str names[64];
        char name[40];
        size_t count = fact_column_names((enum part_id)part, names, COUNT_OF(names)), at = 0;
        snprintf(name, sizeof name, "where-%s", part_name((enum part_id)part));
        const json_t *list = json_object_get(member(name, "column"), "enum");
        CHECK((count > 0) == (list != NULL), "%s", name);
        for (size_t i = 0; i < count; i++) {
            const struct fact_column *c = fact_column_find((enum part_id)part, names[i]);
            bool day = c->kind == FACT_DAY;
            const char *have = day ? NULL : json_string_value(json_array_get(list, at++));
            CHECK(day ? lists(dates, names[i]) : have && str_is(names[i], have), "%s: %.*s", name,
                  STR_ARG(names[i]));
            if (!day) check_words(part_name((enum part_id)part), c);
        }
        CHECK(at == json_array_size(list), "%s has no other column", name);
        CHECK(lists(json_object_get(definition("part"), "enum"), str_of(part_name((enum part_id)part))),
              "part %s", part_name((enum part_id)part));
    }
}

static void kinds(void) {
    const json_t *tolerances = json_object_get(member("tolerance", "kind"), "enum");
    const json_t *schemes = json_object_get(member("kpi", "scheme"), "enum");
    for (int k = TOLERANCE_RELATIVE; k <= TOLERANCE_WHOLE; k++)
        CHECK(lists(tolerances, str_of(tolerance_kind_name((enum tolerance_kind)k))), "tolerance %d", k);
    for (int k = SCHEME_TOLERANCE; k <= SCHEME_FOUR_COLOURS; k++)
        CHECK(lists(schemes, str_of(scheme_name((enum scheme)k))), "scheme %d", k);
    const json_t *dimensions = json_object_get(member("kpiTargets", "by"), "enum");
    for (unsigned d = 0; d < DIMENSION_COUNT; d++)
        CHECK(lists(dimensions, str_of(dimension_info((enum dimension)d)->name)), "dimension %u", d);
    CHECK(json_array_size(dimensions) == DIMENSION_COUNT, "and no others");
    CHECK(json_array_size(tolerances) == 4 && json_array_size(schemes) == 4, "and no others (and null)");
}

/* ---- what only the schema refuses ---- */

static void refusals(void) {
    static const struct {
        const char *label, *from, *to, *pointer, *words;
    } CASES[] = {
        {"an object that is a text",
         "\"contractValuePence\": {\"2023-24\": 72000000, \"2024-25\": 72000000, \"2025-26\": 72000000, \"2026-27\": 72000000}",
         "\"contractValuePence\": \"x\"", "/contractValuePence", "type object"},
        {"a provider without parts",
         "\"expectedParts\": [\"episodes\", \"follow-ups\", \"referrals\", \"contacts\", \"training-sessions\"],",
         "", "/providers/0/expectedParts", "missing"},
        {"a flag where a number is", "\"column\": \"attendees\", \"from\": 6",
         "\"column\": \"attendees\", \"from\": 6, \"in\": null", "/elements/", "type array"},
        {"limits with a value", "\"green\": 60, \"red\": 50", "\"green\": 60, \"red\": 50, \"value\": 5",
         "/kpis/4/tolerance/value", "does not belong"},
        {"a rate that is to be linear", "\"target\": 85\n", "\"target\": 85, \"distinctClients\": 0\n",
         "/kpis/5/distinctClients", ""},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct buf text = BUF_EMPTY;
        sample_text_copy(&text);
        bool has = memmem(text.p, text.n, CASES[i].from, strlen(CASES[i].from)) != NULL;
        buf_free(&text);
        CHECK(has, "%s: the sample has the text", CASES[i].label);
        if (!has) continue;
        struct fault fault = {0};
        struct framework *f = NULL;
        enum err e = framework_changed_parse(CASES[i].from, CASES[i].to, &fault, &f);
        CHECK(e == ERR_INVALID && strncmp(fault.detail, CASES[i].pointer, strlen(CASES[i].pointer)) == 0 &&
                  strstr(fault.detail, CASES[i].words),
              "%s: %s", CASES[i].label, fault.detail);
        if (f) framework_free(f);
    }
}

/* A version that an earlier build took in is read as it always was. */
static void stored_ones_stay(void) {
    struct buf text = BUF_EMPTY, old = BUF_EMPTY;
    struct framework *f = NULL;
    static const char FROM[] = "\"green\": 60, \"red\": 50",
                      TO[] = "\"green\": 60, \"red\": 50, \"value\": 5";
    sample_text_copy(&text);
    const char *at = memmem(text.p, text.n, FROM, sizeof FROM - 1);
    size_t head = (size_t)(at - text.p);
    buf_add(&old, text.p, head);
    buf_add_cstr(&old, TO);
    buf_add(&old, at + sizeof FROM - 1, text.n - head - (sizeof FROM - 1));
    CHECK(framework_parse(buf_str(&old), 1, NULL, &f) == ERR_INVALID, "a new one is refused");
    CHECK(framework_parse_stored(buf_str(&old), 1, NULL, &f) == OK, "a stored one is read");
    framework_free(f);
    buf_free(&text);
    buf_free(&old);
}

void suite_kpi_schema(void);
void suite_kpi_schema(void) {
    suite_add("unit kpi schema", open_schema, close_schema);
    case_add("conditions are those of the code, with their meanings", conditions);
    case_add("columns and words are those of the code", columns);
    case_add("tolerances and schemes are those of the code", kinds);
    case_add("what the readers let through is held against the schema", refusals);
    case_add("a stored version is read though the schema has become stricter", stored_ones_stay);
}
