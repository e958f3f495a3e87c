/* The rows of an upload, judged beside what is known of the provider's other returns. */
#include "handlers/either.h"
#include "handlers/known_rows.h"
#include "handlers/orphans.h"
#include "handlers/upload.h"
#include "returns/annotate.h"

/* What this version of `episodes` leaves without its episode. */
static void warn_of_orphans(struct upload *u, const struct book *book, const struct known *known) {
    const struct book *replaced = u->ground.replaces ? &u->ground.replaced : NULL;
    if (orphans_are_possible(book))
        orphans_warn(&u->judgement, &(struct orphan_question){book, known, replaced, u->period});
}

/* The rows go in while the next ones are judged: on two processors the database copies them meanwhile, and no file of them is written. What
 * the database has been given of a file that is refused after all is rolled back; a file with an error in its first rows gives it nothing.
 * Of episodes alone: what the judge asks of them is in memory, while a COPY is under way the connection takes no question. */
static bool rows_go_in_meanwhile(const struct upload *u, bool stores) {
    return stores && u->part->id == PART_EPISODES;
}

enum err upload_give_up(struct upload *u, enum err e, struct fault *fault) {
    enum err lost = store_rows_give_up(&u->arriving, fault);
    return lost == OK ? e : lost;
}

enum err upload_judge(struct upload *u, const struct book *book, const struct framework *f, int32_t version,
                      bool stores, struct fault *fault) {
    enum { LARGE = 20 << 20 };
    u->arriving =
        (struct store_arriving){.db = db_of(u->r), .part = u->part, .is_large = u->r->body.n > LARGE};
    struct known_rows known;
    if (u->part->id == PART_EPISODES) {
        enum err e = lookups_acquire(app_of(u->r)->lookups, db_of(u->r), str_of(f->imd_edition), u->r->arena,
                                     &u->lookups, fault);
        if (e != OK) return e;
    }
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
        .lookups = u->lookups.count ? &u->lookups.lookups : NULL,
        .service = stores ? u->service : STR_NONE,
        .provider = u->provider,
        .version = version,
        .spill_dir = app_of(u->r)->spool_dir,
        .hands = judge_hands(u->r->body.n),
    };
    if (rows_go_in_meanwhile(u, stores)) in.rows_to = (struct spill_sink){store_rows_arrive, &u->arriving};
    enum err e = judge(&in, fault, &u->judgement);
    u->judged = e == OK;
    if (e == OK && u->part->id == PART_EPISODES && !u->judgement.findings.errors)
        warn_of_orphans(u, book, &known.known);
    if (e == OK) either_check(&u->judgement, book, u->part->id, u->period);
    /* Only now is it known: what is refused is not carried to its end first. */
    if (e == OK && !u->judgement.findings.errors) store_rows_rest(&u->arriving, &u->judgement.copy);
    else e = upload_give_up(u, e, fault);
    if (e == OK && u->annotate && (u->dry_run || u->judgement.findings.errors)) {
        u->has_annotated = true;
        e = annotate(&in, &u->judgement, fault, &u->annotated);
    }
    if (e == OK) e = known.err;
    known_rows_free(&known);
    return e;
}

enum err upload_note_lookups(struct upload *u) {
    if (u->outcome == UPLOAD_SAME_BYTES)
        return store_version_lookups_list(db_of(u->r), u->service, u->provider, u->period, u->r->arena,
                                          &u->used, &u->used_count);
    u->used = ARENA_ARRAY(u->r->arena, struct store_version_lookup, u->lookups.count + 1);
    u->used_count = u->lookups.count;
    for (size_t i = 0; i < u->used_count; i++)
        u->used[i] =
            (struct store_version_lookup){u->part->id, u->version.version, u->lookups.versions[i].lookup,
                                          u->lookups.versions[i].edition, u->lookups.versions[i].version};
    return OK;
}
