/* What an accepted upload changes: rows by key against the version before, and the figures of the service. */
#include "handlers/consequences.h"
#include "handlers/orphans.h"
#include "handlers/row_changes.h"
#include "handlers/upload.h"

/* ---- what it is worked out from ---- */

static enum err load_replaced(struct upload *u, const struct book *book, int32_t before,
                              struct fault *fault) {
    struct upload_ground *g = &u->ground;
    struct db *db = db_of(u->r);
    enum err e = store_digests_load(db, u->service, u->provider, u->period, u->part->id, before, &g->arena,
                                    &g->digests);
    if (e == OK && u->part->id == PART_EPISODES && orphans_are_possible(book))
        e = store_facts_load(db, u->service, u->provider, u->period, u->part->id, before, &g->arena,
                             &g->replaced);
    g->replaces = true;
    return e == OK ? OK : fail(fault, e, "%s", db_last_error(db));
}

enum err upload_ground_load(struct upload *u, const struct service_view *view, const struct book *book,
                            int32_t before, struct fault *fault) {
    struct upload_ground *g = &u->ground;
    enum err e = before ? load_replaced(u, book, before, fault) : OK;
    if (e == OK) e = tallies_load(u->r, view, QUARTERS_ALL, u->today, INSTANT_NONE, 0, &g->tallies);
    if (e == OK) e = plan_ground_load(u->r, u->service, u->period, INSTANT_NONE, &g->plans);
    return e;
}

void upload_ground_free(struct upload *u) {
    tallies_release(u->r, &u->ground.tallies);
    arena_free(&u->ground.arena);
    u->ground = (struct upload_ground){.arena = ARENA_EMPTY};
}

/* ---- the effect ---- */

void upload_count_changes(struct upload *u) {
    const struct judgement *j = &u->judgement;
    const struct row_digests *old = &u->ground.digests;
    struct row_digests now = {(const void *)j->digests.p, j->rows, j->digests_mapped};
    struct row_changes c =
        part_has_key(u->part) ? row_changes_count(old, &now) : row_changes_count_keyless(old, &now);
    u->version.created = c.created;
    u->version.updated = c.updated;
    u->version.unchanged = c.unchanged;
    u->version.removed = c.removed;
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
        .facts_mapped = u->judgement.facts_mapped,
    };
    return after;
}

enum err upload_work_out_moves(struct upload *u, const struct service_view *view, const struct book *book) {
    struct arena *a = u->r->arena;
    const struct service_tallies *tallies = &u->ground.tallies;
    struct json j = json_to(&u->moved);
    struct book after_book = book_after(u, book);
    const struct tally **after = ARENA_ARRAY(a, const struct tally *, tallies->rating_count);
    u->frameworks = ARENA_ARRAY(a, const struct framework *, tallies->rating_count);
    u->after = ARENA_ARRAY(a, struct tally, tallies->rating_count);
    for (size_t i = 0; i < tallies->rating_count; i++) {
        u->frameworks[i] = tallies->ratings[i].framework;
        tally_count(u->frameworks[i], &after_book, u->today, &(struct tally_filter){0}, &u->after[i]);
        after[i] = &u->after[u->after_count++];
    }
    size_t mine = (size_t)(service_view_provider(view, u->provider) - view->providers);
    struct moved_question q = {view, tallies, mine, after, NULL};
    moved_begin(&q, a);
    enum err e = moved_write(&q, &j);
    struct json c = json_to(&u->consequences);
    return e == OK ? consequences_write(&q, &u->ground.plans, a, &c) : e;
}
