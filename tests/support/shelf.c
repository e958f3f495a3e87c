#include "tests/support/shelf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"

struct held *shelf_part(struct shelf *s, enum part_id part, int16_t period) {
    for (size_t i = 0; i < s->count; i++) {
        if (s->held[i].part == part && s->held[i].period == period) return &s->held[i];
    }
    if (s->count == SHELF_MAX) abort();
    struct held *h = &s->held[s->count++];
    *h = (struct held){.part = part, .period = period, .version = 1, .seq = ++s->next_seq};
    return h;
}

static void *row_add(struct held *h, size_t size) {
    char *rows = (char *)(uintptr_t)h->facts;
    if ((h->rows & (h->rows - 1)) == 0) rows = must_realloc(rows, size * (h->rows ? 2 * (size_t)h->rows : 1));
    h->facts = rows;
    return rows + size * h->rows++;
}

struct fact_episode *shelf_episode(struct shelf *s, const char *id, const char *client, int32_t quit_day) {
    struct fact_episode *e = row_add(shelf_part(s, PART_EPISODES, period_of_day(quit_day)), sizeof *e);
    *e = (struct fact_episode){
        .quit = fact_day(quit_day), .co4 = FACT_NO_CO, .co12 = FACT_NO_CO, .age = FACT_NO_AGE};
    e->id = hash128_of(str_of(id));
    e->client = hash128_of(str_of(client));
    e->co4_day = e->delivery = FACT_NO_DAY;
    for (int i = 0; i < STAGE_COUNT; i++)
        e->followed_up[i] = FACT_NO_DAY;
    return e;
}

struct fact_follow_up *shelf_follow_up(struct shelf *s, int16_t period, const char *id, enum stage stage,
                                       int outcome, int32_t day) {
    struct fact_follow_up *f = row_add(shelf_part(s, PART_FOLLOW_UPS, period), sizeof *f);
    *f = (struct fact_follow_up){.stage = (uint8_t)stage, .outcome = (uint8_t)outcome, .co = FACT_NO_CO};
    f->id = hash128_of(str_of(id));
    f->day = fact_day(day);
    f->co_day = FACT_NO_DAY;
    return f;
}

struct book shelf_book(const struct shelf *s) {
    return (struct book){(struct held *)(uintptr_t)s->held, s->count};
}

void shelf_free(struct shelf *s) {
    for (size_t i = 0; i < s->count; i++)
        free((void *)(uintptr_t)s->held[i].facts);
    *s = (struct shelf){.count = 0};
}

void episode_set_outcome(struct fact_episode *e, enum stage stage, int outcome, int32_t after_days) {
    e->outcome[stage] = (uint8_t)outcome;
    e->followed_up[stage] = (int16_t)(e->quit + after_days);
}

static str sample_text(void) {
    const struct embed_file *f = embed_find("frameworks/city-and-hackney.json");
    if (f) return (str){(const char *)f->bytes, f->size};
    fprintf(stderr, "tests: frameworks/city-and-hackney.json is not built in\n");
    exit(2);
}

void sample_text_copy(struct buf *out) {
    buf_add_str(out, sample_text());
}

/* The first `from` becomes `to`; a test that asks for a text which is not there proves nothing, so it
 * ends. */
static void text_replace(struct buf *out, const char *from, const char *to) {
    str text = sample_text();
    const char *at = memmem(text.p, text.n, from, strlen(from));
    if (!at) {
        fprintf(stderr, "tests: the framework has no text '%s'\n", from);
        exit(2);
    }
    buf_add(out, text.p, (size_t)(at - text.p));
    buf_add_cstr(out, to);
    buf_add(out, at + strlen(from), text.n - (size_t)(at - text.p) - strlen(from));
}

enum err framework_changed_parse(const char *from, const char *to, struct fault *fault,
                                 struct framework **out) {
    struct buf changed = BUF_EMPTY;
    text_replace(&changed, from, to);
    enum err e = framework_parse(buf_str(&changed), 1, fault, out);
    buf_free(&changed);
    return e;
}

struct framework *framework_changed(const char *from, const char *to) {
    struct fault fault = {0};
    struct framework *f = NULL;
    if (framework_changed_parse(from, to, &fault, &f) == OK) return f;
    fprintf(stderr, "tests: the framework cannot be read: %s\n", fault.detail);
    exit(2);
}

struct framework *framework_sample(void) {
    return framework_changed("", "");
}

int32_t day_iso(const char *text) {
    int32_t day;
    if (!day_parse_iso(str_of(text), &day)) abort();
    return day;
}

int16_t period_iso(const char *text) {
    int16_t period;
    if (!period_parse(str_of(text), &period)) abort();
    return period;
}
