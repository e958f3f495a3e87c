/* PUT /v1/returns/{service}/{provider}/{period}/{part}: the main job. The body is judged row by row and replaces the part, all or
 * nothing, in one transaction: rows, version, facts, audit line, event. The provider's row is locked first, so that what the judge
 * asks about the provider's other returns stays true until the commit; other providers never wait.
 *
 * A dry run is the same work on a read-only snapshot, without lock and without writing. What the transaction's runner repeats after
 * a lost connection begins from nothing: every result lives in struct upload and is made anew. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "handlers/findings_write.h"
#include "handlers/handlers.h"
#include "handlers/known_rows.h"
#include "handlers/moved.h"
#include "handlers/orphans.h"
#include "handlers/return_state.h"
#include "handlers/row_changes.h"
#include "returns/body.h"

enum outcome { STORED, WOULD_STORE, SAME_BYTES, REFUSED };

struct upload {
    struct request *r;
    str service, provider;
    int16_t period;
    const struct part *part;
    bool dry_run;
    bool as_csv; /* the refusal's list as CSV */
    enum body_format format;
    uint8_t sha256[SHA256_BYTES];
    int32_t today;

    /* made by each try */
    enum outcome outcome;
    struct store_version version; /* the one written, or the newest with the same bytes */
    int32_t deadline;
    struct judgement judgement;
    bool judged;
    struct buf moved; /* JSON array */
    const struct framework *framework;
    struct tally after; /* the provider's counts with this version in force */
};

static void upload_clear(struct upload *u) {
    if (u->judged) judgement_free(&u->judgement);
    u->judged = false;
    buf_free(&u->moved);
    u->moved = BUF_EMPTY;
    tally_free(&u->after);
}

/* ---- the steps of one try ---- */

static enum err check_if_match(struct upload *u, bool exists, const struct store_version *newest,
                               struct fault *fault) {
    str want = request_header(u->r, "If-Match"), none = request_header(u->r, "If-None-Match");
    if (exists && none.p && str_is(str_trim(none), "*"))
        return fail(fault, ERR_STALE,
                    "If-None-Match: * asks for a first version, but version %d is here already.",
                    newest->version);
    if (!want.p) return OK;
    char have[16];
    snprintf(have, sizeof have, "\"v%d\"", newest->version);
    if (str_is(str_trim(want), "*") && exists) return OK;
    for (str rest = want, one = str_cut(&rest, ','); exists && one.p; one = str_cut(&rest, ','))
        if (str_is(str_trim(one), have)) return OK;
    if (!exists)
        return fail(fault, ERR_STALE,
                    "If-Match names %.*s, but this part has not been sent yet. Send it without If-Match.",
                    STR_ARG(want));
    return fail(
        fault, ERR_STALE,
        "If-Match names %.*s, but the newest version is %s. Read it, bring your change into it, and send with If-Match: %s.",
        STR_ARG(want), have, have);
}

/* A locked period takes nothing; a signed return only with a reason (or the same bytes again, which write nothing). */
static enum err check_still_open(struct upload *u, const struct return_state *state, bool same,
                                 struct fault *fault) {
    char period[PERIOD_TEXT];
    if (state->locked)
        return fail(fault, ERR_PERIOD_LOCKED,
                    "%s is locked%s%.*s. Ask the commissioner to unlock it, then send again.",
                    period_format(u->period, period), state->period.lock_reason.n ? ": " : "",
                    STR_ARG(state->period.lock_reason));
    str reason = request_query(u->r, "reason");
    if (!state->signed_once || same || str_trim(reason).n) return OK;
    return fail(
        fault, ERR_MISSING_VALUE,
        "This return has been signed off. To correct it say why: send it again with ?reason=... in the address, "
        "then sign it off again.");
}

