#include "kpi/priority.h"
#include "kpi/schema.h"

#include <string.h>

enum { GROUPS_MAX = 40 };

/* Parts whose rows are people, and so may be broken down. */
static const enum part_id PEOPLE[] = {PART_EPISODES, PART_HARM_REDUCTION, PART_REFERRALS};

/* The column that says the same in another part, or NULL. */
static const struct fact_column *same_column(const struct fact_column *column, enum part_id part) {
    bool is_age = strcmp(column->name, "ageAtQuitDate") == 0;
    const struct fact_column *same = fact_column_find(part, str_of(is_age ? "age" : column->name));
    return same && same->kind == column->kind ? same : NULL;
}

static void ask_part(const struct node *n, uint64_t columns, enum part_id part, struct condition_set *sets,
                     struct priority_group *out) {
    const struct condition_set *own = &sets[PART_EPISODES];
    out->asked[part] = true;
    for (size_t i = 0; i < own->count; i++) {
        if (!(columns >> i & 1)) continue;
        struct condition c = own->list[i];
        c.column = part == PART_EPISODES ? c.column : same_column(c.column, part);
        if (!c.column) {
            out->asked[part] = false;
            return;
        }
        out->columns[part] |= condition_add(n, &sets[part], &c);
    }
}

static bool is_key(const char *key) {
    size_t n = strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return n > 0 && n <= 40 && key[n] == '\0' && strcmp(key, "UNKNOWN") != 0;
}

static const struct element *element_named(const struct node *n, const struct element *elements,
                                           size_t count) {
    const char *name = node_text(n);
    for (size_t i = 0; i < count && config_ok(n->config); i++) {
        if (strcmp(elements[i].name, name) != 0) continue;
        const struct element *e = &elements[i];
        if (e->part != PART_EPISODES || e->test.derived_care || e->test.sum != SUM_ROWS || !e->test.columns)
            node_fail(n, "must be an element of episodes that has conditions on columns and nothing else");
        return e;
    }
    node_fail(n, "there is no element %.60s", name);
    return NULL;
}

static void group_read(const struct node *n, const struct element *elements, size_t count,
                       struct condition_set *sets, struct priority_group *out) {
    schema_members(n, "priorityGroup");
    struct node key = node_member(n, "key"), name = node_member(n, "name"), of = node_member(n, "element");
    out->key = node_text(&key);
    out->name = node_text(&name);
    if (config_ok(n->config) && !is_key(out->key))
        node_fail(&key, "must be 1 to 40 of A-Z 0-9 _, and not UNKNOWN");
    const struct element *e = config_ok(n->config) ? element_named(&of, elements, count) : NULL;
    for (size_t i = 0; i < sizeof PEOPLE / sizeof *PEOPLE && config_ok(n->config); i++)
        ask_part(n, e->test.columns, PEOPLE[i], sets, out);
}

void priority_read(const struct node *n, const struct element *elements, size_t count,
                   struct condition_set *sets, struct framework *f) {
    if (!node_is_given(n)) return;
    size_t groups = node_length(n);
    if (groups > GROUPS_MAX) node_fail(n, "has more than %d groups", GROUPS_MAX);
    if (!config_ok(n->config)) return;
    struct priority_group *list = ARENA_ARRAY(&f->arena, struct priority_group, groups + 1);
    for (size_t i = 0; i < groups && config_ok(n->config); i++) {
        struct node one = node_at(n, i);
        group_read(&one, elements, count, sets, &list[i]);
        for (size_t before = 0; before < i && config_ok(n->config); before++)
            if (strcmp(list[before].key, list[i].key) == 0)
                node_fail(&one, "there is a group \"%s\" already", list[i].key);
    }
    f->priority_groups = list;
    f->priority_group_count = groups;
}
