/* What an accepted upload changes: rows by key against the version before, and the figures of the service. */
#include "handlers/consequences.h"
#include "handlers/row_changes.h"
#include "handlers/upload.h"

enum err upload_count_changes(struct upload *u, bool replaces, int32_t before, struct fault *fault) {
    struct row_digests old = {NULL, 0, false};
    struct arena a = ARENA_EMPTY;
    enum err e = OK;
    if (replaces)
        e = store_digests_load(db_of(u->r), u->service, u->provider, u->period, u->part->id, before, &a,
                               &old);
    if (e != OK) {
        arena_free(&a);
        return fail(fault, e, "%s", db_last_error(db_of(u->r)));
    }
    const struct judgement *j = &u->judgement;
    struct row_digests now = {(const void *)j->digests.p, j->rows, j->digests_mapped};
    struct row_changes c =
        part_has_key(u->part) ? row_changes_count(&old, &now) : row_changes_count_keyless(&old, &now);
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
        .facts_mapped = u->judgement.facts_mapped,
    };
    return after;
}

enum err upload_work_out_moves(struct upload *u, const struct service_view *view, const struct book *book) {
    struct arena *a = u->r->arena;
    struct service_tallies tallies;
    enum err e = tallies_load(u->r, view, QUARTERS_ALL, u->today, INSTANT_NONE, 0, &tallies);
    if (e != OK) return e;
    struct json j = json_to(&u->moved);
    struct book after_book = book_after(u, book);
    const struct tally **after = ARENA_ARRAY(a, const struct tally *, tallies.rating_count);
    u->frameworks = ARENA_ARRAY(a, const struct framework *, tallies.rating_count);
    u->after = ARENA_ARRAY(a, struct tally, tallies.rating_count);
    for (size_t i = 0; i < tallies.rating_count; i++) {
        u->frameworks[i] = tallies.ratings[i].framework;
        tally_count(u->frameworks[i], &after_book, u->today, &(struct tally_filter){0}, &u->after[i]);
        after[i] = &u->after[u->after_count++];
    }
    size_t mine = (size_t)(service_view_provider(view, u->provider) - view->providers);
    struct moved_question q = {view, &tallies, mine, after};
    e = moved_write(&q, a, &j);
    struct json c = json_to(&u->consequences);
    if (e == OK) e = consequences_write(u->r, &q, u->period, INSTANT_NONE, &c);
    tallies_release(u->r, &tallies);
    return e;
}
