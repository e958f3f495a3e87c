/* findings: collecting. Kept are the first FINDINGS_KEPT by (row, order), in whatever order they come; the
 * others only count. */
#ifndef QD_RETURNS_FINDINGS_H
#define QD_RETURNS_FINDINGS_H

#include "returns/finding.h"

/* Counts the finding and, when it belongs to those kept, makes room for it in its place; the last falls out
 * when there are too many. The pointer holds until the next call; detail and fix are still to be written,
 * into f->arena. */
struct finding *findings_add(struct findings *f, const struct finding *what);
/* Counts `more` findings like `what`, which get no words: their rows come after what->row. */
void findings_count(struct findings *f, const struct finding *what, uint64_t more);
/* Adds those of the rows that follow, with copies of their words, and empties `later`. */
void findings_join(struct findings *f, struct findings *later);
/* Forgets the words of those kept, so that the next rows find room; the counts stay. */
void findings_forget_words(struct findings *f);
enum severity finding_code_severity(enum finding_code c);

#endif
