/* chromium: prints a page as a reader's browser does, and says on how many pages it came. */
#ifndef QD_TESTS_CHROMIUM_H
#define QD_TESTS_CHROMIUM_H

#include "base/str.h"

/* What `chromium --print-to-pdf` makes of the page, by pdfinfo: the number of pages, A4 in *out_a4. folder: private, for files that are gone
 * afterwards. -1: chromium or pdfinfo is not installed; 0: they failed, and said why on standard error. */
int chromium_pages(str html, const char *folder, bool *out_a4);

#endif
