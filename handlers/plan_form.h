/* plan_form: an action plan as the form that it comes from: the layout and the words of seed 003, on one page of A4. */
#ifndef QD_HANDLERS_PLAN_FORM_H
#define QD_HANDLERS_PLAN_FORM_H

#include "handlers/plan_write.h"

/* One style element, allowed by its digest, as of the documentation (handlers/docs_page.h). */
#define PLAN_FORM_CSP                                                                                        \
    "default-src 'none'; style-src 'sha256-" PLAN_FORM_STYLE_SHA256                                          \
    "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define PLAN_FORM_STYLE_SHA256 "jAp4LZE3kYLk92C0f2EqS/jC6kALdffbevAbBlSJHc0="

void plan_form_write(struct buf *out, const struct plan_words *w);

/* The size of type, in tenths of a point, at which `lines` paragraphs of `chars` characters together fit the page: 100 for a short plan, 90
 * for the example of the seed, down to 40, at which some 20,000 letters fit and beyond which nobody could read it. */
int plan_form_type(size_t chars, size_t lines);

#endif
