/* config: reads a JSON document member by member for framework.c, and remembers the first thing that is
 * wrong with it: where (as JSON pointer), what, and what to do. After a fault every reader goes on
 * returning harmless values, so that the code which reads is a plain list of members; whoever reads asks
 * config_ok() before it uses what it has read.
 *
 * What would surprise: a JSON number with a fraction is refused ("write \"1.5\""), because it would arrive
 * as a double. */
#ifndef QD_KPI_CONFIG_H
#define QD_KPI_CONFIG_H

#include <jansson.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/num.h"

/* What is allowed, but looks wrong: where, and what to do. Lives in the arena. */
struct config_warning {
    const char *pointer, *detail;
    struct config_warning *next;
};

struct config {
    struct arena *arena; /* texts are copied into it */
    struct fault *fault; /* the first; may be NULL */
    enum err err;
    struct config_warning *warnings; /* in the order of their finding, each place once */
};

/* A value and the way to it. Lives on the stack, below its parent. json is NULL where the member is
 * absent. */
struct node {
    struct config *config;
    json_t *json;
    const struct node *parent;
    const char *key; /* of the parent object; NULL: `index` of the parent array */
    size_t index;
};

static inline bool config_ok(const struct config *c) {
    return c->err == OK;
}
struct node config_root(struct config *c, json_t *root);
/* Remembers a fault unless there is one already. */
void node_fail(const struct node *n, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Remembers a warning unless there is one of that place already. */
void node_warn(const struct node *n, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks that n is an object with no member but these; the fault names the nearest known one. */
void node_members(const struct node *n, const char *const *names, size_t count);
struct node node_member(const struct node *n, const char *key);
/* The length of an array (a fault when it is none); 0 when absent. */
size_t node_length(const struct node *n);
struct node node_at(const struct node *n, size_t index);
/* The members of an object in the order of the file: for (void *i = node_first(&n); i; i = node_next(&n,
 * i)). */
void *node_first(const struct node *n);
void *node_next(const struct node *n, void *iterator);
struct node node_entry(const struct node *n, void *iterator);

static inline bool node_is_given(const struct node *n) { /* null counts as absent */
    return n->json && !json_is_null(n->json);
}

/* Required values. On a fault: "", 0, false, the first word. */
const char *node_text(const struct node *n);
const char *
node_id(const struct node *n); /* an id of a service, provider or KPI: 1 to 64 of A-Z a-z 0-9 . _ - */
int64_t node_int(const struct node *n, int64_t least, int64_t most);
bool node_bool(const struct node *n);
struct decimal node_decimal(const struct node *n);      /* an integer, or a string such as "1.5" */
struct decimal node_percent(const struct node *n);      /* the same from 0 to 100 */
bool decimal_is_within(struct decimal d, int64_t most); /* 0 to most */
int node_word(const struct node *n, const char *const *words, size_t count);
#define NODE_WORD(n, ...)                                                                                    \
    node_word((n), (const char *const[]){__VA_ARGS__},                                                       \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
int32_t node_day(const struct node *n);
int16_t node_period(const struct node *n);
int16_t node_quarter(const struct node *n); /* a quarter, or a day of it */
int node_year(const struct node *n);
uint32_t node_authority(const struct node *n); /* "E09000012", as in facts: 9000012 */

/* Values that may be left out. */
const char *node_text_or(const struct node *n, const char *otherwise);
int64_t node_int_or(const struct node *n, int64_t least, int64_t most, int64_t otherwise);
bool node_bool_or(const struct node *n, bool otherwise);

#endif
