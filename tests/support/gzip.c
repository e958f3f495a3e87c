#include "tests/support/gzip.h"

#include <zlib.h>

void gzip_add(struct buf *out, str text) {
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return;
    size_t most = deflateBound(&z, text.n) + 32;
    buf_reserve(out, most);
    z.next_in = (Bytef *)(uintptr_t)text.p;
    z.avail_in = (uInt)text.n;
    z.next_out = (Bytef *)out->p + out->n;
    z.avail_out = (uInt)most;
    deflate(&z, Z_FINISH);
    out->n += most - z.avail_out;
    deflateEnd(&z);
}
