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

static int16_t day_or_blank(const char *text) {
    return fact_day(*text ? day_iso(text) : DAY_NONE);
}

struct fact_harm_reduction *shelf_pathway(struct shelf *s, const char *start, const char *outcome,
                                          const char *episode_id) {
    const struct part *part = part_get(PART_HARM_REDUCTION);
    int16_t period = period_of_day(day_iso(start));
    struct fact_harm_reduction *f = row_add(shelf_part(s, PART_HARM_REDUCTION, period), sizeof *f);
    *f = (struct fact_harm_reduction){.age = FACT_NO_AGE};
    f->start = day_or_blank(start);
    f->outcome_day = FACT_NO_DAY;
    if (*episode_id) f->episode = hash128_of(str_of(episode_id));
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        for (uint8_t w = 0; strcmp(c->name, "outcome") == 0 && c->words[w]; w++)
            if (strcmp(c->words[w], outcome) == 0) f->outcome = (uint8_t)(w + 1);
    }
    return f;
}

struct fact_referral *shelf_referral(struct shelf *s, const char *received, const char *contacted,
                                     const char *offered) {
    int16_t period = period_of_day(day_iso(received));
    struct fact_referral *f = row_add(shelf_part(s, PART_REFERRALS, period), sizeof *f);
    *f = (struct fact_referral){.age = FACT_NO_AGE};
    f->received = day_or_blank(received);
    f->contacted = day_or_blank(contacted);
    f->offered = day_or_blank(offered);
    return f;
}

struct fact_contact *shelf_contact(struct shelf *s, const char *month_first_day, unsigned calls,
                                   unsigned answered) {
    int16_t period = period_of_day(day_iso(month_first_day));
    struct fact_contact *f = row_add(shelf_part(s, PART_CONTACTS, period), sizeof *f);
    *f = (struct fact_contact){.month = day_or_blank(month_first_day),
                               .calls = calls,
                               .answered = answered,
                               .emails = FACT_NO_COUNT};
    return f;
}

struct fact_training_session *shelf_session(struct shelf *s, const char *day, enum training_word type,
                                            unsigned attendees, unsigned ratings, unsigned good) {
    int16_t period = period_of_day(day_iso(day));
    struct fact_training_session *f = row_add(shelf_part(s, PART_TRAINING_SESSIONS, period), sizeof *f);
    *f = (struct fact_training_session){
        .attendees = attendees, .ratings = ratings, .good = good, .type = (uint8_t)type};
    f->day = day_or_blank(day);
    return f;
}

struct fact_site *shelf_site(struct shelf *s, int16_t period, const char *id, const char *setting) {
    struct fact_site *f = row_add(shelf_part(s, PART_SITES, period), sizeof *f);
    *f = (struct fact_site){.id = hash128_of(str_of(id)), .setting = fact_code(str_of(setting))};
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
