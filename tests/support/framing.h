/* framing: requests that two HTTP parsers might read differently, as tables of bytes; what must come of each is written beside it. Own
 * work after RFC 9112, 9110 and the shapes that are known from desync attacks.
 *
 * Each is sent with FRAMING_VICTIM behind it in the same write. What hides in a body or behind a second reading has FRAMING_SMUGGLED. */
#ifndef QD_TESTS_FRAMING_H
#define QD_TESTS_FRAMING_H

#include "base/buf.h"

#define FRAMING_SMUGGLED "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Correlation-ID: smuggled\r\n\r\n"
#define FRAMING_VICTIM                                                                                       \
    "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Correlation-ID: victim\r\nConnection: close\r\n\r\n"

enum framing_end {
    CLOSES,  /* refused in words; what follows is not answered, the connection ends */
    SILENT,  /* the library ends the connection without a word */
    GOES_ON, /* has an answer, and so has the victim, and nothing else */
    WAITS,   /* takes what follows for its own, and is ended by the deadline */
};

struct framing {
    str bytes;
    enum framing_end end;
    int status;       /* of GOES_ON; 0: any */
    const char *lets; /* residual: what libmicrohttpd 0.9.75 forgives and does not let us see, or NULL */
};

enum { FRAMING_TABLES = 6 };
struct framing_table {
    const char *name;
    const char *before; /* bytes before each; the bytes of the row; then these behind it */
    const char *after;
    const struct framing *rows;
    size_t count;
};
extern const struct framing_table framing_tables[FRAMING_TABLES];

/* Lines that are, look like, or hide a Transfer-Encoding. */
struct framing_coding {
    str lines;       /* with the last CRLF */
    bool is_chunked; /* a form of `Transfer-Encoding: chunked` that every parser reads so */
};
extern const struct framing_coding framing_codings[];
extern const size_t framing_coding_count;

/* In how many ways a coding is put beside a Content-Length. */
enum { FRAMING_WAYS = 4 };
/* False where that way says nothing about this coding. All others must end as CLOSES. */
bool framing_write(const struct framing_coding *coding, int way, struct buf *out);

#endif
