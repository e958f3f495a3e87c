/* route: patterns are cut into segments once; a request's path is cut once and compared with each pattern of the same
 * number of segments. A few dozen routes need nothing cleverer.
 *
 * Surprise: a percent-encoded letter, digit, '-', '.', '_' or '~' is the same as the plain one (RFC 3986, 6.2.2.2) and is
 * decoded; every other escape is refused, since nothing that we serve has such a name. */
#include "server/route.h"

#include <stdlib.h>

#include "server/percent.h"

enum { SEGMENTS_MAX = 12 };

struct pattern {
    const struct route *route;
    str segments[SEGMENTS_MAX]; /* "{name}" or a literal */
    size_t count;
    unsigned literals; /* one bit per literal segment, the first segment highest: the larger fits closer */
};

struct router {
    size_t count;
    struct pattern patterns[];
};

static bool is_parameter(str segment) {
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

/* Cuts "/a/b" into a, b; "/" is one empty segment. False when there are too many. */
static bool cut_path(str path, str segments[SEGMENTS_MAX], size_t *out_count) {
    if (!path.n || path.p[0] != '/') return false;
    str rest = str_sub(path, 1, path.n);
    size_t n = 0;
    do {
        if (n == SEGMENTS_MAX) return false;
        segments[n++] = str_cut(&rest, '/');
    } while (rest.p);
    *out_count = n;
    return true;
}

static bool compile(struct pattern *p, const struct route *route) {
    *p = (struct pattern){.route = route};
    size_t params = 0;
    if (!route->pattern || !route->handle || route->method >= METHOD_COUNT) return false;
    if (!cut_path(str_of(route->pattern), p->segments, &p->count)) return false;
    for (size_t i = 0; i < p->count; i++) {
        if (is_parameter(p->segments[i])) params++;
        else p->literals |= 1u << (SEGMENTS_MAX - i);
    }
    return params <= PARAMS_MAX;
}

/* Two routes that would match the same paths by the same method. */
static bool collide(const struct pattern *a, const struct pattern *b) {
    if (a->route->method != b->route->method || a->count != b->count || a->literals != b->literals)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!is_parameter(a->segments[i]) && !str_eq(a->segments[i], b->segments[i])) return false;
    return true;
}

struct router *router_new(const struct route *routes, size_t count, struct fault *fault) {
    struct router *router = must_calloc(1, sizeof *router + count * sizeof router->patterns[0]);
    for (size_t i = 0; i < count; i++, router->count++) {
        struct pattern *p = &router->patterns[i];
        bool good = compile(p, &routes[i]);
        for (size_t k = 0; good && k < i; k++)
            good = !collide(p, &router->patterns[k]);
        if (good) continue;
        fail(
            fault, ERR_INTERNAL,
            "Route %s (%s) cannot be used: it is the same as another, or has too many segments or parameters",
            routes[i].name ? routes[i].name : "?", routes[i].pattern ? routes[i].pattern : "?");
        router_free(router);
        return NULL;
    }
    return router;
}

void router_free(struct router *router) {
    free(router);
}

static bool is_unreserved(char c) {
    return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static enum err decode_path(struct arena *arena, str raw, struct fault *fault, str *out) {
    if (str_find(raw, '%') == raw.n) {
        *out = raw;
        return OK;
    }
    char *plain = arena_alloc(arena, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            if (!percent_decode(raw, i, &c))
                return fail(fault, ERR_BAD_REQUEST,
                            "The path has a %% that is not followed by two hex digits");
            if (!is_unreserved(c))
                return fail(fault, ERR_BAD_REQUEST,
                            "The path has an escape that no resource here has in its name");
            i += 2;
        }
        plain[n++] = c;
    }
    *out = (str){plain, n};
    return OK;
}

static bool is_parameter_value(str s) {
    if (!s.n || s.n > PARAM_MAX_LENGTH) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-') return false;
    return true;
}

static bool is_literal(const struct pattern *p, size_t i) {
    return p->literals >> (SEGMENTS_MAX - i) & 1;
}

/* From the last one: nearly all patterns have the same first. */
static bool literals_fit(const struct pattern *p, const str *segments) {
    for (size_t i = p->count; i-- > 0;) {
        if (!is_literal(p, i)) continue;
        str own = p->segments[i];
        if (own.n != segments[i].n || !bytes_same(own.p, segments[i].p, own.n)) return false;
    }
    return true;
}

static bool fits(const struct pattern *p, const str *segments, size_t count) {
    if (p->count != count || !literals_fit(p, segments)) return false;
    for (size_t i = 0; i < count; i++)
        if (!is_literal(p, i) && !is_parameter_value(segments[i])) return false;
    return true;
}

static bool serves(const struct route *route, enum method method) {
    return route->method == method || (method == METHOD_HEAD && route->method == METHOD_GET);
}

static unsigned methods_of(const struct route *route) {
    unsigned bits = 1u << route->method;
    return route->method == METHOD_GET ? bits | 1u << METHOD_HEAD : bits;
}

static void take_params(const struct pattern *p, const str *segments, struct match *m) {
    for (size_t i = 0, n = 0; i < p->count; i++)
        if (is_parameter(p->segments[i])) m->params[n++] = segments[i];
}

enum err router_match(const struct router *router, struct arena *arena, enum method method, str raw_path,
                      struct fault *fault, struct match *out) {
    struct match m = {0};
    str segments[SEGMENTS_MAX];
    size_t count = 0;
    enum err e = decode_path(arena, raw_path, fault, &m.path);
    if (e) return e;
    bool cut = cut_path(m.path, segments, &count);
    for (size_t i = 0; i < count; i++)
        if (str_is(segments[i], ".") || str_is(segments[i], ".."))
            return fail(fault, ERR_BAD_REQUEST, "The path has a dot segment; send the resolved path");

    /* A literal beats a parameter at the first segment where two patterns differ, whatever the order of the table. */
    const struct pattern *best = NULL;
    unsigned closest = 0;
    for (size_t i = 0; cut && i < router->count; i++) {
        const struct pattern *p = &router->patterns[i];
        if (!fits(p, segments, count)) continue;
        if (p->literals > closest) {
            closest = p->literals;
            m.methods = 0;
            best = NULL;
        }
        if (p->literals < closest) continue;
        m.methods |= methods_of(p->route);
        if (serves(p->route, method) && (!best || p->route->method == method)) best = p;
    }
    *out = m;
    if (!m.methods)
        return fail(fault, ERR_NOT_FOUND,
                    "There is nothing at this address; /openapi.json lists what there is");
    if (!best)
        return fail(fault, ERR_METHOD_NOT_ALLOWED, "%s is not possible here; the Allow header says what is",
                    method_name(method));
    out->route = best->route;
    take_params(best, segments, out);
    return OK;
}

str route_allow(struct arena *arena, unsigned methods) {
    str list = STR("");
    for (unsigned m = 0; m < METHOD_COUNT; m++)
        if (methods & 1u << m)
            list = arena_printf(arena, "%.*s%s%s", STR_ARG(list), list.n ? ", " : "",
                                method_name((enum method)m));
    return list;
}
