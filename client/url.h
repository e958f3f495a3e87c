/* url: building addresses from pieces that may hold anything. */
#ifndef QD_CLIENT_URL_H
#define QD_CLIENT_URL_H

#include "base/buf.h"
#include "base/err.h"

/* https://host[:port][/path], without user, query and fragment; *out is without trailing slashes, within `text`. The
 * fault says what is wrong. */
enum err url_check(str text, struct fault *fault, str *out);
/* Does it lead to this machine? */
bool url_is_loopback(str url);

/* Adds "/" and the segment, escaped. A segment that is "." or ".." would be taken for a step up: it is escaped too. */
void url_add_segment(struct buf *b, const char *segment);
/* Adds "?name=value" or "&name=value"; nothing when value is NULL. The name is ours and plain. */
void url_add_query(struct buf *b, const char *name, const char *value);

#endif
