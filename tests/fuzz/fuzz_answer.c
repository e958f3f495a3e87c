/* fuzz_answer: what the client makes of a service's answers, which it does not trust: any JSON is shown without a control character. The
 * first byte chooses the view. */
#include <jansson.h>

#include "client/consequences_view.h"
#include "client/findings_view.h"
#include "client/receipt.h"
#include "client/value.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned choice;
    str s = chosen(data, size, &choice);
    json_t *answer = json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES, NULL);
    if (!answer) return 0;
    value_make_plain(answer); /* as client/http.c does */
    struct file f = {.path = "returns.csv", .type = "text/csv", .fd = -1, .part = part_find(STR("episodes"))};
    struct buf out = BUF_EMPTY;
    switch (choice % 3) {
    case 0: receipt_view(&out, &f, answer, false); break;
    case 1: refusal_view(&out, &f, answer); break;
    default: figure_text(&out, answer, choice & 4); break;
    }
    for (size_t i = 0; i < out.n; i++)
        must((unsigned char)out.p[i] >= 0x20 ? out.p[i] != 0x7f : out.p[i] == '\n');
    buf_free(&out);
    json_decref(answer);
    return 0;
}