static enum err judge_body(struct upload *u, const struct book *book, const struct framework *f,
                           int32_t version, struct fault *fault) {
    struct known_rows known;
    known_rows_begin(&known, db_of(u->r), u->service, u->provider, book);
    struct judge_input in = {
        .part = u->part,
        .period = u->period,
        .today = u->today,
        .windows = f->windows,
        .format = u->format,
        .body = u->r->body,
        .body_is_mapped = u->r->body_is_mapped,
        .known = &known.known,
        .service = u->dry_run ? STR_NONE : u->service,
        .provider = u->provider,
        .version = version,
        .spill_dir = app_of(u->r)->spool_dir,
    };
    enum err e = judge(&in, fault, &u->judgement);
    u->judged = e == OK;
    if (e == OK && u->part->id == PART_EPISODES && !u->judgement.findings.errors)
        orphans_warn(&u->judgement, book, &known.known, u->period);
    if (e == OK) e = known.err;
    known_rows_free(&known);
    return e;
}

static enum err count_changes(struct upload *u, bool replaces, int32_t before, struct fault *fault) {
    struct row_digest *old = NULL;
    size_t old_count = 0;
    struct arena a = ARENA_EMPTY;
    enum err e = OK;
    if (replaces)
        e = store_digests_load(db_of(u->r), u->service, u->provider, u->period, u->part->id, before, &a, &old,
                               &old_count);
    if (e != OK) return fail(fault, e, "%s", db_last_error(db_of(u->r)));
    struct row_changes c = row_changes_count(
        old, old_count, (const struct row_digest *)(const void *)u->judgement.digests.p, u->judgement.rows);
    arena_free(&a);
    u->version.created = c.created;
    u->version.updated = c.updated;
    u->version.unchanged = c.unchanged;
    u->version.removed = c.removed;
    return OK;
}

/* The provider's book as it is with the new version in place of the old. */
static struct book book_after(struct upload *u, const struct book *book) {
    struct book after = {.held = ARENA_ARRAY(u->r->arena, struct held, book->count + 1)};
    for (size_t i = 0; i < book->count; i++)
        if (book->held[i].part != u->part->id || book->held[i].period != u->period)
            after.held[after.count++] = book->held[i];
    after.held[after.count++] = (struct held){
        .part = u->part->id,
        .period = u->period,
        .version = u->version.version,
        .seq = INT64_MAX, /* later than all, as it will be */
        .received_at = u->version.received_at,
        .rows = u->judgement.rows,
        .facts = u->judgement.facts.p,
    };
    return after;
}

static enum err work_out_moves(struct upload *u, const struct service_view *view, const struct book *book) {
    const struct framework *f = u->framework = view->framework;
    struct service_tallies tallies;
    enum err e = tallies_load(u->r, view, u->today, INSTANT_NONE, 0, &tallies);
    if (e != OK) return e;
    struct json j = json_to(&u->moved);
    struct book after_book = book_after(u, book);
    tally_count(f, &after_book, u->today, &(struct tally_filter){0}, &u->after);
    size_t mine = (size_t)(service_view_provider(view, u->provider) - view->providers);
    struct moved_question q = {f, &tallies, mine, &u->after, u->today};
    e = moved_write(&q, u->r->arena, &j);
    tallies_release(u->r, &tallies);
    return e;
}

static enum err store(struct upload *u, struct fault *fault) {
    struct db *db = db_of(u->r);
    enum err e = store_rows_copy(db, u->part, &u->judgement.copy, fault);
    if (e != OK) return e;
    return store_version_put(db, u->service, u->provider, &u->version, buf_str(&u->judgement.facts),
                             buf_str(&u->judgement.digests), str_of(u->r->who->key_id),
                             str_of(u->r->correlation));
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct upload *u = context;
    struct service_view view;
    struct store_version newest = {0};
    struct book book = {0};
    struct return_state state;
    upload_clear(u);

