#include "db/store_erasure.h"

#include <stdlib.h>

#include "base/json.h"
#include "db/audit.h"
#include "db/copy.h"
#include "db/pack.h"
#include "db/row_sql.h"
#include "db/store.h"
#include "db/store_subjects.h"
#include "returns/facts.h"

enum { KEY_BYTES = 32 };

/* A row that was blanked, and the hashes of what its ids are now. */
struct blanked {
    int16_t period;
    int32_t version;
    uint32_t row;
    struct hash128 client, episode; /* zero: blank */
};

struct work {
    struct db *db;
    const struct store_erasure *ask;
    const struct part *part;
    uint8_t key
        [KEY_BYTES]; /* of the tokens: equal ids get equal tokens within one run, and nobody can tell which */
    struct blanked *rows;
    size_t count, room;
};

/* ---- rows ---- */

static int64_t number(const char *value, int length) {
    uint64_t n = 0;
    return value && str_to_uint((str){value, (size_t)length}, INT64_MAX, &n) ? (int64_t)n : 0;
}

static struct hash128 hash_of(const char *value, int length) {
    return value && length > 0 ? hash128_of((str){value, (size_t)length}) : (struct hash128){0, 0};
}

static enum err note_blanked(void *context, const char *const *values, const int *lengths) {
    struct work *w = context;
    if (w->count == w->room) {
        w->room = w->room ? w->room * 2 : 1024;
        w->rows = must_realloc(w->rows, w->room * sizeof *w->rows);
    }
    w->rows[w->count++] = (struct blanked){
        .period = (int16_t)number(values[0], lengths[0]),
        .version = (int32_t)number(values[1], lengths[1]),
        .row = (uint32_t)number(values[2], lengths[2]),
        .client = hash_of(values[3], lengths[3]),
        .episode = hash_of(values[4], lengths[4]),
    };
    return OK;
}

static enum err blank_rows(struct work *w) {
    struct params p = params_of();
    params_text(&p, w->ask->service);
    params_text(&p, w->ask->provider);
    if (w->ask->reference.n) params_text(&p, w->ask->reference);
    else params_int2(&p, w->ask->first_kept);
    params_bytes(&p, w->key, sizeof w->key);
    char *sql = row_sql_fill(w->ask->reference.n ? STMT_rows_erase_subject : STMT_rows_erase_old, w->part);
    w->count = 0;
    enum err e = db_stream(w->db, sql, &p, note_blanked, w);
    free(sql);
    return e;
}

/* ---- packs ---- */

/* Of every part the hashes of ids stand where its struct of facts.h has them. */
static void unlink_facts(enum part_id part, char *record, const struct blanked *row) {
    switch (part) {
    case PART_EPISODES: {
        struct fact_episode f;
        memcpy(&f, record, sizeof f);
        f.id = row->episode;
        f.client = row->client;
        memcpy(record, &f, sizeof f);
        break;
    }
    case PART_FOLLOW_UPS: {
        struct fact_follow_up f;
        memcpy(&f, record, sizeof f);
        f.id = row->episode;
        memcpy(record, &f, sizeof f);
        break;
    }
    case PART_HARM_REDUCTION: {
        struct fact_harm_reduction f;
        memcpy(&f, record, sizeof f);
        f.client = row->client;
        f.episode = row->episode;
        memcpy(record, &f, sizeof f);
        break;
    }
    case PART_REFERRALS: {
        struct fact_referral f;
        memcpy(&f, record, sizeof f);
        f.episode = row->episode;
        memcpy(record, &f, sizeof f);
        break;
    }
    default: break;
    }
}

/* A digest would confirm a guess of what a row has said. Equal ones stay equal, so what changed between two versions stays told. */
static void unlink_digest(const struct work *w, char *digest) {
    struct row_digest d;
    uint8_t sum[SHA256_BYTES];
    str pieces[] = {{digest, sizeof d.key}, {digest + sizeof d.key, sizeof d.content}};
    hmac_sha256_of((str){(const char *)w->key, sizeof w->key}, &pieces[0], 1, sum);
    memcpy(&d.key, sum, sizeof d.key);
    hmac_sha256_of((str){(const char *)w->key, sizeof w->key}, &pieces[1], 1, sum);
    memcpy(&d.content, sum, sizeof d.content);
    memcpy(digest, &d, sizeof d);
}

