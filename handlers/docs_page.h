/* docs_page: the API reference and the pages of the problem codes, as plain HTML without script, made from the embedded OpenAPI
 * document and docs/errors.md, so that neither can disagree with its source. */
#ifndef QD_HANDLERS_DOCS_PAGE_H
#define QD_HANDLERS_DOCS_PAGE_H

#include "base/buf.h"

/* One style element, allowed by its digest; no script, no image, nothing from elsewhere. */
#define DOCS_PAGE_CSP                                                                                        \
    "default-src 'none'; style-src 'sha256-" DOCS_PAGE_STYLE_SHA256                                          \
    "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define DOCS_PAGE_STYLE_SHA256 "4C+1HX5ll2NCqzioVxGSiyKH41Mfyx3tt2fWP/hpvyw="

str docs_openapi(void); /* STR_NONE when not built in */
bool docs_write_reference(struct buf *out);
/* slug: "period-locked" or "PERIOD_LOCKED"; false when there is no such code. */
bool docs_write_problem(struct buf *out, str slug);

#endif
