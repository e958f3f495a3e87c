/* returns: the bytes that are stored: binary COPY, facts, digests, and the spill that holds them. */
#include <stdio.h>
#include <stdlib.h>

#include "returns/content_digest.h"
#include "returns/id_set.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

/* ---- COPY ---- */

static void add16(struct buf *b, int v) {
    const char bytes[2] = {(char)((unsigned)v >> 8), (char)v};
    buf_add(b, bytes, 2);
}
static void add32(struct buf *b, int32_t v) {
    add16(b, (int)((uint32_t)v >> 16));
    add16(b, (int)((uint32_t)v & 0xffff));
}
static void add_text(struct buf *b, const char *s) {
    add32(b, (int32_t)strlen(s));
    buf_add_cstr(b, s);
}
static void add_int(struct buf *b, int32_t v) {
    add32(b, 4);
    add32(b, v);
}
static void add_null(struct buf *b, int times) {
    while (times-- > 0)
        add32(b, -1);
}

/* What every pack begins with, of "s", "p" and version 7 in 2025-26-Q2, and its only line. */
static void add_copy(struct buf *b, int part, const char *line) {
    buf_add(b, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    add16(b, 8);
    add_text(b, "s");
    add_text(b, "p");
    add32(b, 2);
    add16(b, 2025 * 4 + 1);
    add32(b, 2);
    add16(b, part);
    add_int(b, 7); /* version */
    add_int(b, 1); /* first row */
    add_int(b, 1); /* rows */
    add_text(b, line);
    add16(b, -1);
}

static void check_copy(struct judged *j, int part, const char *line) {
    struct buf got = BUF_EMPTY, want = BUF_EMPTY;
    judged_copy(j, &got);
    add_copy(&want, part, line);
    CHECK(str_eq(buf_str(&got), buf_str(&want)), "%zu bytes, expected %zu: %.*s", got.n, want.n,
          got.n > 80 ? (int)got.n - 80 : 0, got.n > 80 ? got.p + 78 : "");
    CHECK(spill_size(&j->judgement.copy) == want.n, "the size is known");
    buf_free(&got);
    buf_free(&want);
}

/* Digests are stored, and were those of a row of COPY before rows lay in packs. */
static void check_content(const struct judged *j, const struct buf *row) {
    struct row_digest digest;
    memcpy(&digest, j->judgement.digests.p, sizeof digest);
    CHECK(hash128_eq(digest.content, content_digest(row->p, row->n)), "the digest is that of %zu bytes",
          row->n);
}

/* Written out by hand from PostgreSQL's description of the format and the contract's columns. */
static void copy_of_a_follow_up(void) {
    struct judged j;
    struct buf row = BUF_EMPTY;
    judged_row(&j, "follow-ups", FORMAT_CSV, "method=video|coPpm=3");
    check_copy(&j, PART_FOLLOW_UPS, "HERE\t4W\t2025-08-11\t1\tVIDEO\t3\t");
    add_text(&row, "HERE");
    add_text(&row, "4W");
    add_int(&row, 9354); /* 2025-08-11 is that many days after 2000-01-01 */
    add_text(&row, "1");
    add_text(&row, "VIDEO");
    add_int(&row, 3);
    add_null(&row, 1);
    check_content(&j, &row);
    judged_free(&j);
    buf_free(&row);
}

static void copy_of_an_episode(void) {
    struct judged j;
    struct buf row = BUF_EMPTY;
    judged_row(
        &j, "episodes", FORMAT_JSON,
        "localAuthority=Hackney|dateOfBirth=1982-07-14|postcode=E8 1EA|pregnant=no|swapToStop=YES|longTermConditions=asthma;copd|satisfaction=5");
    check_copy(&j, PART_EPISODES,
               "E1\tC1\tE09000012\t2025-07-14\t43\t\t\t\t\t\t\t\t\t\tf\t\t\t\t\t\t\tt\t\tCOPD;ASTHMA"
               "\t\t\t\t\t\t\t\t\t\t\t\t\t\t5\t\t");
    add_text(&row, "E1");
    add_text(&row, "C1");
    add_text(&row, "E09000012");
    add_int(&row, 9326); /* 2025-07-14 */
    add_int(&row, 43);
    add_null(
        &row,
        9); /* site, adviser, lsoa, imdQuintile, gender, sexualOrientation, ethnicCategory, nssec, freePrescription */
    buf_add(&row, "\0\0\0\1\0", 5);
    add_null(&row, 6); /* interventionType, setting, aid, seriousMentalIllness, homeless, substanceMisuse */
    buf_add(&row, "\0\0\0\1\1", 5);
    add_null(&row, 1);
    add_text(&row, "COPD;ASTHMA");
    add_null(&row, 13); /* housingTenure to followUp52wDate */
    add_int(&row, 5);
    add_null(&row, 2);
    check_content(&j, &row);
    judged_free(&j);
    buf_free(&row);
}

static void nil_and_dry(void) {
    struct judged j;
    struct buf got = BUF_EMPTY;
    judged_csv(&j, "episodes", "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n");
    judged_copy(&j, &got);
    CHECK(got.n == 21 && memcmp(got.p + 19, "\377\377", 2) == 0, "a nil return is a stream without rows");
    judged_free(&j);
    struct buf body = BUF_EMPTY;
    judged_body(&body, "episodes", FORMAT_CSV, "");
    struct judge_input in = judged_defaults("episodes", FORMAT_CSV, buf_str(&body));
    struct judged wet;
    judged_input(&wet, &in);
    in.service = STR_NONE;
    judged_input(&j, &in);
    CHECK(spill_size(&j.judgement.copy) == 0, "a dry run encodes nothing");
    CHECK(str_eq(j.judgement.facts, wet.judgement.facts), "but has the facts");
    CHECK(str_eq(j.judgement.digests, wet.judgement.digests), "and the digests");
    judged_free(&wet);
    judged_free(&j);
    buf_free(&got);
    buf_free(&body);
}

/* ---- facts ---- */

static void facts_of_an_episode(void) {
    struct judged j;
    judged_row(
        &j, "episodes", FORMAT_CSV,
        "imdQuintile=1|gender=z|sexualOrientation=U|ethnicCategory=ct|nssec=8|freePrescription=Y|pregnant=N|interventionType=08|setting=13|aid=LA|"
        "seriousMentalIllness=Y|homeless=|substanceMisuse=N|swapToStop=1|extendedSupport=0|longTermConditions=OTHER;COPD|housingTenure=NOT_STATED|"
        "outcome4w=1|followUp4wDate=2025-08-11|followUp4wMethod=POST|co4wPpm=0|co4wDate=2025-08-12|outcome12w=2|followUp12wDate=2025-10-06|co12wPpm=200|"
        "outcome26w=3|followUp26wDate=2026-01-12|satisfaction=4|deliveryDate=2025-12-01|smokingAtDelivery=Y");
    CHECK(j.judgement.facts.n == sizeof(struct fact_episode), "one record (%s)", judged_found(&j));
    struct fact_episode f;
    memcpy(&f, j.judgement.facts.p, sizeof f);
    CHECK(hash128_eq(f.id, hash128_of(STR("E1"))) && hash128_eq(f.client, hash128_of(STR("C1"))), "ids");
    CHECK(fact_day_value(f.quit) == day_from_civil(2025, 7, 14) &&
              fact_day_value(f.delivery) == day_from_civil(2025, 12, 1),
          "days");
    CHECK(fact_day_value(f.followed_up[STAGE_4W]) == day_from_civil(2025, 8, 11) &&
              fact_day_value(f.co4_day) == day_from_civil(2025, 8, 12),
          "at 4 weeks");
    CHECK(fact_day_value(f.followed_up[STAGE_26W]) == day_from_civil(2026, 1, 12) &&
              f.followed_up[STAGE_52W] == FACT_NO_DAY,
          "later");
    CHECK(f.outcome[STAGE_4W] == 1 && f.outcome[STAGE_12W] == 2 && f.outcome[STAGE_26W] == 3 &&
              f.outcome[STAGE_52W] == 0,
          "outcomes");
    CHECK(f.gender == fact_code(STR("Z")) && f.sexual_orientation == fact_code(STR("U")) &&
              f.ethnic_category == fact_code(STR("CT")),
          "codes");
    CHECK(f.nssec == fact_code(STR("08")) && f.intervention_type == fact_code(STR("08")) &&
              f.setting == fact_code(STR("13")) && f.aid == fact_code(STR("LA")),
          "more codes");
    CHECK(f.authority == 9000012 && f.age == 43 && f.imd_quintile == 1 && f.satisfaction == 4, "numbers");
    CHECK(f.co4 == 0 && f.co12 == 200 && f.method4 == METHOD_WORD_POST && f.tenure == 6,
          "readings and words");
    CHECK(f.conditions == (1 << 5 | 1 << 0), "conditions");
    CHECK(fact_flag_get(f.flags, FLAG_FREE_PRESCRIPTION) == FLAG_YES &&
              fact_flag_get(f.flags, FLAG_PREGNANT) == FLAG_NO,
          "flags");
    CHECK(fact_flag_get(f.flags, FLAG_HOMELESS) == FLAG_BLANK &&
              fact_flag_get(f.flags, FLAG_SUBSTANCE_MISUSE) == FLAG_NO,
          "blank is not no");
    CHECK(fact_flag_get(f.flags, FLAG_SWAP_TO_STOP) == FLAG_YES &&
              fact_flag_get(f.flags, FLAG_EXTENDED_SUPPORT) == FLAG_NO,
          "flags as digits");
    CHECK(fact_flag_get(f.flags, FLAG_SERIOUS_MENTAL_ILLNESS) == FLAG_YES &&
              fact_flag_get(f.flags, FLAG_SMOKING_AT_DELIVERY) == FLAG_YES,
          "the last flag");
    judged_free(&j);
}

static void facts_of_blanks(void) {
    struct judged j;
    struct fact_episode f;
    struct fact_follow_up u;
    judged_row(&j, "episodes", FORMAT_CSV, "");
    memcpy(&f, j.judgement.facts.p, sizeof f);
    CHECK(f.co4 == FACT_NO_CO && f.co12 == FACT_NO_CO && f.co4_day == FACT_NO_DAY &&
              f.delivery == FACT_NO_DAY && f.gender == 0 && f.flags == 0,
          "blank");
    CHECK(f.conditions == 0 && f.tenure == 0 && f.satisfaction == 0 && f.imd_quintile == 0 &&
              f.method4 == METHOD_WORD_NONE,
          "and blank");
    judged_free(&j);
    judged_row(&j, "follow-ups", FORMAT_CSV,
               "stage=26w|date=2026-01-12|outcome=3|method=TEXT|coDate=2026-01-13");
    memcpy(&u, j.judgement.facts.p, sizeof u);
    CHECK(hash128_eq(u.id, hash128_of(STR("HERE"))) && u.stage == STAGE_26W && u.outcome == 3 &&
              u.method == METHOD_WORD_TEXT && u.co == FACT_NO_CO,
          "follow-up");
    CHECK(fact_day_value(u.day) == day_from_civil(2026, 1, 12) &&
              fact_day_value(u.co_day) == day_from_civil(2026, 1, 13),
          "its days");
    judged_free(&j);
}

/* ---- digests ---- */

static struct row_digest digest_of(const char *part, const char *changes) {
    struct judged j;
    struct row_digest d = {.key = {0, 0}};
    judged_row(&j, part, FORMAT_CSV, changes);
    CHECK(j.judgement.digests.n == sizeof d, "%s: one digest (%s)", changes, judged_found(&j));
    if (j.judgement.digests.n == sizeof d) memcpy(&d, j.judgement.digests.p, sizeof d);
    judged_free(&j);
    return d;
}

static void digests(void) {
    struct row_digest plain = digest_of("episodes", ""), other = digest_of("episodes", "ageAtQuitDate=44"),
                      moved = digest_of("episodes", "episodeId=E2");
    CHECK(hash128_eq(plain.key, hash128_of(STR("E1"))) && hash128_eq(plain.key, other.key) &&
              !hash128_eq(plain.key, moved.key),
          "the key is the id");
    CHECK(!hash128_eq(plain.content, other.content) && !hash128_eq(plain.content, moved.content),
          "content differs");
    CHECK(hash128_eq(plain.content,
                     digest_of("episodes", "dateOfBirth=1982-07-14|postcode=E8 1EA|colour=red").content),
          "what is not stored does not count");
    CHECK(!hash128_eq(digest_of("episodes", "site=A").content, digest_of("episodes", "adviser=A").content),
          "a value in another column is another content");
    CHECK(!hash128_eq(digest_of("follow-ups", "").key,
                      digest_of("follow-ups", "stage=12W|date=2025-10-06").key),
          "both key columns count");
    CHECK(!hash128_eq(digest_of("follow-ups", "").key, hash128_of(STR("HERE"))), "and not the first alone");
}

#define DIGEST_A 0xe2709c54aa4e767cu
#define DIGEST_B 0x98647e2ca47c76e2u

static void content_digests(void) {
    char bytes[200];
    struct hash128 seen[400];
    size_t count = 0;
    memset(bytes, 0, sizeof bytes);
    for (size_t n = 0; n <= sizeof bytes; n++)
        seen[count++] = content_digest(bytes, n);
    for (size_t i = 0; i < 199; i++) {
        bytes[i] = 1;
        seen[count++] = content_digest(bytes, sizeof bytes);
        bytes[i] = 0;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(!hash128_eq(seen[i], seen[k]),
                  "zeros of length %zu and %zu, or single bits, share a digest", i, k);
    struct hash128 stored = content_digest("quarterday", 10);
    CHECK(stored.a == DIGEST_A && stored.b == DIGEST_B,
          "digests are stored: the function never changes (%016llx %016llx)", (unsigned long long)stored.a,
          (unsigned long long)stored.b);
}

/* Many rows, all columns: CSV in another order with aliases, JSON in the table's order. */
static void many_rows_alike(void) {
    enum { ROWS = 3000 };
    static const char *const CODES[] = {"1", "2", "z", "x"}, *const METHODS[] = {"FACE_TO_FACE", "telephone",
                                                                                 "", "video"};
    struct buf csv = BUF_EMPTY, json = BUF_EMPTY, one = BUF_EMPTY, other = BUF_EMPTY;
    buf_add_cstr(&csv, "Sex;Method;CO;Age;Quit date;LA;Pseudonym;Episode\r\n");
    buf_add_cstr(&json, "{\"rows\":[");
    for (int i = 0; i < ROWS; i++) {
        const char *gender = CODES[i % 4], *method = METHODS[i % 3];
        buf_printf(&csv, "%s;%s;%d;%d;%d/%d/2025;Hackney;C%d;E%d\r\n", gender, method, i % 201, i % 121,
                   i % 28 + 1, 7 + i % 3, i, i);
        buf_printf(
            &json,
            "%s\n{\"episodeId\":\"E%d\",\"clientId\":\"C%d\",\"localAuthority\":\"E09000012\",\"quitDate\":\"2025-0%d-%02d\",\"ageAtQuitDate\":%d,\"gender\":\"%s\","
            "\"followUp4wMethod\":%s%s%s,\"co4wPpm\":\"%d\"}",
            i ? "," : "", i, i, 7 + i % 3, i % 28 + 1, i % 121, gender, method[0] ? "\"" : "",
            method[0] ? method : "null", method[0] ? "\"" : "", i % 201);
    }
    buf_add_cstr(&json, "]}");
    struct judged from_csv, from_json;
    judged_text(&from_csv, "episodes", FORMAT_CSV, buf_str(&csv));
    judged_text(&from_json, "episodes", FORMAT_JSON, buf_str(&json));
    CHECK(from_csv.err == OK && strcmp(judged_found(&from_csv), "") == 0, "CSV: %s", judged_found(&from_csv));
    CHECK(from_json.err == OK && strcmp(judged_found(&from_json), "") == 0, "JSON: %s %s",
          from_json.fault.detail, judged_found(&from_json));
    judged_copy(&from_csv, &one);
    judged_copy(&from_json, &other);
    CHECK(from_csv.judgement.rows == ROWS && from_json.judgement.rows == ROWS && one.n > 40 * ROWS,
          "all rows");
    CHECK(str_eq(buf_str(&one), buf_str(&other)), "rows are the same byte for byte");
    CHECK(str_eq(from_csv.judgement.facts, from_json.judgement.facts), "facts too");
    CHECK(str_eq(from_csv.judgement.digests, from_json.judgement.digests), "digests too");
    judged_free(&from_csv);
    judged_free(&from_json);
    buf_free(&csv);
    buf_free(&json);
    buf_free(&one);
    buf_free(&other);
}

/* ---- spill ---- */

static enum err add_bytes(void *context, const void *bytes, size_t n) {
    buf_add(context, bytes, n);
    return OK;
}
static enum err refuse(void *context, const void *bytes, size_t n) {
    (void)bytes;
    *(size_t *)context += n;
    return ERR_CONFLICT;
}

static void spills(void) {
    struct spill s;
    struct buf all = BUF_EMPTY, back = BUF_EMPTY;
    spill_begin(&s, "/tmp");
    for (uint32_t i = 0; i < 2500000; i++) {
        spill_add(&s, &i, sizeof i);
        buf_add(&all, &i, sizeof i);
        if (i == 1000000) CHECK(s.fd == 0, "4 MB are still in memory");
    }
    CHECK(s.fd > 0 && s.head.room <= 8u << 20, "10 MB are in a file");
    CHECK(spill_size(&s) == all.n && spill_read(&s, add_bytes, &back) == OK &&
              str_eq(buf_str(&all), buf_str(&back)),
          "all bytes come back in order");
    size_t seen = 0;
    CHECK(spill_read(&s, refuse, &seen) == ERR_CONFLICT && seen < all.n,
          "an error of the sink stops the reading");
    spill_free(&s);
    spill_begin(&s, "/nonexistent/folder");
    for (int i = 0; i < 6; i++)
        spill_add(&s, all.p, 1 << 20);
    CHECK(s.failed && spill_read(&s, add_bytes, &back) == ERR_UNAVAILABLE,
          "no room is an error, once and for all");
    spill_free(&s);
    buf_free(&all);
    buf_free(&back);
}

/* Records are read back wherever they stand: in memory, in the file, and in the file since a moment ago. */
static void records_of_a_spill(void) {
    enum { RECORDS = 300000, RECORD = 24 };
    struct spill s;
    unsigned wrong = 0;
    char copy[1];
    str all;
    bool is_file;
    spill_begin(&s, "/tmp");
    for (uint64_t i = 0; i < RECORDS; i++) {
        char *r = spill_extend(&s, RECORD);
        for (int k = 0; k < RECORD; k++)
            wrong += r[k] != 0;
        memcpy(r, &i, sizeof i);
        uint64_t other = i * 2654435761u % (i + 1), found;
        memcpy(&found, spill_at(&s, other * RECORD, RECORD), sizeof found);
        wrong += found != other;
        if (i == 100000) CHECK(s.fd == 0, "2.4 MB are in memory");
    }
    CHECK(wrong == 0 && s.fd > 0 && s.head.room <= 2u * SPILL_STEP, "%u wrong, %zu bytes of memory", wrong,
          s.head.room);
    for (uint64_t i = 0; i < RECORDS; i += 1000) {
        uint64_t found = 0;
        wrong += spill_copy(&s, i * RECORD, &found, sizeof found) != sizeof found || found != i;
    }
    CHECK(wrong == 0 && spill_copy(&s, (uint64_t)RECORDS * RECORD, copy, 1) == 0,
          "copies from the file and from memory: %u wrong", wrong);
    CHECK(spill_map(&s, &all, &is_file) == OK && is_file && all.n == (size_t)RECORDS * RECORD, "all of it");
    for (uint64_t i = 0; i < RECORDS; i++)
        wrong += memcmp(all.p + i * RECORD, &i, sizeof i) != 0;
    CHECK(wrong == 0, "%u wrong at one address", wrong);
    spill_free(&s);
    spill_begin(&s, "/nonexistent/folder");
    for (int i = 0; i < RECORDS; i++) {
        memset(spill_extend(&s, RECORD), 7, RECORD);
        wrong += *(const char *)spill_at(&s, 0, RECORD) != (s.failed ? 0 : 7);
    }
    CHECK(s.failed && wrong == 0 && s.head.room <= 8u << 20, "without room it says so and does not grow");
    spill_free(&s);
}

static void no_room_to_spill(void) {
    struct buf body = BUF_EMPTY;
    buf_add_cstr(&body, "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n");
    for (int i = 0; i < 60000; i++)
        buf_printf(&body, "E%d,C%d,E09000012,2025-07-14,43\n", i, i);
    struct judge_input in = judged_defaults("episodes", FORMAT_CSV, buf_str(&body));
    in.spill_dir = "/nonexistent/folder";
    struct judged j;
    judged_input(&j, &in);
    CHECK(j.err == ERR_UNAVAILABLE && j.fault.detail[0], "a full disk is told: %s", j.fault.detail);
    judged_free(&j);
    buf_free(&body);
}

/* ---- ids ---- */

static const void *id_at(void *context, uint32_t row) {
    return (const struct hash128 *)context + (row - 1);
}

static void id_sets(void) {
    enum { COUNT = 50000 };
    struct id_set set = {.slots = NULL};
    struct hash128 *ids = must_calloc(COUNT, sizeof *ids);
    struct id_records records = {id_at, ids};
    unsigned wrong = 0;
    id_set_begin(&set, 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        ids[i] = hash128_of((str){(const char *)&i, sizeof i});
        wrong += id_set_put(&set, records, ids[i], i + 1) != 0;
    }
    for (uint32_t i = 0; i < COUNT; i++)
        wrong += id_set_put(&set, records, ids[i], COUNT + 1) != i + 1;
    CHECK(wrong == 0 && set.count == COUNT && set.mask + 1 < 4 * COUNT, "%u wrong answers", wrong);
    id_set_free(&set);
    free(ids);
}

struct taker {
    struct buf got;
    unsigned calls, fail_at;
};

static enum err take(void *context, const void *bytes, size_t n) {
    struct taker *t = context;
    if (++t->calls == t->fail_at) return ERR_CONFLICT;
    CHECK(n >= SPILL_STEP, "in steps: %zu", n);
    buf_add(&t->got, bytes, n);
    return OK;
}

static enum err add(void *context, const void *bytes, size_t n) {
    buf_add(context, bytes, n);
    return OK;
}

static void spill_hands_on(void) {
    struct taker t = {.got = BUF_EMPTY};
    struct buf all = BUF_EMPTY;
    struct spill s;
    spill_begin_to(&s, (struct spill_sink){take, &t});
    for (unsigned i = 0; i < 100000; i++) {
        char text[16];
        int n = snprintf(text, sizeof text, "%u,", i);
        spill_add(&s, text, (size_t)n);
        buf_add(&all, text, (size_t)n);
    }
    CHECK(t.calls > 0 && !s.failed && spill_size(&s) < SPILL_STEP, "%u calls, %llu left", t.calls,
          (unsigned long long)spill_size(&s));
    CHECK(spill_read(&s, add, &t.got) == OK && str_eq(buf_str(&t.got), buf_str(&all)), "all of it, in order");
    spill_free(&s);
    buf_free(&t.got);
    t = (struct taker){.got = BUF_EMPTY, .fail_at = 1};
    spill_begin_to(&s, (struct spill_sink){take, &t});
    for (size_t at = 0; at < all.n; at += 1000)
        spill_add(&s, all.p + at, all.n - at < 1000 ? all.n - at : 1000);
    CHECK(s.failed && t.calls == 1 && spill_read(&s, add, &t.got) == ERR_UNAVAILABLE,
          "an error stays: %u calls", t.calls);
    spill_free(&s);
    buf_free(&t.got);
    buf_free(&all);
}

void suite_returns_encode(void) {
    suite_add("unit returns encode", NULL, NULL);
    case_add("a follow-up as it is stored, byte by byte", copy_of_a_follow_up);
    case_add("an episode as it is stored, byte by byte", copy_of_an_episode);
    case_add("nil returns and dry runs", nil_and_dry);
    case_add("facts of an episode", facts_of_an_episode);
    case_add("facts of blanks and of follow-ups", facts_of_blanks);
    case_add("digests of rows", digests);
    case_add("digests of contents", content_digests);
    case_add("many rows, the same from CSV and JSON", many_rows_alike);
    case_add("the spill", spills);
    case_add("records of a spill", records_of_a_spill);
    case_add("a spill without room", no_room_to_spill);
    case_add("sets of ids", id_sets);
    case_add("bytes are handed on in steps, up to the first error", spill_hands_on);
}
