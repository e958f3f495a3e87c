/* schema: see schema.h. One function per group of keywords; `tell` is false where a schema is only tried ("if", "anyOf"). */
#include "kpi/schema.h"

#include <pthread.h>
#include <regex.h>
#include <stdlib.h>

#include "base/embed.h"

enum { PATTERNS_MAX = 400 };

static json_t *whole;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Compiled once; found by the address of their text, which lives as long as the schema. */
static struct {
    const char *text;
    regex_t compiled;
} patterns[PATTERNS_MAX];
static size_t pattern_count;

str schema_text(void) {
    const struct embed_file *f = embed_find("frameworks/framework.schema.json");
    return f ? (str){(const char *)f->bytes, f->size} : STR_NONE;
}

/* Built in, and read by the tests: what cannot be read was never tested. */
static void add_pattern(const char *text) {
    if (pattern_count == PATTERNS_MAX ||
        regcomp(&patterns[pattern_count].compiled, text, REG_EXTENDED | REG_NOSUB) != 0)
        abort();
    patterns[pattern_count++].text = text;
}

static void add_patterns(json_t *s) {
    for (size_t i = 0; i < json_array_size(s); i++)
        add_patterns(json_array_get(s, i));
    for (void *i = json_object_iter(s); i; i = json_object_iter_next(s, i)) {
        json_t *value = json_object_iter_value(i);
        const char *key = json_object_iter_key(i);
        if (strcmp(key, "pattern") == 0 && json_is_string(value)) add_pattern(json_string_value(value));
        if (strcmp(key, "patternProperties") == 0)
            for (void *p = json_object_iter(value); p; p = json_object_iter_next(value, p))
                add_pattern(json_object_iter_key(p));
        add_patterns(value);
    }
}

static void load(void) {
    str text = schema_text();
    whole = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES, NULL);
    if (!whole) abort();
    add_patterns(whole);
}

static const json_t *schema(void) {
    pthread_once(&once, load);
    return whole;
}

static const json_t *definition_of(const char *name) {
    return name[0] ? json_object_get(json_object_get(schema(), "$defs"), name) : schema();
}

/* "#/$defs/kpi" */
static const json_t *resolve(const json_t *s) {
    const char *ref = json_string_value(json_object_get(s, "$ref"));
    return ref ? definition_of(ref + strlen("#/$defs/")) : NULL;
}

void schema_members(const struct node *n, const char *definition) {
    enum { MOST = 64 };
    const char *names[MOST];
    size_t count = 0;
    json_t *properties = json_object_get(definition_of(definition), "properties");
    for (void *i = json_object_iter(properties); i && count < MOST; i = json_object_iter_next(properties, i))
        names[count++] = json_object_iter_key(i);
    node_members(n, names, count);
}

/* ---- values ---- */

static bool fits(const json_t *s, const struct node *n, bool tell);

static bool is_type(const json_t *v, const char *type) {
    switch (type[0]) {
    case 's': return json_is_string(v);
    case 'i': return json_is_integer(v);
    case 'b': return json_is_boolean(v);
    case 'o': return json_is_object(v);
    case 'a': return json_is_array(v);
    default: return json_is_null(v);
    }
}

static bool type_fits(const json_t *s, const struct node *n, bool tell) {
    const json_t *type = json_object_get(s, "type");
    struct buf names = BUF_EMPTY;
    bool good = !type;
    size_t count = json_is_array(type) ? json_array_size(type) : type != NULL;
    for (size_t i = 0; i < count && !good; i++) {
        const char *name = json_string_value(json_is_array(type) ? json_array_get(type, i) : type);
        good = is_type(n->json, name);
        buf_printf(&names, "%s%s", i ? " or " : "", name);
    }
    if (!good && tell) node_fail(n, "must be of type %.*s", STR_ARG(buf_str(&names)));
    buf_free(&names);
    return good;
}

static bool list_fits(const json_t *s, const struct node *n, bool tell) {
    const json_t *list = json_object_get(s, "enum"), *only = json_object_get(s, "const");
    bool good = !list;
    for (size_t i = 0; i < json_array_size(list) && !good; i++)
        good = json_equal(json_array_get(list, i), n->json);
    good = good && (!only || json_equal(only, n->json));
    if (!good && tell) {
        char *text = json_dumps(list ? list : only, JSON_ENCODE_ANY | JSON_COMPACT);
        node_fail(n, "must be %s%.300s", list ? "one of " : "", text ? text : "");
        free(text);
    }
    return good;
}

static bool matches(const char *pattern, const char *text) {
    for (size_t i = 0; i < pattern_count; i++)
        if (patterns[i].text == pattern) return regexec(&patterns[i].compiled, text, 0, NULL, 0) == 0;
    return false;
}

