/* GET /v1/lookups, GET and PUT /v1/lookups/{lookup}: reference data: deprivation quintiles, postcodes, bank holidays. A file is judged as
 * a part is and taken as a whole or not at all; every version is kept. What is loaded counts for what comes after it: returns keep the
 * quintiles that they were judged with, and say which versions those came from. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/store_lookups.h"
#include "handlers/framework_cache.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "returns/findings_write.h"
#include "returns/lookup.h"

struct load {
    struct request *r;
    const struct part *lookup;
    str edition;
    enum body_format format;
    struct judgement judgement;
    struct buf pack;
    struct store_lookup version; /* the one written, or the newest with the same bytes */
    bool same;
};

static enum err target_lookup(struct request *r, const struct part **out) {
    str name = request_param(r, "lookup");
    *out = lookup_find(name);
    if (*out) return OK;
    return fail(&r->fault, ERR_NOT_FOUND,
                "There is no lookup '%.*s'. Lookups: imd, postcodes, bank-holidays.", STR_ARG(name));
}

static void write_lookup(struct json *j, const struct store_lookup *l, bool in_use) {
    char text[INSTANT_TEXT], hex[SHA256_HEX];
    json_object_begin(j);
    json_field_str(j, "lookup", l->lookup);
    json_field_str(j, "edition", l->edition.n ? l->edition : STR_NONE);
    json_field_int(j, "version", l->version);
    json_field_bool(j, "inUse", in_use);
    json_field_cstr(j, "receivedAt", instant_format(l->received_at, text));
    json_field_str(j, "key", l->key_id);
    json_field_cstr(j, "sha256", hex_format(l->sha256, SHA256_BYTES, hex));
    json_field_int(j, "bytes", (int64_t)l->bytes);
    json_field_int(j, "rows", l->rows);
    json_end(j);
}

/* ---- which edition ---- */

static bool line_has(str line, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= line.n; i++)
        if (str_eq_nocase(str_sub(line, i, i + n), (str){word, n})) return true;
    return false;
}

/* Published files name it in their headers: imd19_decile. */
static str edition_of_header(str body) {
    str line = str_cut(&body, '\n');
    bool is2019 = line_has(line, "imd19") || line_has(line, "imd2019");
    bool is2025 = line_has(line, "imd25") || line_has(line, "imd2025");
    if (is2019 == is2025) return STR_NONE;
    return is2019 ? STR("2019") : STR("2025");
}

/* The one that every framework names, if they agree. */
static enum err edition_of_frameworks(struct request *r, str *out) {
    struct store_service *services;
    size_t count;
    int16_t now = period_of_day(app_today(app_of(r)));
    struct db *db = db_for_everybody(r);
    enum err e = store_services_list(db, r->arena, &services, &count);
    *out = STR_NONE;
    for (size_t i = 0; e == OK && i < count; i++) {
        const struct framework *f;
        e = framework_cache_of_period(app_of(r)->frameworks, db, &services[i], now, &r->fault, &f);
        if (e != OK || !f->imd_edition[0]) continue;
        if (out->n && !str_is(*out, f->imd_edition)) {
            *out = STR_NONE;
            return OK;
        }
        *out = str_of(f->imd_edition);
    }
    return e;
}

static bool is_edition(str text) {
    if (text.n == 0 || text.n > 64) return false;
    for (size_t i = 0; i < text.n; i++)
        if (!ascii_is_alnum(text.p[i]) && !memchr("._-", text.p[i], 3)) return false;
    return true;
}

static enum err find_edition(struct load *l) {
    str asked = request_query(l->r, "edition");
    enum err e = OK;
    l->edition = STR("");
    if (l->lookup->id != LOOKUP_IMD)
        return asked.p ? fail(&l->r->fault, ERR_BAD_PARAMETER, "Only imd has editions; leave edition out.")
                       : OK;
    if (asked.p && !is_edition(asked))
        return fail(&l->r->fault, ERR_BAD_PARAMETER, "'%.*s' is no edition; write a name like 2019.",
                    STR_ARG(asked));
    if (!asked.p) asked = edition_of_header(l->r->body);
    if (!asked.p) e = edition_of_frameworks(l->r, &asked);
    if (e == OK && !asked.p)
        e = fail(
            &l->r->fault, ERR_MISSING_VALUE,
            "Neither the file nor the frameworks say which edition this is. Add ?edition=2019 or the like.");
    l->edition = asked;
    return e;
}

/* ---- loading ---- */

static enum err judge_file(struct load *l) {
    struct judge_input in = {
        .part = l->lookup,
        .period = period_of_day(app_today(app_of(l->r))),
        .today = app_today(app_of(l->r)),
        .windows = DEFAULT_WINDOWS,
        .format = l->format,
        .body = l->r->body,
        .body_is_mapped = l->r->body_is_mapped,
        .spill_dir = app_of(l->r)->spool_dir,
    };
    return judge(&in, &l->r->fault, &l->judgement);
}

static void write_refusal(struct load *l, struct reply *p) {
    const struct findings *f = &l->judgement.findings;
    str detail =
        arena_printf(l->r->arena,
                     "%llu error%s in %u rows; nothing was loaded and the version before stays in use. "
                     "Put them right and send the whole file again.",
                     (unsigned long long)f->errors, f->errors == 1 ? "" : "s", l->judgement.rows);
    struct json j = problem_begin(l->r, p, ERR_INVALID, detail);
    findings_write_members(&j, f, l->judgement.rows);
    json_end(&j);
    p->no_store = true;
}

