#include "kpi/national_compare.h"

static void note_cell(struct national_difference *d, int64_t difference) {
    d->cells++;
    d->differing += difference != 0;
    d->difference += difference;
}

void national_compare(const struct framework *f, const struct held *own, const struct book *book,
                      int16_t period, int32_t as_at, struct national_comparison *out) {
    national_return_begin(period, &out->own);
    national_return_begin(period, &out->derived);
    national_return_add_cells(own, &out->own);
    national_return_add(f, book, as_at, 0, &out->derived);
    out->all = (struct national_difference){0};
    memset(out->parts, 0, sizeof out->parts);
    const struct national_form *form = &out->own.form;
    for (int c = 0; c < form->cell_count; c++) {
        if (!national_cell_is_compared(form, c)) continue;
        int64_t difference = national_cell_difference(out, c);
        note_cell(&out->all, difference);
        note_cell(&out->parts[national_row_of(form, c)->part], difference);
    }
}