static size_t characters(const char *text) {
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static bool is_within(const json_t *s, const char *least, const char *most, int64_t value) {
    const json_t *low = json_object_get(s, least), *high = json_object_get(s, most);
    return (!low || value >= json_integer_value(low)) && (!high || value <= json_integer_value(high));
}

static bool text_fits(const json_t *s, const struct node *n, bool tell) {
    const char *pattern = json_string_value(json_object_get(s, "pattern"));
    const char *words = json_string_value(json_object_get(s, "description"));
    const char *text = json_string_value(n->json);
    if (!text) return true;
    bool good = is_within(s, "minLength", "maxLength", (int64_t)characters(text)) &&
                (!pattern || matches(pattern, text));
    if (!good && tell)
        node_fail(n, "has not the form that is asked for. %s", words ? words : pattern ? pattern : "");
    return good;
}

static bool number_fits(const json_t *s, const struct node *n, bool tell) {
    if (!json_is_integer(n->json) || is_within(s, "minimum", "maximum", json_integer_value(n->json)))
        return true;
    if (tell)
        node_fail(n, "must lie between %lld and %lld",
                  (long long)json_integer_value(json_object_get(s, "minimum")),
                  (long long)json_integer_value(json_object_get(s, "maximum")));
    return false;
}

/* ---- arrays and objects ---- */

static bool array_fits(const json_t *s, const struct node *n, bool tell) {
    const json_t *items = json_object_get(s, "items");
    if (!json_is_array(n->json)) return true;
    size_t count = json_array_size(n->json);
    if (!is_within(s, "minItems", "maxItems", (int64_t)count)) {
        if (tell) node_fail(n, "has too few or too many entries");
        return false;
    }
    bool good = true;
    for (size_t i = 0; items && i < count && good; i++) {
        struct node one = node_at(n, i);
        good = fits(items, &one, tell);
    }
    return good;
}

static bool required_fits(const json_t *s, const struct node *n, bool tell) {
    const json_t *list = json_object_get(s, "required");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct node one = node_member(n, json_string_value(json_array_get(list, i)));
        if (one.json) continue;
        if (tell) node_fail(&one, "is missing");
        return false;
    }
    return true;
}

/* "propertyNames" says no more than a pattern here. */
static bool name_fits(const json_t *s, const struct node *n, bool tell) {
    const json_t *names = json_object_get(s, "propertyNames"), *target = resolve(names);
    const char *pattern = json_string_value(json_object_get(target ? target : names, "pattern"));
    if (!pattern || matches(pattern, n->key)) return true;
    if (tell) node_fail(n, "is no name for a member here");
    return false;
}

static bool pattern_property_fits(const json_t *s, const struct node *n, bool tell, bool *known) {
    json_t *names = json_object_get(s, "patternProperties");
    for (void *i = json_object_iter(names); i; i = json_object_iter_next(names, i)) {
        if (!matches(json_object_iter_key(i), n->key)) continue;
        *known = true;
        if (!fits(json_object_iter_value(i), n, tell)) return false;
    }
    return true;
}

static bool member_fits(const json_t *s, const struct node *n, bool tell) {
    const json_t *own = json_object_get(json_object_get(s, "properties"), n->key);
    const json_t *others = json_object_get(s, "additionalProperties");
    bool known = own != NULL;
    if (own && !fits(own, n, tell)) return false;
    if (!name_fits(s, n, tell) || !pattern_property_fits(s, n, tell, &known)) return false;
    return known || !others || fits(others, n, tell);
}

static bool object_fits(const json_t *s, const struct node *n, bool tell) {
    if (!json_is_object(n->json)) return true;
    if (!is_within(s, "minProperties", "maxProperties", (int64_t)json_object_size(n->json))) {
        if (tell) node_fail(n, "has too few or too many members");
        return false;
    }
    if (!required_fits(s, n, tell)) return false;
    bool good = true;
    for (void *i = node_first(n); i && good; i = node_next(n, i)) {
        struct node one = node_entry(n, i);
        good = member_fits(s, &one, tell);
    }
    return good;
}

/* ---- schemas of schemas ---- */

static size_t count_of_those_that_fit(const json_t *list, const struct node *n) {
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        count += fits(json_array_get(list, i), n, false);
    return count;
}

/* Where none fits, the first is told: the others are mostly null. */
static bool choices_fit(const json_t *s, const struct node *n, bool tell) {
    const json_t *any = json_object_get(s, "anyOf"), *one = json_object_get(s, "oneOf");
    if (any && count_of_those_that_fit(any, n) == 0) {
        if (tell) fits(json_array_get(any, 0), n, true);
        return false;
    }
    if (one && count_of_those_that_fit(one, n) != 1) {
        if (tell) node_fail(n, "fits none of the forms that docs/framework.md lists, or more than one");
        return false;
    }
    return true;
}

static bool rules_fit(const json_t *s, const struct node *n, bool tell) {
    const json_t *all = json_object_get(s, "allOf"), *when = json_object_get(s, "if");
    const json_t *never = json_object_get(s, "not");
    for (size_t i = 0; i < json_array_size(all); i++)
        if (!fits(json_array_get(all, i), n, tell)) return false;
    const json_t *then = when ? json_object_get(s, fits(when, n, false) ? "then" : "else") : NULL;
    if (then && !fits(then, n, tell)) return false;
    if (never && fits(never, n, false)) {
        if (tell) node_fail(n, "is not allowed here");
        return false;
    }
    return true;
}

static bool fits(const json_t *s, const struct node *n, bool tell) {
    if (json_is_boolean(s)) {
        if (!json_is_true(s) && tell) node_fail(n, "does not belong here");
        return json_is_true(s);
    }
    const json_t *target = resolve(s);
    return (!target || fits(target, n, tell)) && type_fits(s, n, tell) && list_fits(s, n, tell) &&
           text_fits(s, n, tell) && number_fits(s, n, tell) && array_fits(s, n, tell) &&
           object_fits(s, n, tell) && choices_fit(s, n, tell) && rules_fit(s, n, tell);
}

void schema_check(const struct node *top) {
    fits(schema(), top, true);
}