    enum err e = OK;
    int64_t stamp;
    if (!u->dry_run) e = store_provider_lock(db, u->service, u->provider, &stamp);
    if (e == OK) e = service_view_load(u->r, u->service, INSTANT_NONE, &view, fault);
    if (e == ERR_NOT_FOUND || (e == OK && !service_view_provider(&view, u->provider)))
        return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                    STR_ARG(u->provider), STR_ARG(u->service));
    if (e != OK) return e;

    e = store_version_get(db, u->service, u->provider, u->period, u->part->id, 0, u->r->arena, &newest);
    bool exists = e == OK;
    if (e != OK && e != ERR_NOT_FOUND) return e;
    bool same = exists && memcmp(newest.sha256, u->sha256, SHA256_BYTES) == 0;
    e = check_if_match(u, exists, &newest, fault);
    if (e == OK) e = return_state_load(u->r, &view, u->provider, u->period, &state);
    if (e == OK) e = check_still_open(u, &state, same, fault);
    if (e != OK) return e;
    u->deadline = framework_provider_deadline(view.framework, u->period);

    e = store_book_load_beside(db, u->service, u->provider, u->period, u->part->id, u->r->arena, &book);
    if (e == OK) e = judge_body(u, &book, view.framework, newest.version + 1, fault);
    if (e != OK && !(same && e == ERR_MALFORMED)) return e;
    if (same) {
        u->version = newest;
        u->outcome = SAME_BYTES;
        return OK;
    }
    if (u->judgement.findings.errors) {
        u->outcome = REFUSED;
        return fail(fault, ERR_INVALID, "refused"); /* rolls back; the answer is made from the findings */
    }

    u->version = (struct store_version){
        .period = u->period,
        .part = u->part->id,
        .version = newest.version + 1,
        .received_at = instant_now(),
        .key_id = str_of(u->r->who->key_id),
        .bytes = u->r->body.n,
        .rows = u->judgement.rows,
        .warnings = u->judgement.findings.warnings,
        .on_time = u->today <= u->deadline,
        .format = u->format == FORMAT_JSON ? STR("json") : STR("csv"),
        .reason = request_query(u->r, "reason").p ? request_query(u->r, "reason") : STR(""),
    };
    memcpy(u->version.sha256, u->sha256, SHA256_BYTES);
    e = count_changes(u, exists, newest.version, fault);
    if (e == OK) e = work_out_moves(u, &view, &book);
    if (e != OK) return e;
    u->outcome = u->dry_run ? WOULD_STORE : STORED;
    return u->dry_run ? OK : store(u, fault);
}

/* The connection went while COMMIT was under way: is our version there? The bytes tell. */
static enum err settle(struct db *db, void *context, struct fault *fault) {
    struct upload *u = context;
    struct store_version v;
    int64_t stamp;
    enum err e = store_provider_lock(db, u->service, u->provider,
                                     &stamp); /* waits until the lost COMMIT has ended either way */
    if (e == OK)
        e = store_version_get(db, u->service, u->provider, u->period, u->part->id, u->version.version,
                              u->r->arena, &v);
    if (e != OK) return e;
    if (memcmp(v.sha256, u->sha256, SHA256_BYTES) != 0 || v.received_at != u->version.received_at)
        return fail(fault, ERR_NOT_FOUND, "another upload took the version");
    u->version = v;
    return OK;
}

/* ---- answers ---- */

static void write_receipt(struct upload *u, struct reply *p) {
    const struct store_version *v = &u->version;
    bool same = u->outcome == SAME_BYTES;
    char hex[SHA256_HEX], instant[INSTANT_TEXT], period[PERIOD_TEXT], day[DAY_TEXT];
    struct json j = json_to(&p->body);
    json_object_begin(&j);
    json_field_str(&j, "service", u->service);
    json_field_str(&j, "provider", u->provider);
    json_field_cstr(&j, "period", period_format(u->period, period));
    json_field_cstr(&j, "part", u->part->name);
    json_field_int(&j, "version", v->version);
    json_field_bool(&j, "dryRun", u->dry_run);
    json_field_bool(&j, "stored", u->outcome == STORED);
    json_field_cstr(&j, "receivedAt", instant_format(v->received_at, instant));
    json_field_cstr(&j, "sha256", hex_format(u->sha256, SHA256_BYTES, hex));
    json_field_int(&j, "bytes", (int64_t)u->r->body.n);
    json_field_int(&j, "rows", v->rows);
    json_field_int(&j, "created", same ? 0 : v->created);
    json_field_int(&j, "updated", same ? 0 : v->updated);
    json_field_int(&j, "unchanged", same ? v->rows : v->unchanged);
    json_field_int(&j, "removed", same ? 0 : v->removed);
    json_field_cstr(&j, "deadline", day_format(u->deadline, day));
    json_field_bool(&j, "onTime", v->on_time);
    json_field_int(&j, "warningCount", (int64_t)v->warnings);
    json_key(&j, "warnings");
    if (u->judged) {
        findings_write_json(&j, &u->judgement.findings, true);
    } else {
        json_array_begin(&j);
        json_end(&j);
    }
    json_field_bool(&j, "truncated", u->judged && findings_truncated(&u->judgement.findings));
    json_key(&j, "kpis");
    json_raw(&j, u->moved.n ? buf_str(&u->moved) : STR("[]"));
    json_end(&j);
    snprintf(p->etag, sizeof p->etag, "\"v%d\"", v->version);
    p->no_store = true;
    p->status = u->outcome == STORED && v->version == 1 ? 201 : 200;
    if (p->status == 201) reply_header(u->r, p, "Location", u->r->path);
}

