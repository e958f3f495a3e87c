#include "returns/annotate.h"

#include "returns/annotator.h"

enum err annotate(const struct judge_input *in, const struct judgement *judged, struct fault *fault,
                  struct spill *out) {
    struct annotator a = {.judged = judged, .out = out, .line = BUF_EMPTY, .problems = BUF_EMPTY};
    struct judge_input again = *in;
    struct judgement ignored;
    spill_begin(out, in->spill_dir);
    again.service = STR_NONE;
    again.annotator = &a;
    enum err e = judge(&again, fault, &ignored);
    if (e == OK) {
        annotator_end(&a);
        judgement_free(&ignored);
    }
    if (e == OK && out->failed)
        e = fail(fault, ERR_UNAVAILABLE,
                 "There is no room left to give back a file of this size. Try again later.");
    buf_free(&a.line);
    buf_free(&a.problems);
    return e;
}
