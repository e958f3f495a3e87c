/* framework_preview_row: one figure under two versions of a framework, as the preview tells it: only where something of it differs. */
#ifndef QD_HANDLERS_FRAMEWORK_PREVIEW_ROW_H
#define QD_HANDLERS_FRAMEWORK_PREVIEW_ROW_H

#include "base/json.h"
#include "kpi/figures.h"

/* kpi NULL: that version has no such figure. */
struct preview_side {
    const struct kpi *kpi;
    const struct figure *figure;
};

struct preview_row {
    int16_t period;
    const char *view;     /* QUARTER or YEAR_TO_DATE */
    str provider;         /* whose it is; .p NULL: all of them */
    uint32_t authority;   /* as in facts; 0: all */
    const char *by, *key; /* the member of a breakdown; NULL: of none */
    struct preview_side before, after;
};

/* An object into the open array, or nothing where both sides say the same, or neither says anything. */
void preview_row_write(struct json *j, const struct preview_row *row);

#endif
