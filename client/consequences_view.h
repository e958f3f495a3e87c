/* consequences_view: what a version does to the service beyond its figures, in words: statuses, completeness, payment, plans. */
#ifndef QD_CLIENT_CONSEQUENCES_VIEW_H
#define QD_CLIENT_CONSEQUENCES_VIEW_H

#include <jansson.h>

#include "base/buf.h"

/* Of the receipt's member `consequences`; nothing where it is null (the same bytes again). */
void consequences_view(struct buf *out, const json_t *consequences, bool colour);

#endif
