/* The audit's chain: hashes as described at the table (migration 0004), and a thousand ways of tampering, each found with its line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/audit_chain.h"
#include "tests/support/suite.h"

enum { LINES = 12, FIELD = 64 };

/* A line with its own memory, so that a byte can be changed. */
struct line {
    int64_t seq, at;
    char actor[FIELD], action[FIELD], object[FIELD], detail[FIELD];
    uint8_t prev_hash[SHA256_BYTES], hash[SHA256_BYTES];
};
struct story {
    struct line lines[LINES + 1];
    size_t count;
    int64_t head_seq;
    uint8_t head[SHA256_BYTES];
};

static str bytes_of(const uint8_t *hash) {
    return (str){(const char *)hash, SHA256_BYTES};
}

static struct audit_entry entry_of(const struct line *l) {
    return (struct audit_entry){.seq = l->seq,
                                .at = l->at,
                                .actor = str_of(l->actor),
                                .action = str_of(l->action),
                                .object = str_of(l->object),
                                .detail = str_of(l->detail),
                                .prev_hash = bytes_of(l->prev_hash),
                                .hash = bytes_of(l->hash)};
}

static void seal(struct story *s) {
    uint8_t last[SHA256_BYTES] = {0};
    for (size_t i = 0; i < s->count; i++) {
        struct line *l = &s->lines[i];
        memcpy(l->prev_hash, last, sizeof last);
        struct audit_entry e = entry_of(l);
        audit_entry_hash(STR("svc"), &e, l->hash);
        memcpy(last, l->hash, sizeof last);
    }
    memcpy(s->head, last, sizeof last);
    s->head_seq = (int64_t)s->count;
}

static struct story a_story(void) {
    struct story s = {.count = LINES};
    for (int i = 0; i < LINES; i++) {
        struct line *l = &s.lines[i];
        l->seq = i + 1;
        l->at = INT64_C(1771578242410077) + i;
        snprintf(l->actor, FIELD, "key234567%d", i % 10);
        snprintf(l->action, FIELD, i % 3 ? "RETURN_ACCEPTED" : "PLAN_AGREED");
        snprintf(l->object, FIELD, "returns/svc/one/2025-26-Q%d", i % 4 + 1);
        snprintf(l->detail, FIELD, "{\"rows\":%d}", 100 + i);
    }
    seal(&s);
    return s;
}

static struct audit_chain judge(const struct story *s, const struct audit_anchor *anchors, size_t count) {
    struct audit_chain c = audit_chain_of(STR("svc"), anchors, count);
    for (size_t i = 0; i < s->count; i++) {
        struct audit_entry e = entry_of(&s->lines[i]);
        audit_chain_add(&c, &e);
    }
    audit_chain_end(&c, s->head_seq, bytes_of(s->head));
    return c;
}

/* printf '\0\0\0\3svc...' | sha256sum, worked out by hand (Python) from the words at the table. */
static void hash_as_described(void) {
    struct story s = a_story();
    uint8_t zeros[SHA256_BYTES] = {0}, hash[SHA256_BYTES];
    char hex[SHA256_HEX];
    struct audit_entry e = entry_of(&s.lines[0]);
    e.prev_hash = bytes_of(zeros);
    audit_entry_hash(STR("svc"), &e, hash);
    CHECK(strcmp(hex_format(hash, sizeof hash, hex),
                 "4d78fa171644684529114f92fd39788e0bc42a26ef372c190c8328750a41f8f9") == 0,
          "%s", hex);
}

static void whole(void) {
    struct story s = a_story();
    struct audit_chain c = judge(&s, NULL, 0);
    CHECK(!c.flaw && c.last == LINES, "%s at %lld", audit_flaw_words(c.flaw), (long long)c.bad_line);
    s = (struct story){.count = 0};
    c = judge(&s, NULL, 0);
    CHECK(!c.flaw && c.last == 0, "an empty chain is whole");
    c = audit_chain_of(STR("svc"), NULL, 0);
    CHECK(!audit_chain_end(&c, 0, STR_NONE) && c.flaw == AUDIT_HEAD_WRONG, "not without a head");
}

/* One bit of one field of one line. */
static int64_t flip(struct story *s) {
    struct line *l = &s->lines[random() % LINES];
    int64_t line = l->seq;
    int bit = 1 << random() % 7; /* of the texts: the eighth would not change where a NUL is near */
    switch (random() % 8) {
    case 0: l->at ^= INT64_C(1) << random() % 50; break;
    case 1: l->actor[random() % (long)strlen(l->actor)] ^= (char)bit; break;
    case 2: l->action[random() % (long)strlen(l->action)] ^= (char)bit; break;
    case 3: l->object[random() % (long)strlen(l->object)] ^= (char)bit; break;
    case 4: l->detail[random() % (long)strlen(l->detail)] ^= (char)bit; break;
    case 5: l->prev_hash[random() % SHA256_BYTES] ^= (uint8_t)bit; break;
    case 6: l->hash[random() % SHA256_BYTES] ^= (uint8_t)bit; break;
    default: l->seq ^= INT64_C(1) << random() % 20;
    }
    return line;
}

