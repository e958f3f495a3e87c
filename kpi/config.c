/* config: the reader of kpi/config.h over Jansson's tree. */
#include "kpi/config.h"

#include <stdarg.h>
#include <stdio.h>

#include "returns/authority.h"

struct node config_root(struct config *c, json_t *root) {
    return (struct node){c, root, NULL, "", 0};
}

/* The key as in RFC 6901: ~ is ~0, / is ~1. */
static void pointer_add_key(struct buf *out, const char *key) {
    for (; *key; key++) {
        if (*key == '~') buf_add_cstr(out, "~0");
        else if (*key == '/') buf_add_cstr(out, "~1");
        else buf_add_char(out, *key);
    }
}

static void pointer_add(struct buf *out, const struct node *n) {
    if (!n->parent) return;
    pointer_add(out, n->parent);
    buf_add_char(out, '/');
    if (n->key) pointer_add_key(out, n->key);
    else buf_add_uint(out, n->index);
}

void node_fail(const struct node *n, const char *format, ...) {
    struct config *c = n->config;
    if (c->err) return;
    struct buf pointer = BUF_EMPTY;
    pointer_add(&pointer, n);
    char words[480];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    str at = pointer.n ? buf_str(&pointer) : STR("/");
    c->err = fail(c->fault, ERR_INVALID, "%.*s: %s", (int)(at.n > 100 ? 100 : at.n), at.p, words);
    buf_free(&pointer);
}

static void warning_add(struct config *c, str pointer, const char *words) {
    struct config_warning **last = &c->warnings;
    for (; *last; last = &(*last)->next)
        if (str_is(pointer, (*last)->pointer)) return;
    struct config_warning *w = ARENA_NEW(c->arena, struct config_warning);
    *w = (struct config_warning){arena_cstr(c->arena, pointer), arena_cstr(c->arena, str_of(words)), NULL};
    *last = w;
}

void node_warn(const struct node *n, const char *format, ...) {
    struct buf pointer = BUF_EMPTY;
    pointer_add(&pointer, n);
    char words[480];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    warning_add(n->config, buf_str(&pointer), words);
    buf_free(&pointer);
}

static void fail_unknown_member(const struct node *at, const char *const *names, size_t count) {
    enum { MOST = 40 };
    str known[MOST];
    size_t n = 0;
    for (; n < count && n < MOST; n++)
        known[n] = str_of(names[n]);
    str nearest = str_nearest(str_of(at->key), known, n);
    if (nearest.p) node_fail(at, "this member is not known; did you mean \"%.*s\"?", STR_ARG(nearest));
    else node_fail(at, "this member is not known; docs/framework.md lists those that are");
}

void node_members(const struct node *n, const char *const *names, size_t count) {
    if (!json_is_object(n->json)) {
        node_fail(n, n->json ? "must be an object, { … }" : "is missing; an object, { … }, is needed here");
        return;
    }
    for (void *i = node_first(n); i; i = node_next(n, i)) {
        struct node entry = node_entry(n, i);
        bool known = false;
        for (size_t k = 0; k < count && !known; k++)
            known = strcmp(entry.key, names[k]) == 0;
        if (!known) fail_unknown_member(&entry, names, count);
    }
}

struct node node_member(const struct node *n, const char *key) {
    return (struct node){n->config, n->json ? json_object_get(n->json, key) : NULL, n, key, 0};
}

size_t node_length(const struct node *n) {
    if (!node_is_given(n)) return 0;
    if (json_is_array(n->json)) return json_array_size(n->json);
    node_fail(n, "must be an array, [ … ]");
    return 0;
}

struct node node_at(const struct node *n, size_t index) {
    return (struct node){n->config, json_array_get(n->json, index), n, NULL, index};
}

void *node_first(const struct node *n) {
    return json_is_object(n->json) ? json_object_iter(n->json) : NULL;
}

void *node_next(const struct node *n, void *iterator) {
    return json_object_iter_next(n->json, iterator);
}

struct node node_entry(const struct node *n, void *iterator) {
    return (struct node){n->config, json_object_iter_value(iterator), n, json_object_iter_key(iterator), 0};
}

/* False, with a fault, when the value is absent or of another type. */
static bool must_be(const struct node *n, bool is_right, const char *what) {
    if (is_right) return true;
    node_fail(n, node_is_given(n) ? "must be %s" : "is missing; %s is needed here", what);
    return false;
}

static str text_of(const struct node *n) {
    return (str){json_string_value(n->json), json_string_length(n->json)};
}

/* Names and titles stand in lines of lists, files and mails. */
static bool is_one_line(str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == '\x7f') return false;
    return true;
}

const char *node_text(const struct node *n) {
    if (!must_be(n, json_is_string(n->json), "a text in quotes")) return "";
    str s = text_of(n);
    if (s.n == 0 || s.n > 1000) {
        node_fail(n, "must have 1 to 1000 characters");
        return "";
    }
    if (!is_one_line(s)) {
        node_fail(n, "must be one line, without tabs and other control characters");
        return "";
    }
    return arena_cstr(n->config->arena, s);
}

