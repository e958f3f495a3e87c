/* text: what goes to the terminal. Results go to standard output, everything said beside them to standard error. What
 * came from a file or from the service is shown without control characters: nobody's data moves our cursor. */
#ifndef QD_CLIENT_TEXT_H
#define QD_CLIENT_TEXT_H

#include <stdio.h>

#include "base/buf.h"

enum { EXIT_FINE = 0, EXIT_REFUSED = 1, EXIT_NOT_ASKED = 2, EXIT_INTERRUPTED = 130 };

/* The text with every control character (C0, DEL, C1) as '?'; what is not UTF-8 too. */
void text_add_plain(struct buf *out, str s);
void text_print_plain(FILE *to, str s);
/* How many places it takes in a terminal: one for each character. */
size_t text_width(str s);

/* "quarterday submit: ..." on standard error. */
void text_say(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Has standard output colours? A terminal, no NO_COLOR, no TERM=dumb. */
bool text_has_colour(void);
/* "GREEN" in green and so on; plain where there is no colour. Padded to `width`. */
void text_add_rag(struct buf *out, str rag, size_t width, bool colour);
/* Writes and forgets; false when standard output does not take it. */
bool text_put(struct buf *b);

#endif
