/* csv_write: fields as RFC 4180 wants them and as spreadsheets can safely open them: what we write goes back
 * in unchanged. */
#ifndef QD_RETURNS_CSV_WRITE_H
#define QD_RETURNS_CSV_WRITE_H

#include "base/buf.h"

/* Quoted when it has to be. `text`: the value is text that somebody typed, so that a leading = + - @ gets an
 * apostrophe, lest a spreadsheet runs it as a formula; numbers keep their minus. */
void csv_write_field(struct buf *out, str value, bool text);
void csv_write_end_row(struct buf *out); /* CRLF */

#endif
