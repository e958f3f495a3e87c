/* See judge.h. This file opens and closes a judgement and ends each row; the readers lead through the body. */
#include <stddef.h>
#include <stdlib.h>

#include "returns/encoding.h"
#include "returns/findings.h"
#include "returns/national_sheet.h"
#include "returns/readers.h"

enum {
    GIVE_BACK_TWICE = 24 << 20
}; /* smaller mappings stay whole from the first pass (encoding) to the second (rows) */

/* ---- which format ---- */

enum { SNIFFED = 256 };

static bool media_type_is(str content_type, const char *name) {
    return str_eq_nocase(str_trim(str_cut(&content_type, ';')), str_of(name));
}

/* The ASCII among the first characters, enough to tell a bracket after a few blanks. */
static str start_of_utf16(str body, char start[SNIFFED]) {
    size_t n = 0;
    for (size_t i = 2; i < body.n && n < SNIFFED; i++)
        if (body.p[i]) start[n++] = body.p[i];
    return (str){start, n};
}

bool body_format_find(str content_type, str body, enum body_format *out) {
    if (media_type_is(content_type, "text/csv") || media_type_is(content_type, "application/json")) {
        *out = media_type_is(content_type, "text/csv") ? FORMAT_CSV : FORMAT_JSON;
        return true;
    }
    if (str_trim(content_type).n) return false;
    str text = str_starts_with(body, STR("\xef\xbb\xbf")) ? str_sub(body, 3, body.n) : body;
    char start[SNIFFED];
    if (encoding_is_utf16(body)) text = start_of_utf16(body, start);
    text = str_trim(text);
    *out = text.n && (text.p[0] == '{' || text.p[0] == '[') ? FORMAT_JSON : FORMAT_CSV;
    return true;
}

/* ---- rows ---- */

void judge_row_begin(struct judging *j, uint32_t line) {
    j->row.number++;
    j->row.line = line;
    j->out->rows = j->row.number;
    j->id_hash = (struct hash128){0, 0};
    for (size_t i = 0; i < j->unread_count; i++)
        j->row.values[j->unread[i]].state = VALUE_BLANK;
}

static void check_required(struct judging *j) {
    for (size_t i = 0; i < j->required_count; i++) {
        size_t column = j->required[i];
        if (j->row.values[column].state != VALUE_BLANK) continue;
        int other = j->rules->stand_in ? j->rules->stand_in(j, column) : -1;
        enum value_state stands_in = other >= 0 ? j->row.values[other].state : VALUE_BLANK;
        /* The header, or the value that stands in, has been told of. */
        if (j->absent[column] || stands_in == VALUE_BAD) j->out->findings.suppressed++;
        if (j->absent[column] || stands_in != VALUE_BLANK) continue;
        struct finding *f = find_in_row(j, column, FINDING_MISSING_VALUE);
        if (!f) continue;
        f->detail = say(j, "%s is blank.", j->part->columns[column].name);
        f->fix = other >= 0 ? say(j, "Fill it in, or give %s instead.", j->part->columns[other].name)
                            : STR("Fill it in: a row without it cannot be accepted.");
    }
}

static struct hash128 key_of_several(const struct judging *j) {
    char joined[KEYS_MAX * 68];
    size_t n = 0;
    for (size_t i = 0; i < j->key_count; i++) {
        str text = j->row.values[j->key_columns[i]].text; /* ids and words have at most 64 bytes */
        memcpy(joined + n, text.p, text.n);
        n += text.n;
        joined[n++] = '\0';
    }
    return hash128_of((str){joined, n});
}

/* The digest of the key columns; false when one of them is not good. */
static bool key_of_row(struct judging *j, struct hash128 *out) {
    for (size_t i = 0; i < j->key_count; i++)
        if (!row_has(&j->row, j->key_columns[i])) return false;
    if (j->key_count == 0) return false;
    *out = j->key_count == 1 ? j->id_hash : key_of_several(j);
    return true;
}

static void find_duplicate(struct judging *j, uint32_t first) {
    struct finding *f = find_in_row(j, j->key_columns[0], FINDING_DUPLICATE);
    if (!f) return;
    struct buf names = BUF_EMPTY;
    for (size_t i = 0; i < j->key_count; i++)
        buf_printf(&names, "%s%s",
                   !i                      ? ""
                   : i + 1 == j->key_count ? " and "
                                           : ", ",
                   j->part->columns[j->key_columns[i]].name);
    f->detail = say(j, "Row %u of this file has the same %.*s.", (unsigned)first, STR_ARG(buf_str(&names)));
    buf_free(&names);
    f->fix = STR("Keep the right one of the two rows and take the other out.");
}

