/* guard: refuses the requests that libmicrohttpd 0.9.75 lets through although two HTTP parsers could read them differently
 * (security.md, section 3). A pure function over what was received, so that tests and the fuzzer reach every line. */
#ifndef QD_SERVER_GUARD_H
#define QD_SERVER_GUARD_H

#include "server/http.h"

enum { GUARD_TARGET_MAX = 8192, GUARD_HEADERS_MAX = 100, GUARD_HEADER_BYTES_MAX = 16 * 1024 };

struct guard_input {
    const char *method, *version;
    str target;                 /* as received: path and query, not decoded */
    const struct pair *headers; /* as received: values keep their trailing spaces */
    size_t header_count;
    str hosts;    /* names that Host may have, with commas between; nothing: any */
    bool garbled; /* the bytes between the header fields are not what an honest client sends: layout.h */
};

struct guard_facts {
    enum method method; /* METHOD_COUNT when unknown */
    bool close;         /* where this request ends is in doubt: answer at once and close */
    bool chunked;       /* the body comes in chunks */
    uint64_t length;    /* declared Content-Length, 0 when there is none */
    bool expects_continue;
    bool trusted_headers; /* the header fields may be read: their syntax is sound */
};

/* facts are filled as far as they are known, whatever the result. */
enum err guard_check(const struct guard_input *in, struct fault *fault, struct guard_facts *facts);

static inline bool guard_has_body(const struct guard_facts *facts) {
    return facts->chunked || facts->length > 0;
}

#endif
