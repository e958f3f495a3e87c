/* The file that is given back with its problems: read again it has the same rows. The first byte as in fuzz_csv. */
#include "tests/fuzz/annotated_body.h"
#include "tests/fuzz/judged_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct judge_input in = any_input(FORMAT_CSV, data, size);
    struct buf text = BUF_EMPTY;
    demand(annotate_and_compare(&in, &text) == NULL);
    buf_free(&text);
    return 0;
}