static void see_pseudonyms(struct judging *j) {
    for (size_t i = 0; i < j->nhs.count; i++) {
        struct nhs_column *c = &j->nhs.columns[i];
        if (row_has(&j->row, c->column))
            nhs_numbers_see(c, j->row.values[c->column].text, j->row.number, j->row.line);
    }
}

/* Adds a zeroed record; parts that are only stored have none. */
static void *blank_fact(struct judging *j) {
    return j->fact_kept ? spill_extend(&j->out->facts_kept, j->fact_kept) : NULL;
}

static bool keeps_digests(const struct judging *j) {
    return !j->in->findings_only || (j->key_count && !j->rules->among);
}

static void keep_digest(struct judging *j, const struct row_digest *digest) {
    if (keeps_digests(j)) memcpy(spill_extend(&j->out->digests_kept, sizeof *digest), digest, sizeof *digest);
}

/* The row's record, digest and bytes for COPY. */
static const void *keep_row(struct judging *j, struct row_digest *digest) {
    void *fact = blank_fact(j);
    void (*write)(const struct judging *, void *) =
        j->in->findings_only ? j->rules->among_fact : j->rules->fact;
    if (fact && write) write(j, fact);
    /* Once a row is bad nothing will be stored: the rest is only judged. */
    bool is_stored = !j->in->findings_only && j->out->findings.errors == 0 && !j->is_refused;
    if (is_stored) encode_row(j, &digest->content);
    if (j->key_count == 0) digest->key = digest->content; /* the row is what it says */
    keep_digest(j, digest);
    return fact;
}

/* Facts and digests stand at the place of their row, also where a row could not be read. */
void judge_row_skip(struct judging *j) {
    keep_digest(j, &(struct row_digest){.key = {0, 0}});
    blank_fact(j);
}

static const void *key_at(void *context, uint32_t row) {
    struct judging *j = context;
    if (j->rules->among)
        return spill_at(&j->out->facts_kept, (uint64_t)(row - 1) * j->fact_kept, sizeof(struct hash128));
    uint64_t at = (uint64_t)(row - 1) * sizeof(struct row_digest) + offsetof(struct row_digest, key);
    return spill_at(&j->out->digests_kept, at, sizeof(struct hash128));
}

/* A row with the same key was there before: only the later one is told so. */
static void check_key(struct judging *j, struct hash128 key) {
    uint32_t twin = id_set_put(&j->keys, (struct id_records){key_at, j}, key, j->row.number);
    if (twin) find_duplicate(j, twin);
    j->is_twin = twin != 0;
}

/* All that can be said of the row by itself. True when out_key is what identifies it. */
static bool judge_row_alone(struct judging *j, struct hash128 *out_key) {
    if (j->key_count && row_has(&j->row, j->key_columns[0]))
        j->id_hash = hash128_of(j->row.values[j->key_columns[0]].text);
    bool keyed = !j->rules->key && key_of_row(j, out_key);
    if (keyed) id_set_prefetch(&j->keys, id_set_tag(&j->keys, *out_key));
    see_pseudonyms(j);
    check_required(j);
    if (j->rules->check) j->rules->check(j);
    return j->rules->key ? j->rules->key(j, out_key) : keyed;
}

/* Where rows are compared by their records, this one's stands with those before it first. */
void judge_row_end(struct judging *j) {
    struct row_digest digest = {.key = {0, 0}};
    j->is_twin = false;
    bool keyed = judge_row_alone(j, &digest.key);
    if (keyed && !j->rules->among) check_key(j, digest.key);
    if (j->rules->look_up) j->rules->look_up(j);
    const void *fact = keep_row(j, &digest);
    if (j->rules->among) judge_row_among(j, fact);
}

/* ---- rows of several hands ---- */

void judge_row_end_alone(struct judging *j) {
    struct row_digest digest = {.key = {0, 0}};
    if (!judge_row_alone(j, &digest.key)) digest.key = (struct hash128){0, 0};
    keep_row(j, &digest);
}

static struct hash128 key_of(const void *fact) {
    struct hash128 key;
    memcpy(&key, fact, sizeof key);
    return key;
}

