/* fuzz_encoding: UTF-16 and Windows-1252 become the UTF-8 that iconv makes of them, and what iconv refuses is refused. The first byte
 * chooses which. */
#include <iconv.h>

#include "returns/encoding.h"
#include "returns/spill.h"
#include "returns/transcode.h"
#include "tests/fuzz/target.h"

/* False: iconv refuses it. */
static bool by_iconv(const char *from, str in, struct buf *out) {
    iconv_t c = iconv_open("UTF-8", from);
    must(c != (iconv_t)-1);
    buf_reserve(out, in.n * 3 + 1);
    char *p = (char *)(uintptr_t)in.p, *to = out->p;
    size_t left = in.n, room = in.n * 3 + 1;
    bool good = iconv(c, &p, &left, &to, &room) != (size_t)-1 && left == 0;
    out->n = (size_t)(to - out->p);
    iconv_close(c);
    return good;
}

static enum err add(void *context, const void *bytes, size_t n) {
    buf_add(context, bytes, n);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const NAMES[] = {"UTF-16LE", "UTF-16BE", "WINDOWS-1252"};
    unsigned choice;
    str in = chosen(data, size, &choice);
    unsigned which = choice % 3;
    struct spill spill;
    struct body_window window;
    struct buf ours = BUF_EMPTY, theirs = BUF_EMPTY;
    size_t at = 0;
    spill_begin(&spill, "/tmp");
    body_window_begin(&window, in, false);
    enum transcode_stop stop = which == 2 ? transcode_1252(in, &window, &spill, &at)
                                          : transcode_utf16(in, which == 1, &window, &spill, &at);
    bool good = by_iconv(NAMES[which], in, &theirs);
    bool has_nul = theirs.n && memchr(theirs.p, 0, theirs.n);
    if (stop == TRANSCODE_DONE) {
        must(good && !has_nul);
        must(spill_read(&spill, add, &ours) == OK);
        must(str_eq(buf_str(&ours), buf_str(&theirs)));
        if (which == 2) must(transcode_1252_bytes(in) == theirs.n);
    } else {
        must(at <= in.n);
        must(stop == TRANSCODE_NUL ? has_nul || !good : !good || has_nul);
    }
    buf_free(&ours);
    buf_free(&theirs);
    spill_free(&spill);
    return 0;
}
