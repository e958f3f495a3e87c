/* route: from a method and a raw path to the route of the table that serves it. Pure: no I/O, no threads. */
#ifndef QD_SERVER_ROUTE_H
#define QD_SERVER_ROUTE_H

#include "server/http.h"

bool method_parse(const char *name, enum method *out);

enum { PARAM_MAX_LENGTH = 64 };

struct router;

/* The table must outlive the router. A pattern that cannot be used (too many parameters, two routes that are the same) is a
 * mistake of the programmer: fault says which, and the result is NULL. */
struct router *router_new(const struct route *routes, size_t count, struct fault *fault);
void router_free(struct router *router);

struct match {
    const struct route *route;
    str path;               /* decoded */
    str params[PARAMS_MAX]; /* in the order of the pattern */
    unsigned
        methods; /* 1 << enum method of each method that the path knows; also set on METHOD_NOT_ALLOWED */
};

/* raw_path is as received, without the query. ERR_BAD_REQUEST for a path that no client should send, ERR_NOT_FOUND,
 * ERR_METHOD_NOT_ALLOWED. What is decoded goes into the arena. */
enum err router_match(const struct router *router, struct arena *arena, enum method method, str raw_path,
                      struct fault *fault, struct match *out);

/* "GET, HEAD, PUT" for the Allow header. */
str route_allow(struct arena *arena, unsigned methods);

#endif