static int64_t take_out(struct story *s) {
    size_t i = (size_t)random() % LINES;
    memmove(&s->lines[i], &s->lines[i + 1], (s->count - i - 1) * sizeof s->lines[0]);
    s->count--;
    if (random() % 2) /* with the numbers closed up */
        for (size_t k = i; k < s->count; k++)
            s->lines[k].seq--;
    return (int64_t)i + 1;
}

static int64_t put_in(struct story *s) {
    size_t i = (size_t)random() % LINES;
    memmove(&s->lines[i + 1], &s->lines[i], (s->count - i) * sizeof s->lines[0]);
    s->count++;
    for (size_t k = i + 1; k < s->count; k++)
        s->lines[k].seq++;
    snprintf(s->lines[i].detail, FIELD, "{\"rows\":%ld}", random());
    struct audit_entry e =
        entry_of(&s->lines[i]); /* a forger who can count: only what follows gives it away */
    audit_entry_hash(STR("svc"), &e, s->lines[i].hash);
    return (int64_t)i + 2;
}

static int64_t change_places(struct story *s) {
    size_t i = (size_t)random() % (LINES - 1), k = i + 1 + (size_t)random() % (LINES - i - 1);
    struct line kept = s->lines[i];
    s->lines[i] = s->lines[k];
    s->lines[k] = kept;
    if (random() % 2) {
        s->lines[i].seq = (int64_t)i + 1;
        s->lines[k].seq = (int64_t)k + 1;
    }
    return (int64_t)i + 1;
}

static int64_t cut_off(struct story *s) {
    s->count -= 1 + (size_t)random() % LINES;
    return (int64_t)s->count + 1;
}

/* With hashes worked out anew for that line alone. */
static int64_t forge(struct story *s) {
    struct line *l = &s->lines[random() % (LINES - 1)];
    snprintf(l->detail, FIELD, "{\"rows\":%ld}", random());
    struct audit_entry e = entry_of(l);
    audit_entry_hash(STR("svc"), &e, l->hash);
    return l->seq + 1;
}

static void tampered(void) {
    int64_t (*const WAYS[])(struct story *) = {flip, take_out, put_in, change_places, cut_off, forge};
    int found = 0, named = 0;
    enum { TIMES = 1000, WAY_COUNT = sizeof WAYS / sizeof WAYS[0] };
    srandom(20261126);
    for (int i = 0; i < TIMES; i++) {
        struct story s = a_story();
        int64_t line = WAYS[i % WAY_COUNT](&s);
        struct audit_chain c = judge(&s, NULL, 0);
        found += c.flaw != AUDIT_WHOLE;
        named += c.bad_line == line;
        CHECK(c.flaw && c.bad_line == line, "way %d, mutation %d: %s at %lld, expected %lld", i % WAY_COUNT,
              i, audit_flaw_words(c.flaw), (long long)c.bad_line, (long long)line);
    }
    CHECK(found == TIMES && named == TIMES, "%d of %d found, %d with the first bad line", found, TIMES,
          named);
}

/* What the chain itself cannot show: cut off or written anew with its head. A head that was kept outside does. */
static void kept_heads(void) {
    struct story s = a_story();
    struct audit_anchor kept[] = {{.seq = 5}, {.seq = LINES}};
    memcpy(kept[0].hash, s.lines[4].hash, SHA256_BYTES);
    memcpy(kept[1].hash, s.lines[LINES - 1].hash, SHA256_BYTES);
    CHECK(!judge(&s, kept, 2).flaw, "as it was");
    snprintf(s.lines[2].detail, FIELD, "{}");
    seal(&s);
    CHECK(!judge(&s, NULL, 0).flaw, "written anew it is whole by itself");
    struct audit_chain c = judge(&s, kept, 2);
    CHECK(c.flaw == AUDIT_NOT_AS_KEPT && c.bad_line == 5, "but line 5 is not the one that was kept: %lld",
          (long long)c.bad_line);
    s = a_story();
    s.count = 9;
    seal(&s);
    c = judge(&s, kept, 2);
    CHECK(c.flaw == AUDIT_LINE_MISSING && c.bad_line == 10, "the last three were cut off: %lld",
          (long long)c.bad_line);
}

void suite_audit_chain(void) {
    suite_add("unit_audit_chain", NULL, NULL);
    case_add("a line's hash is what the table's description says", hash_as_described);
    case_add("an untouched chain is whole", whole);
    case_add("a thousand mutations, each found with its first bad line", tampered);
    case_add("heads that were kept outside", kept_heads);
}
