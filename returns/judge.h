/* judge: reads a body (CSV or JSON) and judges every row of it against the part's description, in one pass.
 * In memory it keeps 16 bytes a row (which ids the file has) and the first findings; facts, digests and the
 * packs of the rows of a large file go to temporary files. Knows no HTTP and no database: what it must know of the provider's other returns it asks through
 * struct known. */
#ifndef QD_RETURNS_JUDGE_H
#define QD_RETURNS_JUDGE_H

#include "base/err.h"
#include "returns/facts.h"
#include "returns/finding.h"
#include "returns/part.h"
#include "returns/spill.h"

struct annotator;

/* Days from the quit date within which a follow-up counts, both ends included; settings of the framework. */
struct follow_up_windows {
    int16_t from[STAGE_COUNT], to[STAGE_COUNT];
};
/* Is a stage due: has its window closed before the as-at day? Contract section 5: quitDate + 42 (98, 210, 393) days < D. */
static inline bool follow_up_is_due(const struct follow_up_windows *w, enum stage stage, int32_t quit_day,
                                    int32_t as_at) {
    return quit_day + w->to[stage] < as_at;
}
#define DEFAULT_WINDOWS ((struct follow_up_windows){{25, 81, 168, 351}, {42, 98, 210, 393}})

enum episode_standing {
    EPISODE_UNKNOWN, /* never returned by this provider */
    EPISODE_IN_FORCE,
    EPISODE_REMOVED, /* once returned, but no version in force has it: a follow-up is kept and warned of */
};
struct episode_at {
    int16_t period;   /* EPISODE_IN_FORCE */
    int32_t quit_day; /* EPISODE_IN_FORCE */
};
enum listing {
    LIST_NEVER_SENT, /* neither for the period nor for an earlier one: nothing can be said */
    LIST_HAS,
    LIST_LACKS,
};
/* Which version of a part was looked into. */
struct looked_into {
    int16_t period;
    int32_t version;
};
/* What the judge asks about the provider's data in force. Called from judge() only; `listed`, and `episode` with a `not_in`,
 * also from the threads that it starts (hands), several at once. */
struct known {
    void *context;
    /* Where an episode id stands, leaving out the episodes of `not_in` (the period being replaced; -1 for
     * none). */
    enum episode_standing (*episode)(void *context, struct hash128 id, int16_t not_in,
                                     struct episode_at *out);
    /* Whether an id is in the newest list (PART_SITES, PART_ADVISERS) of the period or an earlier one. */
    enum listing (*listed)(void *context, enum part_id list, int16_t period, struct hash128 id,
                           struct looked_into *out);
    /* The version of the period's episodes in force; false when none was sent: then nothing can be said of ids that
     * other parts name. NULL: likewise. */
    bool (*episodes_of)(void *context, int16_t period, struct looked_into *out);
};

struct lookups; /* returns/lookup.h */

enum body_format { FORMAT_CSV, FORMAT_JSON };
/* By Content-Type ("text/csv", "application/json"), or sniffed when it is missing: '{' or '[' first is JSON. */
bool body_format_find(str content_type, str body, enum body_format *out);

struct judge_input {
    const struct part *part;
    int16_t period;
    int32_t today; /* follow-ups after it are OUT_OF_RANGE */
    struct follow_up_windows windows;
    enum body_format format;
    str body;
    /* The body is a read-only mapping of a file, from its first byte: pages that were read are given back
     * meanwhile. */
    bool body_is_mapped;
    const struct known *known;
    const struct lookups *lookups; /* NULL: none is loaded */
    /* Whose the rows are; NULL service.p: none are kept (dry run). */
    str service, provider;
    int32_t version;
    const char *spill_dir;
    /* Takes the packs of rows while the next ones are judged (take NULL: they are kept in judgement.copy). From the threads of the hands,
     * one after the other; no callback of `known` may use what it uses. */
    struct spill_sink rows_to;
    /* How many threads judge the rows, this one among them, where the part and the format let several do it (judge_hands());
     * 0: one, row after row. What is found is the same. And how many rows each takes at a time, 0: as is fastest. */
    unsigned hands, hand_rows;
    /* What is found is all that is wanted: no facts, no digests, no COPY. */
    bool findings_only;
    struct annotator *annotator; /* annotate.h alone sets it */
};

struct judgement {
    uint32_t rows;
    struct findings findings;
    unsigned nhs_majority; /* a bit for each column of pseudonyms: its ids are NHS numbers */
    /* Empty when there are errors. */
    str facts;         /* rows * part->fact_bytes; empty with findings_only, as are digests */
    str digests;       /* rows * struct row_digest */
    bool facts_mapped; /* facts and digests are mappings of files, whose pages may be given back */
    bool digests_mapped;
    struct spill facts_kept, digests_kept; /* what they point into */
    /* PostgreSQL's binary COPY of the rows in packs (row_pack.h). What was not handed on. */
    struct spill copy;
    /* The form as it was filled in, and where each of its cells stands; NULL for other parts. */
    struct national_sheet *national;
};

/* OK: the file was read and judged (it may still have errors: out->findings.errors). ERR_MALFORMED: it cannot
 * be read as CSV or JSON at all, fault says where (contract section 3 lists which faults). ERR_UNAVAILABLE:
 * the disk is full. */
enum err judge(const struct judge_input *in, struct fault *fault, struct judgement *out);
void judgement_free(struct judgement *j);
/* How many hands are worth their while for a body of that size on this machine. */
unsigned judge_hands(size_t body_bytes);

#endif
