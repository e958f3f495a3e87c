/* err: every way in which a request or a command can fail, in one list: name, HTTP status, title.
 * The name is the `code` of the problem document and its page /problems/<code>; handlers return one of these and put
 * what is wrong, and what to do, into the fault. Row errors of an upload are another list: returns/finding.h. */
#ifndef QD_BASE_ERR_H
#define QD_BASE_ERR_H

#include "base/str.h"

/* clang-format off */
#define ERR_LIST(X)                                                                                         \
    X(BAD_REQUEST,            400, "The request cannot be understood")                                      \
    X(MALFORMED,              400, "The body cannot be read as CSV or JSON")                                \
    X(UNKNOWN_PARAMETER,      400, "The query has an unknown parameter")                                    \
    X(BAD_PARAMETER,          400, "A parameter has a value that cannot be used")                           \
    X(UNAUTHENTICATED,        401, "A valid key is needed")                                                 \
    X(FORBIDDEN,              403, "This key may not do that")                                              \
    X(NOT_FOUND,              404, "There is no such thing")                                                \
    X(METHOD_NOT_ALLOWED,     405, "The resource does not know this method")                                \
    X(NOT_ACCEPTABLE,         406, "No representation fits the Accept header")                              \
    X(REQUEST_TIMEOUT,        408, "The request took too long to arrive")                                   \
    X(CONFLICT,               409, "The state of the resource does not allow that")                         \
    X(PERIOD_LOCKED,          409, "The period is locked")                                                  \
    X(PARTS_MISSING,          409, "Expected parts are missing")                                            \
    X(REQUEST_IN_PROGRESS,    409, "The same request is being worked on")                                   \
    X(LENGTH_REQUIRED,        411, "The length of the body must be declared")                               \
    X(STALE,                  412, "The version has changed since you read it")                             \
    X(BODY_TOO_LARGE,         413, "The body is too large")                                                 \
    X(URI_TOO_LONG,           414, "The address is too long")                                               \
    X(UNSUPPORTED_MEDIA_TYPE, 415, "The content type or encoding cannot be read")                           \
    X(EXPECTATION_FAILED,     417, "The Expect header cannot be met")                                       \
    X(INVALID,                422, "The content has errors")                                                \
    X(MISSING_VALUE,          422, "A required value is missing")                                           \
    X(IDEMPOTENCY_KEY_REUSED, 422, "The Idempotency-Key belongs to another request")                        \
    X(PRECONDITION_REQUIRED,  428, "The If-Match header is needed")                                         \
    X(TOO_MANY_REQUESTS,      429, "Too many requests")                                                     \
    X(HEADERS_TOO_LARGE,      431, "The header fields are too large")                                       \
    X(INTERNAL,               500, "Something failed on our side")                                          \
    X(NOT_IMPLEMENTED,        501, "The method is not known")                                               \
    X(UNAVAILABLE,            503, "The service cannot answer just now")                                    \
    X(READ_ONLY,              503, "This instance only reads")                                              \
    X(NOT_YET,                503, "The figures do not go as far as asked for")                             \
    X(HTTP_VERSION,           505, "The HTTP version is not known")
/* clang-format on */

enum err {
    OK = 0,
#define X(name, status, title) ERR_##name,
    ERR_LIST(X)
#undef X
        ERR_COUNT
};

struct err_info {
    const char *code; /* "PERIOD_LOCKED" */
    int status;
    const char *title;
};
const struct err_info *err_info(enum err e);

/* What goes into the problem document's detail, for the person who reads it. Filled once, where the failure is known. */
struct fault {
    enum err err;
    char detail[600];
};

/* Sets f (when given) and returns e, so that a function can end in: return fail(f, ERR_NOT_FOUND, "No provider %s", x); */
enum err fail(struct fault *f, enum err e, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
