/* judged: judges small bodies for tests and says what was found as one line of text, so that a case is a row
 * of a table.
 *
 * The period is 2025-26-Q2 (July to September 2025), today is 2026-02-20. Of other returns of the provider
 * are known: EARLIER (2025-26-Q1, quit 2025-05-01), HERE (2025-26-Q2, quit 2025-07-14), LATER (2025-26-Q3),
 * REMOVED. */
#ifndef QD_TESTS_JUDGED_H
#define QD_TESTS_JUDGED_H

#include "returns/judge.h"

struct judged {
    enum err err;
    struct fault fault;
    struct judgement judgement; /* when err is OK */
    struct buf found; /* "1:quitDate:BAD_DATE ~2:-:UNKNOWN_COLUMN": row, column, code; ~ before warnings */
};

/* Everything a test may want to change before judged_input(). */
struct judge_input judged_defaults(const char *part, enum body_format format, str body);
void judged_input(struct judged *out, const struct judge_input *in);
void judged_text(struct judged *out, const char *part, enum body_format format, str body);
void judged_csv(struct judged *out, const char *part, const char *body);
void judged_json(struct judged *out, const char *part, const char *body);
/* One good row in which `changes` ("quitDate=2025-07-01|-gender|outcome4w=1") replace, add or take out
 * columns. */
void judged_row(struct judged *out, const char *part, enum body_format format, const char *changes);
void judged_free(struct judged *j);
/* What was found, as a C string. */
const char *judged_found(struct judged *j);
/* The first finding of that code, or NULL. */
const struct finding *judged_first(const struct judged *j, enum finding_code code);

/* The line that a fault begins with ("Line 3: ..."), or 0. */
unsigned fault_line(const struct fault *f);

/* The body of judged_row(). */
void judged_body(struct buf *out, const char *part, enum body_format format, const char *changes);
/* All bytes of the COPY stream. */
void judged_copy(struct judged *j, struct buf *out);

#endif
