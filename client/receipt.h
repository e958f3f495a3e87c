/* receipt: what an upload answered, in words. */
#ifndef QD_CLIENT_RECEIPT_H
#define QD_CLIENT_RECEIPT_H

#include <jansson.h>

#include "client/file.h"

void receipt_view(struct buf *out, const struct file *f, const json_t *receipt, bool colour);
/* A refusal with its list: counts, then the findings. */
void refusal_view(struct buf *out, const struct file *f, const json_t *problem);
/* "52.87 %", "1,233" or "-": a figure of a KPI; the unit when it is known, else told by the denominator. */
void figure_text(struct buf *out, const json_t *figure, bool is_percent);

#endif