void judge_row_among_soon(const struct judging *j, const void *fact) {
    id_set_prefetch(&j->keys, id_set_tag(&j->keys, key_of(fact)));
    if (j->rules->among_soon) j->rules->among_soon(j, fact);
}

void judge_row_among(struct judging *j, const void *fact) {
    static const struct hash128 NO_KEY = {0, 0};
    struct hash128 key = key_of(fact);
    j->is_twin = false;
    if (!hash128_eq(key, NO_KEY)) check_key(j, key);
    j->rules->among(j, fact);
}

/* ---- the whole ---- */

void judge_find_nhs_number(struct judging *j, size_t column, bool majority) {
    struct finding *f =
        find_in_row(j, column, majority ? FINDING_NHS_NUMBER_NOT_ALLOWED : FINDING_LOOKS_LIKE_NHS_NUMBER);
    if (!f) return;
    if (majority) {
        f->detail = STR("The ids of this column are NHS numbers, which must not be sent.");
        f->fix = STR("Send a pseudonym instead: an id of your own that means nothing to anyone else.");
    } else {
        f->detail = STR("This id has the form of an NHS number.");
        f->fix = STR(
            "Nothing has to be done if it is a pseudonym that looks so by chance; never send NHS numbers.");
    }
}

/* Those beyond the sightings kept: all stand in later rows. */
static void find_more_nhs_numbers(struct judging *j, const struct nhs_column *c, bool majority) {
    struct finding what = finding_of_column(
        j, c->column, majority ? FINDING_NHS_NUMBER_NOT_ALLOWED : FINDING_LOOKS_LIKE_NHS_NUMBER);
    findings_count(&j->out->findings, &what, c->passed - c->first_count);
}

/* The first sightings get words; the others are counted. */
static void find_nhs_numbers(struct judging *j) {
    for (size_t i = 0; i < j->nhs.count; i++) {
        const struct nhs_column *c = &j->nhs.columns[i];
        bool majority = nhs_column_is_majority(c);
        if (majority) j->out->nhs_majority |= 1u << i;
        for (size_t k = 0; k < c->first_count; k++) {
            j->row.number = c->first[k].row;
            j->row.line = c->first[k].line;
            judge_find_nhs_number(j, c->column, majority);
        }
        if (c->passed > c->first_count) find_more_nhs_numbers(j, c, majority);
    }
}

static void prepare_columns(struct judging *j) {
    for (size_t i = 0; i < j->part->column_count; i++) {
        const struct column *c = &j->part->columns[i];
        if (c->flags & COLUMN_REQUIRED) j->required[j->required_count++] = (uint8_t)i;
        if ((c->flags & COLUMN_KEY) && j->key_count < KEYS_MAX) j->key_columns[j->key_count++] = i;
        if (c->flags & COLUMN_PSEUDONYM) nhs_numbers_watch(&j->nhs, i);
    }
}

/* A guess, from what begins a row in the first part of the body. However many begin there, a row takes some bytes: a client must
 * not size our memory. */
static size_t rows_expected(const struct judge_input *in) {
    enum { LOOKED_AT = 64 << 10, LEAST_BYTES = 32 };
    char begins = in->format == FORMAT_CSV ? '\n' : '{';
    size_t looked_at = in->body.n < LOOKED_AT ? in->body.n : (size_t)LOOKED_AT, seen = 0;
    for (size_t i = 0; i < looked_at; i++)
        seen += in->body.p[i] == begins;
    if (seen * LEAST_BYTES > looked_at) seen = looked_at / LEAST_BYTES;
    return seen ? (size_t)((double)seen / (double)looked_at * (double)in->body.n) : 0;
}

static void keep_begin(struct judging *j) {
    size_t rows = rows_expected(j->in);
    if (j->in->rows_to.take) spill_begin_to(&j->out->copy, j->in->rows_to);
    else spill_begin(&j->out->copy, j->in->spill_dir);
    spill_begin(&j->out->facts_kept, j->in->spill_dir);
    spill_begin(&j->out->digests_kept, j->in->spill_dir);
    spill_expect(&j->out->facts_kept, (uint64_t)rows * j->fact_kept);
    if (keeps_digests(j)) spill_expect(&j->out->digests_kept, (uint64_t)rows * sizeof(struct row_digest));
    id_set_begin(&j->keys, rows);
    repeats_begin(&j->repeats, j->part->id == PART_EPISODES ? rows : 0);
}