static enum err write_refusal(struct upload *u, struct reply *p) {
    const struct findings *f = &u->judgement.findings;
    p->no_store = true;
    if (u->as_csv) {
        p->status = err_info(ERR_INVALID)->status;
        p->content_type = "text/csv; charset=utf-8; header=present";
        findings_write_csv(&p->body, f);
        return OK;
    }
    str detail = arena_printf(
        u->r->arena,
        "%llu error%s in %u row%s; nothing was stored and the last good version stays in force. "
        "Each error says where it is and what to do: put them right and send the whole file again.",
        (unsigned long long)f->errors, f->errors == 1 ? "" : "s", u->judgement.rows,
        u->judgement.rows == 1 ? "" : "s");
    struct json j = problem_begin(u->r, p, ERR_INVALID, detail);
    json_field_int(&j, "rows", u->judgement.rows);
    json_field_int(&j, "errorCount", (int64_t)f->errors);
    json_field_int(&j, "warningCount", (int64_t)f->warnings);
    json_field_bool(&j, "truncated", findings_truncated(f));
    json_key(&j, "errors");
    findings_write_json(&j, f, false);
    json_end(&j);
    return OK;
}

/* What the next dashboard and the next upload of the service would count again is known already. */
static void keep_tally(struct upload *u) {
    struct tally_cache *tallies = app_of(u->r)->tallies;
    struct tally_key key = {u->service, u->provider, u->version.seq, u->framework, u->today, 0};
    tally_release(tallies, tally_cache_put(tallies, &key, &u->after));
}

/* In steps, so that a large body does not sit in the process. */
static void digest_body(const struct request *r, uint8_t out[SHA256_BYTES]) {
    struct body_window window;
    struct sha256 *digest = sha256_begin();
    body_window_begin(&window, r->body, r->body_is_mapped);
    for (size_t at = 0; at < r->body.n;) {
        size_t step = r->body.n - at < BODY_STEP ? r->body.n - at : BODY_STEP;
        sha256_add(digest, r->body.p + at, step);
        at += step;
        body_window_move(&window, r->body.p + at);
    }
    sha256_end(digest, out);
}

enum err handle_part_put(struct request *r, struct reply *p) {
    struct upload u = {
        .r = r,
        .service = request_param(r, "service"),
        .provider = request_param(r, "provider"),
        .today = app_today(app_of(r)),
        .moved = BUF_EMPTY,
    };
    static const char *const OFFERS[] = {"application/json", "application/problem+json", "text/csv"};
    size_t choice = 0;
    enum err e = target_period(r, &u.period);
    if (e == OK) e = target_part(r, &u.part);
    if (e == OK) e = request_flag(r, "dryRun", &u.dry_run);
    if (e == OK) e = request_negotiate(r, OFFERS, 3, &choice);
    if (e == OK && !body_format_find(request_content_type(r), r->body, &u.format))
        e = fail(&r->fault, ERR_UNSUPPORTED_MEDIA_TYPE, "Send text/csv or application/json.");
    if (e != OK) return e;
    u.as_csv = choice == 2;
    digest_body(r, u.sha256);

    struct db_work work = {
        .run = run, .settle = u.dry_run ? NULL : settle, .context = &u, .read_only = u.dry_run};
    e = db_transaction(db_of(r), &work, &r->fault);
    if (e == OK && u.outcome == STORED) keep_tally(&u);
    if (e == OK) write_receipt(&u, p);
    else if (e == ERR_INVALID && u.judged && u.outcome == REFUSED) e = write_refusal(&u, p);
    upload_clear(&u);
    if (r->body_is_mapped) malloc_trim(0); /* what a large return took goes back to the system */
    return e;
}
