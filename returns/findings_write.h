/* findings_write: errors and warnings of an upload as JSON and as CSV; the service answers with it, and so does
 * `quarterday check` without one. */
#ifndef QD_RETURNS_FINDINGS_WRITE_H
#define QD_RETURNS_FINDINGS_WRITE_H

#include "base/json.h"
#include "returns/finding.h"

/* [{"row","line","column","code","severity","detail","fix"}]; only warnings when warnings_only. */
void findings_write_json(struct json *j, const struct findings *f, bool warnings_only);
/* [{"code","column","severity","count","firstRow"}] with exact counts: errors first, then the most frequent. */
void findings_write_summary(struct json *j, const struct findings *f);
/* The members of a refusal: rows, errorCount, warningCount, suppressedCount, summary, truncated, errors (all findings). */
void findings_write_members(struct json *j, const struct findings *f, uint32_t rows);
/* The same list as CSV with its header, CRLF, formula-safe. */
void findings_write_csv(struct buf *out, const struct findings *f);

#endif
