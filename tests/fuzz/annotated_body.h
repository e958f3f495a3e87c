/* annotated_body: what must hold of a file that is given back with its problems: read again it has the same rows, the same
 * errors and, where it is good, the same contents. */
#ifndef QD_TESTS_FUZZ_ANNOTATED_BODY_H
#define QD_TESTS_FUZZ_ANNOTATED_BODY_H

#include "returns/annotate.h"
#include "returns/findings.h"

static enum err add_annotated(void *context, const void *bytes, size_t n) {
    buf_add(context, bytes, n);
    return OK;
}

/* NULL when all holds, else what does not. */
static const char *compare_judgements(const struct judgement *a, const struct judgement *b) {
    const struct findings *x = &a->findings, *y = &b->findings;
    if (a->rows == 0) return b->rows <= 1 ? NULL : "a file without rows has rows";
    /* A header that names nothing lets no row be told from a blank one. */
    if (x->by_code[FINDING_MISSING_COLUMN]) return NULL;
    if (a->rows != b->rows) return "the number of rows";
    if (x->by_code[FINDING_WRONG_FIELD_COUNT]) return NULL; /* rows were filled up */
    for (int i = 0; i < FINDING_CODE_COUNT; i++)
        if (finding_code_severity((enum finding_code)i) == SEVERITY_ERROR && x->by_code[i] != y->by_code[i])
            return finding_code_name((enum finding_code)i);
    if (x->errors != y->errors) return "the number of errors";
    if (a->digests.n != b->digests.n ||
        (a->digests.n && memcmp(a->digests.p, b->digests.p, a->digests.n) != 0))
        return "the contents";
    return NULL;
}

/* Judges, gives back, judges again. *out is the file given back; untouched where the body cannot be read. */
static const char *annotate_and_compare(const struct judge_input *in, struct buf *out) {
    struct judgement first, second;
    struct fault fault = {.err = OK};
    struct spill spill;
    if (judge(in, &fault, &first) != OK) return NULL;
    const char *wrong = annotate(in, &first, &fault, &spill) == OK ? NULL : "it cannot be given back";
    if (!wrong) spill_read(&spill, add_annotated, out);
    spill_free(&spill);
    struct judge_input again = *in;
    again.body = buf_str(out);
    again.body_is_mapped = false;
    if (!wrong && !str_is_utf8(again.body, NULL)) wrong = "it is not UTF-8";
    if (!wrong && judge(&again, &fault, &second) == OK) {
        wrong = compare_judgements(&first, &second);
        judgement_free(&second);
    } else if (!wrong && !strstr(fault.detail, "more than")) {
        wrong = "it cannot be read again";
    }
    judgement_free(&first);
    return wrong;
}

#endif
