/* annotator: writes the annotated file (annotate.h) while read_csv reads the rows. Nobody outside returns/ includes this. */
#ifndef QD_RETURNS_ANNOTATOR_H
#define QD_RETURNS_ANNOTATOR_H

#include "returns/judging.h"

struct annotator {
    const struct judgement
        *judged; /* by the first pass: knows the header's findings and whether ids are NHS numbers */
    struct spill *out;
    struct buf line, problems;
    char separator;
    size_t fields;    /* of the header, without a last column `problems` */
    bool has_old;     /* there is one already, at that place */
    bool header_told; /* the header's findings have been written */
};

/* The text of a row is what stands in the file, with or without its line end. `count`: names of the header. */
void annotator_header(struct annotator *a, str row, const str *names, size_t count, char separator);
/* After the row was judged, or could not be: takes its findings out of the judgement. */
void annotator_row(struct annotator *a, struct judging *j, str row, bool judged);
/* A file without rows whose header has findings gets one to hold them. */
void annotator_end(struct annotator *a);

#endif
