/* transcode: UTF-16 and Windows-1252 to UTF-8, piece by piece into a spill, so that a large file passes
 * through a few KiB of memory. Line ends stay line ends and no character is lost: lines and cells of the
 * result are those of the file. */
#ifndef QD_RETURNS_TRANSCODE_H
#define QD_RETURNS_TRANSCODE_H

#include "returns/body.h"
#include "returns/spill.h"

enum transcode_stop {
    TRANSCODE_DONE,
    TRANSCODE_NUL,
    TRANSCODE_UNASSIGNED, /* Windows-1252: 0x81 0x8D 0x8F 0x90 0x9D */
    TRANSCODE_SURROGATE,  /* UTF-16: half a character */
    TRANSCODE_CUT_SHORT,  /* UTF-16: an odd byte at the end */
};

/* All of `in`, without its BOM. On another stop than TRANSCODE_DONE *out_at is the offset in `in` of what
 * stopped it. */
enum transcode_stop transcode_utf16(str in, bool big_endian, struct body_window *window, struct spill *out,
                                    size_t *out_at);
enum transcode_stop transcode_1252(str in, struct body_window *window, struct spill *out, size_t *out_at);
/* How many bytes of UTF-8 the Windows-1252 bytes become. */
size_t transcode_1252_bytes(str in);

/* The line in UTF-16 text on which an offset lies, as line_of() tells it of UTF-8. */
uint32_t utf16_line_of(str in, bool big_endian, size_t offset);

#endif
