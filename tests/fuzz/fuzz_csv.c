/* The CSV reader and the judge behind it. The first byte chooses the part, the period and what is
 * known; the rest is the body. */
#include "tests/fuzz/judged_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return judge_any_body(FORMAT_CSV, data, size);
}
