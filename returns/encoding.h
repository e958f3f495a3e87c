/* encoding: what a body's bytes are. The readers behind it see only well-formed UTF-8 without NUL and without
 * BOM. CSV may also be UTF-16 with a BOM, or Windows-1252, which has no mark of its own: whatever is not UTF-8
 * is read so, as a whole, and the reader warns of it in the first cell that told (assumed_at). JSON is UTF-8. */
#ifndef QD_RETURNS_ENCODING_H
#define QD_RETURNS_ENCODING_H

#include "returns/body.h"
#include "returns/judge.h"

struct encoded {
    str text; /* the whole, as UTF-8 */
    /* What the text lies in, for the body window: the body itself or what it was decoded to. */
    str base;
    bool base_is_mapped;
    const char *assumed_at; /* the first character that is not UTF-8 in the body; NULL: there is none */
    uint32_t mixed_line;    /* of an earlier character that is UTF-8 and was read as Windows-1252 too; or 0 */
    struct spill decoded;
};

/* ERR_MALFORMED: empty, NUL, in no encoding that can be read. ERR_UNAVAILABLE: the disk is full. To be closed
 * also after an error. */
enum err encoding_open(const struct judge_input *in, struct body_window *window, struct fault *fault,
                       struct encoded *out);
void encoding_close(struct encoded *e);

/* By its BOM. */
bool encoding_is_utf16(str body);

/* The line on which an offset of a text lies: 1 is the first; CRLF, LF and CR each end one. The offset is not
 * that of the LF of a CRLF. */
uint32_t line_of(str text, size_t offset);
/* Line ends within a text. */
uint32_t count_line_ends(str text);

#endif
