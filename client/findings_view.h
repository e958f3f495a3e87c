/* findings_view: errors and warnings as compilers write them: file:line:column: error CODE: message. The column is
 * the number of the field in its row (1 where the whole row is meant, or in JSON); its name begins the message. One
 * way of showing for what the service answers and for what `check` finds without it. */
#ifndef QD_CLIENT_FINDINGS_VIEW_H
#define QD_CLIENT_FINDINGS_VIEW_H

#include <jansson.h>

#include "client/file.h"

/* A line for each of the array, as the service and returns/findings_write.h write it. */
void findings_view(struct buf *out, const struct file *f, const json_t *findings);

#endif
