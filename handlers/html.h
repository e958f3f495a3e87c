/* html: text as HTML shows it. */
#ifndef QD_HANDLERS_HTML_H
#define QD_HANDLERS_HTML_H

#include "base/buf.h"

/* Escapes what HTML would read as its own. */
void html_text(struct buf *out, str text);
/* The same as paragraphs: an empty line ends one, a line's end breaks the line. */
void html_paragraphs(struct buf *out, str text);

#endif
