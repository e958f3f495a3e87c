/* judged_body: what must hold of the judgement of any bytes at all. */
#ifndef QD_TESTS_FUZZ_JUDGED_BODY_H
#define QD_TESTS_FUZZ_JUDGED_BODY_H

#include <stdlib.h>

#include "returns/judge.h"
#include "returns/summary.h"

static void demand(bool holds) {
    if (!holds) abort();
}

/* By the id alone, so that all standings occur. */
static enum episode_standing any_standing(void *context, struct hash128 id, int16_t not_in,
                                          struct episode_at *out) {
    (void)context;
    *out = (struct episode_at){(int16_t)(2025 * 4 + (int)(id.b % 3)), day_from_civil(2025, 7, 1)};
    if (id.a % 3 == 0 && out->period == not_in) return EPISODE_UNKNOWN;
    return (enum episode_standing)(id.a % 3);
}

static enum listing any_listing(void *context, enum part_id list, int16_t period, struct hash128 id,
                                struct looked_into *out) {
    (void)context;
    *out = (struct looked_into){period, 1};
    return (enum listing)((id.a + (uint64_t)list + (uint64_t)period) % 3);
}

static bool any_episodes(void *context, int16_t period, struct looked_into *out) {
    (void)context;
    *out = (struct looked_into){period, 2};
    return period % 2 == 0;
}

static inline void check_findings(const struct findings *f) {
    uint64_t total = 0;
    size_t kept = f->errors + f->warnings < FINDINGS_KEPT ? (size_t)(f->errors + f->warnings) : FINDINGS_KEPT;
    demand(f->kept_count == kept);
    for (size_t i = 0; i < FINDING_CODE_COUNT; i++)
        total += f->by_code[i];
    demand(total == f->errors + f->warnings);
    struct arena arena = ARENA_EMPTY;
    struct summary_line *lines;
    for (size_t i = summary_make(f, &arena, &lines); i-- > 0;)
        total -= lines[i].count;
    demand(total == 0);
    arena_free(&arena);
    for (size_t i = 0; i < f->kept_count; i++) {
        const struct finding *a = &f->kept[i], *before = i ? a - 1 : a;
        demand(before->row < a->row || (before->row == a->row && before->order <= a->order));
        demand(a->detail.n && a->fix.n && str_is_utf8(a->detail, NULL) && str_is_utf8(a->fix, NULL));
        demand(a->line >= 1 && (!a->column || str_is_utf8(str_of(a->column), NULL)));
    }
}

/* The first byte chooses the part, the period and what is known; the rest is the body. */
static struct judge_input any_input(enum body_format format, const uint8_t *data, size_t size) {
    static const struct known KNOWN = {NULL, any_standing, any_listing, any_episodes};
    unsigned choice = size ? data[0] : 0, part = choice >> 4 & 7;
    return (struct judge_input){
        .part = part_get((enum part_id)(part ? part : choice & 1)),
        .period = period_of(choice & 2 ? 2020 : 2025, 2),
        .today = day_from_civil(2026, 2, 20),
        .windows = DEFAULT_WINDOWS,
        .format = format,
        .body = {size ? (const char *)data + 1 : "", size ? size - 1 : 0},
        .known = choice & 4 ? NULL : &KNOWN,
        .service = choice & 8 ? STR_NONE : STR("service"),
        .provider = STR("provider"),
        .version = 1,
        .spill_dir = "/tmp",
    };
}

/* Several hands find as much, and the same first thing. */
static void check_hands(const struct judge_input *in, const struct judgement *one) {
    struct judge_input again = *in;
    struct fault fault = {.err = OK};
    struct judgement several;
    again.hands = 2;
    again.hand_rows = 3;
    demand(judge(&again, &fault, &several) == OK);
    const struct findings *a = &one->findings, *b = &several.findings;
    demand(one->rows == several.rows && a->errors == b->errors && a->warnings == b->warnings);
    demand(a->kept_count == b->kept_count &&
           (!a->kept_count ||
            (a->kept[0].code == b->kept[0].code && str_eq(a->kept[0].detail, b->kept[0].detail))));
    demand(str_eq(one->facts, several.facts) && str_eq(one->digests, several.digests));
    judgement_free(&several);
}

static inline int judge_any_body(enum body_format format, const uint8_t *data, size_t size) {
    struct judge_input in = any_input(format, data, size);
    struct fault fault = {.err = OK};
    struct judgement out;
    enum err e = judge(&in, &fault, &out);
    if (e != OK) {
        demand(e == ERR_MALFORMED && fault.err == e && fault.detail[0] &&
               strncmp(fault.detail, "Line ", 5) == 0);
        return 0;
    }
    check_findings(&out.findings);
    check_hands(&in, &out);
    bool good = out.findings.errors == 0;
    demand(out.facts.n == (good ? out.rows * in.part->fact_bytes : 0));
    demand(out.digests.n == (good ? out.rows * sizeof(struct row_digest) : 0));
    demand((spill_size(&out.copy) > 0) == (good && in.service.p));
    judgement_free(&out);
    return 0;
}

#endif