static bool is_id(const char *s) {
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_alnum(s[i]) && (i == 0 || !strchr("._-", s[i]))) return false;
    }
    return n >= 1 && n <= 64;
}

const char *node_id(const struct node *n) {
    const char *id = node_text(n);
    if (!is_id(id))
        node_fail(n,
                  "must have 1 to 64 letters, digits, dots, underscores or hyphens, a letter or digit first");
    return id;
}

int64_t node_int(const struct node *n, int64_t least, int64_t most) {
    if (!must_be(n, json_is_integer(n->json), "a whole number")) return least;
    int64_t v = json_integer_value(n->json);
    if (v >= least && v <= most) return v;
    node_fail(n, "must lie between %lld and %lld", (long long)least, (long long)most);
    return least;
}

bool node_bool(const struct node *n) {
    return must_be(n, json_is_boolean(n->json), "true or false") && json_is_true(n->json);
}

struct decimal node_decimal(const struct node *n) {
    struct decimal d = {0, 0};
    if (json_is_real(n->json)) {
        node_fail(n,
                  "a number with a fraction must stand in quotes, such as \"1.5\", so that it stays exact");
        return d;
    }
    if (json_is_integer(n->json)) return (struct decimal){node_int(n, -999999999999, 999999999999), 0};
    if (!must_be(n, json_is_string(n->json), "a number, whole (50) or in quotes (\"1.5\")")) return d;
    if (!decimal_parse(text_of(n), &d) || d.units > 999999999999 || d.units < -999999999999)
        node_fail(
            n, "must be a decimal number such as \"1.5\", with up to 12 digits, 6 of them after the point");
    return d;
}

bool decimal_is_within(struct decimal d, int64_t most) {
    struct fraction f = fraction_of_decimal(d);
    return fraction_cmp(f, fraction_of(0, 1)) >= 0 && fraction_cmp(f, fraction_of(most, 1)) <= 0;
}

struct decimal node_percent(const struct node *n) {
    struct decimal d = node_decimal(n);
    if (!decimal_is_within(d, 100)) node_fail(n, "must lie between 0 and 100");
    return d;
}

int node_word(const struct node *n, const char *const *words, size_t count) {
    struct buf all = BUF_EMPTY;
    for (size_t i = 0; i < count; i++)
        buf_printf(&all, "%s%s", i ? ", " : "", words[i]);
    int found = 0;
    bool known = false;
    for (size_t i = 0; json_is_string(n->json) && i < count && !known; i++) {
        known = str_is(text_of(n), words[i]);
        if (known) found = (int)i;
    }
    if (!known)
        node_fail(n, "%s one of %.*s", node_is_given(n) ? "must be" : "is missing;", STR_ARG(buf_str(&all)));
    buf_free(&all);
    return found;
}

int32_t node_day(const struct node *n) {
    int32_t day = 0;
    if (!json_is_string(n->json) || !day_parse_iso(text_of(n), &day))
        node_fail(n, "must be a day such as \"2025-04-01\"");
    return day;
}

int16_t node_period(const struct node *n) {
    int16_t period = PERIOD_FIRST_ACCEPTED;
    if (!json_is_string(n->json) || !period_parse(text_of(n), &period))
        node_fail(n, "must be a quarter such as \"2025-26-Q1\"");
    return period;
}

int16_t node_quarter(const struct node *n) {
    int16_t period = PERIOD_FIRST_ACCEPTED;
    int32_t day;
    if (json_is_string(n->json) && period_parse(text_of(n), &period)) return period;
    if (json_is_string(n->json) && day_parse_iso(text_of(n), &day) && day >= day_from_civil(2000, 4, 1) &&
        day <= day_from_civil(2099, 3, 31))
        return period_of_day(day);
    node_fail(n, "must be a quarter such as \"2025-26-Q1\", or a day such as \"2025-04-01\"");
    return period;
}

int node_year(const struct node *n) {
    int year = 2000;
    if (!json_is_string(n->json) || !year_parse(text_of(n), &year))
        node_fail(n, "must be a financial year such as \"2025-26\"");
    return year;
}

uint32_t node_authority(const struct node *n) {
    const struct authority *a = json_is_string(n->json) ? authority_by_code(text_of(n)) : NULL;
    if (a && str_is(text_of(n), a->code)) return (uint32_t)a->number;
    node_fail(n, "must be the GSS code of an English authority, such as \"E09000012\"");
    return 0;
}

const char *node_text_or(const struct node *n, const char *otherwise) {
    return node_is_given(n) ? node_text(n) : otherwise;
}

int64_t node_int_or(const struct node *n, int64_t least, int64_t most, int64_t otherwise) {
    return node_is_given(n) ? node_int(n, least, most) : otherwise;
}

bool node_bool_or(const struct node *n, bool otherwise) {
    return node_is_given(n) ? node_bool(n) : otherwise;
}
