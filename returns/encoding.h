/* encoding: what a body's bytes are. The readers behind it see only well-formed UTF-8 without NUL and without
 * BOM. Other encodings are named and refused; reading them (UTF-16 with BOM, Windows-1252 with a warning) is
 * to be added in encoding_open() and nowhere else: it would hand the readers a converted body. */
#ifndef QD_RETURNS_ENCODING_H
#define QD_RETURNS_ENCODING_H

#include "base/err.h"
#include "returns/body.h"

/* *out is the text without its BOM. ERR_MALFORMED: empty, NUL, not UTF-8. */
enum err encoding_open(str body, struct body_window *window, struct fault *fault, str *out);

/* The line on which an offset of a text lies: 1 is the first; CRLF, LF and CR each end one. The offset is not
 * that of the LF of a CRLF. */
uint32_t line_of(str text, size_t offset);
/* Line ends within a text. */
uint32_t count_line_ends(str text);

#endif
