/* PUT /v1/returns/{service}/{provider}/{period}/{part}: the main job. The body is judged row by row and replaces the part, all or
 * nothing, in one transaction: rows, version, facts, audit line, event. The provider's row is locked first, so that what the judge
 * asks about the provider's other returns stays true until the commit; other providers never wait.
 *
 * A dry run is the same work on a read-only snapshot, without lock and without writing. What the transaction's runner repeats after
 * a lost connection begins from nothing: every result lives in struct upload and is made anew. */
#include <malloc.h>

#include "handlers/handlers.h"
#include "handlers/plan_forecast.h"
#include "handlers/tally_cache.h"
#include "handlers/upload.h"

static void upload_clear(struct upload *u) {
    if (u->judged) judgement_free(&u->judgement);
    u->judged = false;
    upload_ground_free(u);
    if (u->has_annotated) spill_free(&u->annotated);
    u->has_annotated = false;
    buf_free(&u->moved);
    buf_free(&u->consequences);
    u->moved = u->consequences = BUF_EMPTY;
    lookups_release(app_of(u->r)->lookups, &u->lookups);
    for (size_t i = 0; i < u->after_count; i++)
        tally_free(&u->after[i]);
    u->after_count = 0;
}

/* Of what was received, also where that was gzip. In steps, so that a large body does not sit in the process; once, whatever is tried again. */
static void digest_body(struct upload *u) {
    const struct request *r = u->r;
    struct body_window window;
    if (u->has_sha256) return;
    struct sha256 *digest = sha256_begin();
    body_window_begin(&window, r->received, r->received_is_mapped);
    for (size_t at = 0; at < r->received.n;) {
        size_t step = r->received.n - at < BODY_STEP ? r->received.n - at : BODY_STEP;
        sha256_add(digest, r->received.p + at, step);
        at += step;
        body_window_move(&window, r->received.p + at);
    }
    sha256_end(digest, u->sha256);
    u->has_sha256 = true;
}

/* Are these the bytes of the newest version? Where it has not as many, they need not be gone through before they are judged. */
static bool is_same(struct upload *u, const struct store_version *newest) {
    if (newest->bytes != u->r->received.n) return false;
    digest_body(u);
    return memcmp(newest->sha256, u->sha256, SHA256_BYTES) == 0;
}

static enum err store(struct upload *u, struct fault *fault) {
    struct db *db = db_of(u->r);
    const struct judgement *j = &u->judgement;
    struct row_packs rows = {j->facts, j->digests, j->facts_mapped, j->digests_mapped};
    struct store_packs *packs = store_packs_make(db, &rows, j->rows, &u->ground.arena);
    enum err e = u->arriving.carrier ? store_rows_arrived(&u->arriving, fault)
                                     : store_rows_copy(db, u->part, &u->judgement.copy, fault);
    if (e != OK) return e;
    e = store_version_put(db, u->service, u->provider, &u->version, packs, str_of(u->r->who->key_id),
                          str_of(u->r->correlation));
    for (size_t i = 0; e == OK && i < u->lookups.count; i++)
        e = store_version_lookup_put(db, u->service, u->provider, u->period, u->part->id, u->version.version,
                                     &u->lookups.versions[i]);
    return e;
}

/* What is asked of the database before COPY takes two round trips: what says whether the return may come in, and what it is judged and counted
 * beside. A provider's lock comes before all of it. */
static void ask_ahead(struct upload *u) {
    struct db *db = db_of(u->r);
    if (!u->dry_run) store_provider_lock_ahead(db, u->service, u->provider);
    store_version_ahead(db, u->service, u->provider, u->period, u->part->id, 0);
    return_state_ahead(u->r, u->service, u->provider, u->period);
}

static void ask_more_ahead(struct upload *u, const struct framework *f, const struct store_version *newest) {
    struct db *db = db_of(u->r);
    if (u->part->id == PART_EPISODES) store_lookups_in_use_ahead(db, str_of(f->imd_edition));
    if (newest->version)
        store_digests_ahead(db, u->service, u->provider, u->period, u->part->id, newest->version,
                            newest->rows);
    plan_ground_ahead(u->r, u->service, u->period, INSTANT_NONE);
}

static enum err try_it(struct db *db, struct upload *u, struct fault *fault) {
    struct service_view view;
    struct store_version newest = {0};
    struct book book = {0};
    struct return_state state;
    upload_clear(u);