static enum err run_put(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct load *l = context;
    struct store_lookup newest = {.version = 0};
    str name = str_of(l->lookup->name);
    enum err e = store_lookup_lock(db, name);
    if (e == OK) e = store_lookup_newest(db, name, l->edition, l->r->arena, &newest);
    if (e != OK && e != ERR_NOT_FOUND) return e;
    l->same = e == OK && memcmp(newest.sha256, l->version.sha256, SHA256_BYTES) == 0;
    if (l->same) {
        l->version = newest;
        return OK;
    }
    l->version.version = newest.version + 1;
    l->version.received_at = instant_after(e == OK ? newest.received_at : INSTANT_NONE);
    return store_lookup_put(db, &l->version, buf_str(&l->pack), str_of(l->r->correlation));
}

/* The connection went while COMMIT was under way: is our version there? */
static enum err settle_put(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct load *l = context;
    struct store_lookup newest;
    str name = str_of(l->lookup->name);
    enum err e = store_lookup_lock(db, name); /* waits until the lost COMMIT has ended either way */
    if (e == OK) e = store_lookup_newest(db, name, l->edition, l->r->arena, &newest);
    if (e != OK) return e;
    bool ours = newest.received_at == l->version.received_at &&
                memcmp(newest.sha256, l->version.sha256, SHA256_BYTES) == 0;
    return ours ? OK : ERR_NOT_FOUND;
}

static void write_receipt(struct load *l, struct reply *p) {
    const struct findings *f = &l->judgement.findings;
    struct json j = json_to(&p->body);
    json_object_begin(&j);
    json_key(&j, "loaded");
    write_lookup(&j, &l->version, l->version.rows > 0);
    json_field_bool(&j, "stored", !l->same);
    json_field_int(&j, "warningCount", (int64_t)f->warnings);
    json_key(&j, "warnings");
    findings_write_json(&j, f, true);
    json_field_bool(&j, "truncated", findings_truncated(f));
    json_end(&j);
    p->no_store = true;
    p->status = !l->same && l->version.version == 1 ? 201 : 200;
}

static enum err load_file(struct load *l, struct reply *p) {
    if (l->judgement.findings.errors) {
        write_refusal(l, p);
        return OK;
    }
    if (!lookup_pack(l->lookup, &l->judgement, &l->pack))
        return fail(&l->r->fault, ERR_INVALID,
                    "The file names more than 255 authorities; England has fewer.");
    l->version = (struct store_lookup){
        .lookup = str_of(l->lookup->name),
        .edition = l->edition,
        .key_id = str_of(l->r->who->key_id),
        .bytes = l->r->body.n,
        .rows = l->judgement.rows,
        .pack_bytes = l->pack.n,
    };
    sha256_of(l->r->body, l->version.sha256);
    enum err e =
        db_transaction(db_for_everybody(l->r),
                       &(struct db_work){.run = run_put, .settle = settle_put, .context = l}, &l->r->fault);
    if (e == OK) write_receipt(l, p);
    return e;
}

enum err handle_lookup_put(struct request *r, struct reply *p) {
    struct load l = {.r = r, .pack = BUF_EMPTY};
    enum err e = target_lookup(r, &l.lookup);
    if (e == OK && !body_format_find(request_content_type(r), r->body, &l.format))
        e = fail(&r->fault, ERR_UNSUPPORTED_MEDIA_TYPE, "Send text/csv or application/json.");
    if (e == OK) e = find_edition(&l);
    if (e == OK) e = judge_file(&l);
    if (e != OK) return e;
    e = load_file(&l, p);
    judgement_free(&l.judgement);
    buf_free(&l.pack);
    if (r->body_is_mapped) malloc_trim(0); /* what a long list took goes back to the system */
    return e;
}

/* ---- what is loaded ---- */

struct ask {
    struct request *r;
    struct page page;
    str lookup;
    struct buf *out;
};

static enum err run_list(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct ask *ask = context;
    struct store_lookup *all;
    size_t count;
    buf_clear(ask->out);
    enum err e = store_lookups_list(db, ask->lookup, ask->r->arena, &all, &count);
    if (e != OK) return e;
    struct json j = json_to(ask->out);
    page_begin(&ask->page, &j, count);
    for (size_t i = ask->page.from; i < ask->page.to; i++) {
        bool newest = i == 0 || !str_eq(all[i - 1].lookup, all[i].lookup) ||
                      !str_eq(all[i - 1].edition, all[i].edition);
        write_lookup(&j, &all[i], newest && all[i].rows > 0);
    }
    page_end(&ask->page, &j);
    return OK;
}

static enum err write_list(struct request *r, struct reply *p, str lookup) {
    struct ask ask = {.r = r, .lookup = lookup, .out = &p->body};
    enum err e = page_ask(r, &ask.page);
    if (e == OK)
        e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &ask, .read_only = true},
                           &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

enum err handle_lookups_list(struct request *r, struct reply *p) {
    return write_list(r, p, STR_NONE);
}

enum err handle_lookup_get(struct request *r, struct reply *p) {
    const struct part *lookup;
    enum err e = target_lookup(r, &lookup);
    return e == OK ? write_list(r, p, str_of(lookup->name)) : e;
}