static struct judging *judging_begin(const struct judge_input *in, struct judgement *out) {
    struct judging *j = must_calloc(1, sizeof *j);
    j->in = in;
    j->part = in->part;
    j->rules = part_rules_of(in->part->id);
    j->out = out;
    j->row.values = j->own_values;
    j->first_day = period_first_day(in->period);
    j->last_day = period_last_day(in->period);
    *out = (struct judgement){.findings.arena = ARENA_EMPTY};
    j->fact_kept = !in->findings_only ? in->part->fact_bytes : j->rules->among ? j->rules->among_bytes : 0;
    prepare_columns(j);
    keep_begin(j);
    cell_plans_begin(j);
    encode_begin(j);
    row_packer_begin(
        &j->packer, in->service.p ? &out->copy : NULL,
        &(struct row_pack_of){in->service, in->provider, in->period, (int16_t)in->part->id, in->version});
    if (j->rules->begin) j->rules->begin(j);
    return j;
}

struct judging *judging_copy(const struct judging *j, struct judgement *out) {
    struct judging *copy = must_alloc(sizeof *copy);
    *copy = *j;
    copy->row.values = copy->own_values;
    *out = (struct judgement){.findings.arena = ARENA_EMPTY};
    spill_begin(&out->facts_kept, NULL);
    spill_begin(&out->digests_kept, NULL);
    copy->out = out;
    copy->keys = (struct id_set){.slots = NULL};
    copy->repeats = (struct repeats){.days = BUF_EMPTY};
    copy->nhs = (struct nhs_numbers){.count = 0};
    for (size_t i = 0; i < j->nhs.count; i++)
        nhs_numbers_watch(&copy->nhs, j->nhs.columns[i].column);
    copy->encoded = BUF_EMPTY;
    encode_begin(copy);
    row_packer_begin(&copy->packer, NULL, NULL);
    return copy;
}

void judging_copy_free(struct judging *copy) {
    nhs_numbers_free(&copy->nhs);
    encode_end(copy);
    row_packer_free(&copy->packer);
    free(copy);
}

static void judging_end(struct judging *j) {
    cell_plans_end(j);
    id_set_free(&j->keys);
    repeats_free(&j->repeats);
    nhs_numbers_free(&j->nhs);
    encode_end(j);
    row_packer_free(&j->packer);
    free(j);
}

/* Of a refused file nothing is kept but the findings. */
static void drop_rows(struct judgement *out) {
    out->facts = out->digests = STR_NONE;
    spill_free(&out->facts_kept);
    spill_free(&out->digests_kept);
    spill_free(&out->copy);
}

/* Where the disk was full, what was kept is not there to be read and stored; nor could all repeated ids be found, so that
 * a refused file is not known to the end either. */
static enum err finish_rows(struct judgement *out, bool findings_only, struct fault *fault) {
    bool kept = spill_map(&out->facts_kept, &out->facts, &out->facts_mapped) == OK &&
                spill_map(&out->digests_kept, &out->digests, &out->digests_mapped) == OK;
    bool refused = out->findings.errors > 0;
    if (refused || findings_only) drop_rows(out);
    if (kept && (refused || !out->copy.failed)) return OK;
    return fail(fault, ERR_UNAVAILABLE,
                "There is no room left to work on an upload of this size. Try again later.");
}

enum err judge(const struct judge_input *in, struct fault *fault, struct judgement *out) {
    struct judging *j = judging_begin(in, out);
    struct body_window window;
    struct encoded encoded;
    body_window_begin(&window, in->body, in->body_is_mapped && in->body.n > GIVE_BACK_TWICE);
    enum err e = encoding_open(in, &window, fault, &encoded);
    body_window_begin(&window, encoded.base, encoded.base_is_mapped);
    if (e == OK)
        e = in->format == FORMAT_CSV ? read_csv(j, &encoded, &window, fault)
                                     : read_json(j, encoded.text, &window, fault);
    if (e == OK) find_nhs_numbers(j);
    if (e == OK && j->rules->end) j->rules->end(j);
    row_packer_end(&j->packer);
    judging_end(j);
    encoding_close(&encoded);
    if (e == OK) e = finish_rows(out, in->findings_only, fault);
    if (e != OK) judgement_free(out);
    return e;
}

void judgement_free(struct judgement *j) {
    findings_free(&j->findings);
    drop_rows(j);
    national_sheet_free(j->national);
    j->national = NULL;
}