static void add_place(struct params *p, const struct work *w, const struct blanked *row) {
    params_text(p, w->ask->service);
    params_text(p, w->ask->provider);
    params_int2(p, row->period);
    params_int2(p, (int16_t)w->part->id);
    params_int4(p, row->version);
    params_int4(p, (int32_t)((row->row - 1) / PACK_ROWS));
}

/* A pack as it is while people are taken out of it. */
struct opened {
    uint32_t rows;
    struct buf facts, digests, room;
};

static enum err open_pack(struct work *w, const struct blanked *any, struct opened *o) {
    struct params p = params_of();
    add_place(&p, w, any);
    ROWS got = ROWS_NONE;
    enum err e = db_query(w->db, STMT_pack_get, &p, &got);
    if (e != OK) return e;
    if (rows_count(&got) != 1) return db_note_bug(w->db, "a row is in no pack");
    o->rows = (uint32_t)rows_int4(&got, 0, 0);
    struct pack_code facts = pack_facts_of(&got, 1, 3), digests = pack_digests_of(&got, 2, 3);
    buf_reserve(&o->facts, o->rows * w->part->fact_bytes + 1);
    buf_reserve(&o->digests, o->rows * sizeof(struct row_digest));
    o->facts.n = o->rows * w->part->fact_bytes;
    o->digests.n = o->rows * sizeof(struct row_digest);
    bool fits = pack_decode_facts(&facts, o->rows, w->part->fact_bytes, o->facts.p, &o->room) &&
                pack_decode_digests(&digests, o->rows, (void *)o->digests.p);
    return fits ? OK : db_note_bug(w->db, "a pack does not fit this program");
}

static enum err close_pack(struct work *w, const struct blanked *any, struct opened *o) {
    struct params p = params_of();
    struct pack_code pack = pack_encode(buf_str(&o->facts), buf_str(&o->digests), o->rows, &o->room);
    add_place(&p, w, any);
    params_pack(&p, &pack);
    return db_query(w->db, STMT_pack_change, &p, NULL);
}

static enum err change_pack(struct work *w, const struct blanked *rows, size_t n) {
    struct opened o = {0, BUF_EMPTY, BUF_EMPTY, BUF_EMPTY};
    enum err e = open_pack(w, rows, &o);
    for (size_t i = 0; e == OK && i < n; i++) {
        size_t at = (rows[i].row - 1) % PACK_ROWS;
        if (at >= o.rows) e = db_note_bug(w->db, "a row is beyond its pack");
        if (e != OK) break;
        unlink_facts(w->part->id, o.facts.p + at * w->part->fact_bytes, &rows[i]);
        unlink_digest(w, o.digests.p + at * sizeof(struct row_digest));
    }
    if (e == OK) e = close_pack(w, rows, &o);
    buf_free(&o.facts);
    buf_free(&o.digests);
    buf_free(&o.room);
    return e;
}

