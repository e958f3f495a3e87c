/* upload: one PUT of a part while it is worked on: what was asked, what a try has made of it. Shared by the files that each do one
 * step: part_put.c (the request and its transaction), upload_checks.c (may it come in), upload_judge.c (its rows),
 * upload_effect.c (what it changes), upload_answer.c (receipt and refusal). */
#ifndef QD_HANDLERS_UPLOAD_H
#define QD_HANDLERS_UPLOAD_H

#include "handlers/lookup_cache.h"
#include "handlers/plan_forecast.h"
#include "handlers/return_state.h"
#include "kpi/tally.h"
#include "returns/body.h"
#include "returns/judge.h"

/* What the effect of an upload is worked out from. It is read before the rows are judged: while they go in, the connection takes no other
 * statement, and what they change is worked out meanwhile. */
struct upload_ground {
    struct arena arena;
    struct row_digests digests; /* of the version that is replaced */
    struct book replaced;       /* its facts, where they may be asked for; of episodes alone */
    bool replaces;
    struct service_tallies tallies;
    struct plan_ground plans;
};

enum upload_outcome { UPLOAD_STORED, UPLOAD_WOULD_STORE, UPLOAD_SAME_BYTES, UPLOAD_REFUSED };

struct upload {
    struct request *r;
    str service, provider;
    int16_t period;
    const struct part *part;
    bool dry_run;
    bool as_csv; /* the refusal's list as CSV */
    bool
        annotate; /* a refusal, or a dry run, gives the file itself back with what was found beside each row */
    enum body_format format;
    uint8_t sha256[SHA256_BYTES];
    bool has_sha256; /* worked out when it is first asked for */
    int32_t today;

    /* made by each try */
    enum upload_outcome outcome;
    struct store_version version; /* the one written, or the newest with the same bytes */
    int32_t deadline;
    struct lookups_in_use lookups; /* held until the answer is written; episodes alone */
    struct store_version_lookup
        *used; /* those of the version: of the one written, or of the one with the same bytes */
    size_t used_count;
    struct judgement judgement;
    bool judged;
    struct upload_ground ground;
    struct store_arriving arriving; /* the rows that go in since they are judged, if any do */
    struct spill annotated;         /* when asked for, and not stored */
    bool has_annotated;
    struct buf moved;                    /* JSON array: kpis */
    struct buf consequences;             /* JSON object */
    const struct framework **frameworks; /* the versions of the framework that rate a quarter */
    struct tally *after; /* the provider's counts with this version in force, by each of them */
    size_t after_count;
};

/* If-Match and If-None-Match against the newest version; ERR_STALE. */
enum err upload_check_match(struct upload *u, bool exists, const struct store_version *newest,
                            struct fault *fault);
/* A locked period takes nothing; a signed return only with a reason (or the same bytes again, which write nothing). */
enum err upload_check_open(struct upload *u, const struct return_state *state, bool same,
                           struct fault *fault);

/* Reads u->ground. `book` is the provider's as it is without this part; before: the version that is replaced, 0: none. */
enum err upload_ground_load(struct upload *u, const struct service_view *view, const struct book *book,
                            int32_t before, struct fault *fault);
void upload_ground_free(struct upload *u);

/* Judges the rows as version `version`. Fills u->judgement. stores: what is good begins to go into its table, as far as it is more than a little
 * (u->arriving); an error ends the transaction with it. */
enum err upload_judge(struct upload *u, const struct book *book, const struct framework *f, int32_t version,
                      bool stores, struct fault *fault);

/* After an error: rows that are going in go no further. A lost connection is told as itself and not as what else was made of it. */
enum err upload_give_up(struct upload *u, enum err e, struct fault *fault);

/* These ask the database nothing. Counts of rows by key against the version before, into u->version. */
void upload_count_changes(struct upload *u);
/* KPIs that the new version moves, into u->moved; the provider's new counts, into u->after. */
enum err upload_work_out_moves(struct upload *u, const struct service_view *view, const struct book *book);

/* What the version was judged beside, into u->used. */
enum err upload_note_lookups(struct upload *u);
void upload_write_receipt(struct upload *u, struct reply *p);
/* The provider's own file with its problems; the status is the caller's. */
void upload_write_annotated(struct upload *u, struct reply *p, int status);
/* 422: the list of findings as a problem or as CSV. */
void upload_write_refusal(struct upload *u, struct reply *p);
/* The event RETURN_REFUSED, in a transaction of its own. */
enum err upload_tell_refusal(struct upload *u);

#endif
