/* fuzz_inflate: bodies sent as gzip. The first byte chooses: the bytes as they are, held against zlib's own gunzip in one go; or the bytes
 * compressed, also as several members, which must come back. */
#include <zlib.h>

#include "server/inflate.h"
#include "tests/fuzz/target.h"

enum { CAP = 1 << 22, RATIO = 1000 };

static void add_member(struct buf *out, str text) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)text.p, .avail_in = (uInt)text.n};
    must(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    size_t room = deflateBound(&z, (uLong)text.n) + 32;
    buf_reserve(out, room);
    z.next_out = (Bytef *)out->p + out->n;
    z.avail_out = (uInt)room;
    must(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out->n += z.total_out;
    deflateEnd(&z);
}

/* One member after the other, each in one call. False: it is no gzip, or larger than we ask for. */
static bool by_zlib(str in, struct buf *out) {
    buf_reserve(out, CAP + 1);
    do {
        z_stream z = {.next_in = (Bytef *)(uintptr_t)in.p, .avail_in = (uInt)in.n};
        must(inflateInit2(&z, 16 + MAX_WBITS) == Z_OK);
        z.next_out = (Bytef *)out->p + out->n;
        z.avail_out = (uInt)(CAP + 1 - out->n);
        int said = inflate(&z, Z_FINISH);
        out->n += z.total_out;
        in = str_sub(in, in.n - z.avail_in, in.n);
        inflateEnd(&z);
        if (said != Z_STREAM_END) return false;
    } while (in.n);
    return out->n <= CAP;
}

static bool by_us(str in, struct buf *out) {
    struct spool spool;
    struct fault fault = {.err = OK};
    str text;
    spool_begin(&spool, "/tmp", CAP);
    enum err e = inflate_body(in, RATIO, &spool, &fault);
    must(fault.err == e);
    if (e == OK) {
        must(spool_view(&spool, &fault, &text) == OK);
        buf_add_str(out, text);
    } else must(fault.detail[0] != '\0');
    spool_free(&spool);
    return e == OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned choice;
    str s = chosen(data, size, &choice);
    struct buf packed = BUF_EMPTY, ours = BUF_EMPTY, theirs = BUF_EMPTY;
    if (choice % 2) {
        size_t half = choice & 2 ? s.n / 2 : s.n;
        add_member(&packed, str_sub(s, 0, half));
        if (half < s.n) add_member(&packed, str_sub(s, half, s.n));
        must(by_us(buf_str(&packed), &ours) && str_eq(buf_str(&ours), s));
    } else {
        bool theirs_good = by_zlib(s, &theirs), ours_good = by_us(s, &ours);
        must(ours_good == theirs_good);
        if (ours_good) must(str_eq(buf_str(&ours), buf_str(&theirs)));
    }
    buf_free(&packed);
    buf_free(&ours);
    buf_free(&theirs);
    return 0;
}