static int by_place(const void *a, const void *b) {
    const struct blanked *x = a, *y = b;
    if (x->period != y->period) return x->period < y->period ? -1 : 1;
    if (x->version != y->version) return x->version < y->version ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool is_same_pack(const struct blanked *x, const struct blanked *y) {
    return x->period == y->period && x->version == y->version &&
           (x->row - 1) / PACK_ROWS == (y->row - 1) / PACK_ROWS;
}

static enum err change_packs(struct work *w) {
    enum err e = OK;
    if (w->count) qsort(w->rows, w->count, sizeof *w->rows, by_place);
    for (size_t from = 0, to = 0; e == OK && from < w->count; from = to) {
        while (to < w->count && is_same_pack(&w->rows[from], &w->rows[to]))
            to++;
        e = change_pack(w, w->rows + from, to - from);
    }
    return e;
}

/* Episodes come last: the other parts ask them whose an episode is. */
static const enum part_id ABOUT_PEOPLE[] = {PART_FOLLOW_UPS, PART_HARM_REDUCTION, PART_REFERRALS,
                                            PART_EPISODES};
enum { ABOUT_PEOPLE_COUNT = sizeof ABOUT_PEOPLE / sizeof *ABOUT_PEOPLE };

enum err store_erase(struct db *db, const struct store_erasure *ask, int64_t *out_rows) {
    struct work w = {.db = db, .ask = ask};
    int64_t stamp;
    *out_rows = 0;
    random_bytes(w.key, sizeof w.key);
    /* A million rows take minutes; and the ids that go are looked up once a row, in memory and by a hash, or not in this life. */
    enum err e = db_command(
        db,
        "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off");
    if (e == OK) e = store_provider_lock(db, ask->service, ask->provider, &stamp);
    for (size_t i = 0; e == OK && i < ABOUT_PEOPLE_COUNT; i++) {
        w.part = part_get(ABOUT_PEOPLE[i]);
        e = blank_rows(&w);
        if (e == OK) e = change_packs(&w);
        *out_rows += (int64_t)w.count;
    }
    explicit_bzero(w.key, sizeof w.key);
    free(w.rows);
    return e;
}

/* ---- counting and telling ---- */

static enum err take_count(void *context, const char *const *values, const int *lengths) {
    *(int64_t *)context += number(values[0], lengths[0]);
    return OK;
}

enum err store_erasure_count(struct db *db, const struct store_erasure *ask, int64_t *out_rows) {
    enum err e = OK;
    *out_rows = 0;
    for (size_t i = 0; e == OK && i < ABOUT_PEOPLE_COUNT; i++) {
        struct params p = params_of();
        params_text(&p, ask->service);
        params_text(&p, ask->provider);
        params_int2(&p, ask->first_kept);
        char *sql = row_sql_fill(STMT_rows_old_count, part_get(ABOUT_PEOPLE[i]));
        e = db_stream(db, sql, &p, take_count, out_rows);
        free(sql);
    }
    return e;
}

enum err store_erasure_tell(struct db *db, const struct store_erasure *ask, str reason, int64_t rows) {
    struct buf object = BUF_EMPTY, detail = BUF_EMPTY;
    struct json j = json_to(&detail);
    char period[PERIOD_TEXT];
    buf_printf(&object, "subjects/%.*s", STR_ARG(ask->service));
    json_object_begin(&j);
    json_field_str(&j, "provider", ask->provider);
    json_field_int(&j, "rows", rows);
    if (ask->reference.n) {
        char hex[SHA256_HEX];
        json_field_str(&j, "reason", reason);
        if (ask->request) json_field_int(&j, "request", ask->request);
        json_field_cstr(&j, "digest", hex_format(ask->mark.digest, sizeof ask->mark.digest, hex));
    }
    if (!ask->reference.n) json_field_cstr(&j, "before", period_format(ask->first_kept, period));
    json_end(&j);
    enum err e = audit_append(
        db, &(struct audit_line){ask->service, instant_now(), ask->actor.n ? ask->actor : STR("operator"),
                                 ask->reference.n ? STR("SUBJECT_ERASED") : STR("CLIENT_ROWS_RETIRED"),
                                 buf_str(&object), buf_str(&detail)});
    buf_free(&object);
    buf_free(&detail);
    return e;
}

/* ---- marks ---- */

void erasure_mark_make(str reference, struct erasure_mark *out) {
    random_bytes(out->salt, sizeof out->salt);
    struct sha256 *sum = sha256_begin();
    sha256_add(sum, out->salt, sizeof out->salt);
    sha256_add(sum, reference.p, reference.n);
    sha256_end(sum, out->digest);
}

enum err store_erasure_find(struct db *db, str service, str provider, const struct erasure_mark *mark,
                            struct arena *a, str *out_reference) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_bytes(&p, mark->salt, sizeof mark->salt);
    params_bytes(&p, mark->digest, sizeof mark->digest);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_subject_by_digest, &p, &rows);
    if (e != OK) return e;
    if (!rows_count(&rows)) return ERR_NOT_FOUND;
    *out_reference = arena_str(a, rows_text(&rows, 0, 0));
    return OK;
}
