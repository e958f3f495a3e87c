/* layout: sees in libmicrohttpd's memory what its parser has swallowed, and keeps from it what it would choke on. */
#ifndef QD_SERVER_LAYOUT_H
#define QD_SERVER_LAYOUT_H

#include "server/http.h"

/* libmicrohttpd 0.9.75 parses a request header in place: it writes NULs over the line ends and separators and hands out
 * pointers between them. So what stood between two fields can still be measured. Anything but exactly CRLF between lines, one
 * space around the target, a colon and blanks before a value is garbled: a bare LF, a NUL inside a line, a folded line, a field
 * without a name. All of them are shapes that another parser in front of us may read differently; the last one even ends the
 * header here, so that the fields behind it become the next request.
 *
 * Only for a version of the library whose layout is known: layout_is_known(). */
struct layout {
    const char *method;
    size_t length; /* of the whole header, from the method to the end of the empty line */
    const char *url;
    size_t target_length; /* before it was decoded in place */
    const char *version;
};

bool layout_is_garbled(const struct layout *l, const struct pair *headers, size_t count);
bool layout_is_known(const char *library_version);

/* Ends the query behind its '?', so that the library finds no parameters: each would take a record of its connection's pool, and where that
 * runs out (some 480 of them) 0.9.75 neither answers nor closes. For the callback that is shown the target as it came, before the
 * library takes it apart; nobody else reads parameters there, ours are read from the copy (server/query.h). */
void layout_hide_query(const char *target);

#endif