    enum err e = OK;
    int64_t stamp;
    ask_ahead(u);
    e = service_view_load(u->r, u->service, INSTANT_NONE, u->period, &view, fault);
    if (e == OK && !u->dry_run) e = store_provider_lock(db, u->service, u->provider, &stamp);
    if (e == ERR_NOT_FOUND || (e == OK && !service_view_provider(&view, u->provider)))
        return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                    STR_ARG(u->provider), STR_ARG(u->service));
    if (e != OK) return e;

    e = store_version_get(db, u->service, u->provider, u->period, u->part->id, 0, u->r->arena, &newest);
    bool exists = e == OK;
    if (e != OK && e != ERR_NOT_FOUND) return e;
    bool same = exists && is_same(u, &newest);
    e = upload_check_match(u, exists, &newest, fault);
    if (e == OK) e = return_state_load(u->r, &view, u->provider, u->period, &state);
    if (e == OK) e = upload_check_open(u, &state, same, fault);
    if (e != OK) return e;
    u->deadline = framework_provider_deadline(view.framework, u->period);

    if (!same) ask_more_ahead(u, view.framework, &newest);
    e = store_book_load_beside(db, u->service, u->provider, u->period, u->part->id, u->r->arena, &book);
    /* The same bytes again are judged as the version that they are, so that they are told the same. */
    if (e == OK && !same) e = upload_ground_load(u, &view, &book, newest.version, fault);
    if (e == OK)
        e = upload_judge(u, &book, view.framework, newest.version + !same, !same && !u->dry_run, fault);
    if (e != OK && !(same && e == ERR_MALFORMED)) return e;
    if (same) {
        u->version = newest;
        u->outcome = UPLOAD_SAME_BYTES;
        return upload_note_lookups(u);
    }
    if (u->judgement.findings.errors) {
        u->outcome = UPLOAD_REFUSED;
        digest_body(u);
        return fail(fault, ERR_INVALID, "refused"); /* rolls back; the answer is made from the findings */
    }

    u->version = (struct store_version){
        .period = u->period,
        .part = u->part->id,
        .version = newest.version + 1,
        .received_at = instant_now(),
        .key_id = str_of(u->r->who->key_id),
        .bytes = u->r->received.n,
        .rows = u->judgement.rows,
        .warnings = u->judgement.findings.warnings,
        .day = u->today,
        .on_time = u->today <= u->deadline,
        .format = u->format == FORMAT_JSON ? STR("json") : STR("csv"),
        .reason = request_query(u->r, "reason").p ? request_query(u->r, "reason") : STR(""),
    };
    digest_body(u);
    memcpy(u->version.sha256, u->sha256, SHA256_BYTES);
    upload_count_changes(u);
    e = upload_work_out_moves(u, &view, &book);
    u->outcome = u->dry_run ? UPLOAD_WOULD_STORE : UPLOAD_STORED;
    if (e == OK) e = upload_note_lookups(u);
    return e == OK && !u->dry_run ? store(u, fault) : e;
}

/* What goes in has ended one way or the other before the connection is asked for anything else. */
static enum err run(struct db *db, void *context, struct fault *fault) {
    struct upload *u = context;
    enum err e = try_it(db, u, fault);
    return upload_give_up(u, e, fault);
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

/* What the next dashboard and the next upload of the service would count again is known already. */
static void keep_tally(struct upload *u) {
    struct tally_cache *tallies = app_of(u->r)->tallies;
    for (size_t i = 0; i < u->after_count; i++) {
        struct tally_key key = {u->service, u->provider, u->version.seq, u->frameworks[i], u->today, 0};
        tally_release(tallies, tally_cache_put(tallies, &key, &u->after[i]));
    }
}

enum err handle_part_put(struct request *r, struct reply *p) {
    struct upload u = {
        .r = r,
        .service = request_param(r, "service"),
        .provider = request_param(r, "provider"),
        .today = app_today(app_of(r)),
        .moved = BUF_EMPTY,
        .consequences = BUF_EMPTY,
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
    u.annotate = u.as_csv && request_accepts_with(r, "text/csv", "annotate");
    if (u.annotate && u.format == FORMAT_JSON)
        return fail(
            &r->fault, ERR_NOT_ACCEPTABLE,
            "annotate=1 gives the CSV file back that was sent, and this body is JSON. Leave annotate out of Accept, "
            "or send CSV.");

    struct db_work work = {
        .run = run, .settle = u.dry_run ? NULL : settle, .context = &u, .read_only = u.dry_run};
    e = db_transaction(db_of(r), &work, &r->fault);
    if (e == OK && u.outcome == UPLOAD_STORED) keep_tally(&u);
    if (e == OK && u.has_annotated && u.dry_run) upload_write_annotated(&u, p, 200);
    else if (e == OK) upload_write_receipt(&u, p);
    else if (e == ERR_INVALID && u.judged && u.outcome == UPLOAD_REFUSED) {
        e = u.dry_run ? OK : upload_tell_refusal(&u);
        if (e == OK) upload_write_refusal(&u, p);
    }
    upload_clear(&u);
    if (r->body_is_mapped) malloc_trim(0); /* what a large return took goes back to the system */
    return e;
}
