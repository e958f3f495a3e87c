/* guard: the rules in the order in which they matter. First what decides where the request ends (a fault there closes the
 * connection: whatever follows could be a smuggled request), then what decides what it means.
 *
 * Surprise: a header whose name only begins with Content-Length, Transfer-Encoding or Host is refused. That is how 0.9.75
 * presents "Transfer-Encoding : chunked" and folded lines. '_' counts as '-', since some proxies treat them alike. */
#include "server/guard.h"

#include "base/eight.h"
#include "server/route.h"

/* ---- characters ---- */

/* One bit for each character of ASCII that belongs. */
struct set {
    uint64_t low, high;
};

/* Of letters, digits and: !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2) */
static const struct set TOKEN = {0x03ff6cfa00000000, 0x57ffffffc7fffffe};
/* Of letters, digits and: .:[]_- */
static const struct set HOST_NAME = {0x07ff600000000000, 0x07fffffeaffffffe};
/* All that can be seen, but # and \ */
static const struct set TARGET = {0xfffffff600000000, 0x7fffffffefffffff};

static bool belongs(const struct set *set, char c) {
    unsigned char u = (unsigned char)c;
    return u < 128 && ((u < 64 ? set->low : set->high) >> (u & 63) & 1);
}

static bool all_belong(const struct set *set, str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!belongs(set, s.p[i])) return false;
    return true;
}

static bool is_token(str s) {
    return s.n > 0 && all_belong(&TOKEN, s);
}

static bool is_control(char c) {
    unsigned char u = (unsigned char)c;
    return (u < 0x20 && u != '\t') || u == 0x7f;
}

static bool may_have_control(const char *eight) {
    uint64_t word = eight_at(eight);
    return eight_less(word, 0x20) | eight_have(word, 0x7f);
}

static bool is_field_value(str s) {
    size_t i = 0;
    while (s.n - i >= 8 && !may_have_control(s.p + i))
        i += 8;
    for (; i < s.n; i++)
        if (is_control(s.p[i])) return false;
    return true;
}

static str trim_blanks(str s) {
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = str_sub(s, 1, s.n);
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* Without regard to case, '_' as '-'. */
static char folded(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '_' ? '-' : c;
}

/* The name's first bytes are the wanted one, as folded() sees them. */
static bool begins_with(str name, str wanted) {
    if (name.n < wanted.n) return false;
    for (size_t i = 0; i < wanted.n; i++)
        if (folded(name.p[i]) != folded(wanted.p[i])) return false;
    return true;
}

/* ---- headers ---- */

/* Header fields that mean something to us and must not come twice. */
enum single {
    LENGTH,
    ENCODING_OF_TRANSFER,
    HOST,
    EXPECT,
    AUTHORIZATION,
    CONTENT_TYPE,
    CONTENT_ENCODING,
    IDEMPOTENCY_KEY,
    SINGLES
};

static const str SINGLE_NAMES[SINGLES] = {
    [LENGTH] = {"Content-Length", 14},
    [ENCODING_OF_TRANSFER] = {"Transfer-Encoding", 17},
    [HOST] = {"Host", 4},
    [EXPECT] = {"Expect", 6},
    [AUTHORIZATION] = {"Authorization", 13},
    [CONTENT_TYPE] = {"Content-Type", 12},
    [CONTENT_ENCODING] = {"Content-Encoding", 16},
    [IDEMPOTENCY_KEY] = {"Idempotency-Key", 15},
};

struct seen {
    const struct pair *of[SINGLES];
    unsigned count[SINGLES];
    bool lookalike;
};

/* Most names are none of these, which their first letter says. */
static bool may_be(str name, str wanted) {
    return name.n && ((name.p[0] ^ wanted.p[0]) & ~0x20) == 0;
}

static void look_at(const struct pair *header, struct seen *seen) {
    str name = header->name;
    for (size_t k = 0; k < SINGLES; k++) {
        if (!may_be(name, SINGLE_NAMES[k]) || !begins_with(name, SINGLE_NAMES[k])) continue;
        bool whole = name.n == SINGLE_NAMES[k].n;
        if (whole && !seen->count[k]++) seen->of[k] = header;
        if (k <= HOST && (!whole || memchr(name.p, '_', name.n))) seen->lookalike = true;
    }
}

static void look(const struct guard_input *in, struct seen *seen) {
    *seen = (struct seen){0};
    for (size_t i = 0; i < in->header_count; i++)
        look_at(&in->headers[i], seen);
}

static enum err check_syntax(const struct guard_input *in, struct fault *fault) {
    if (in->garbled)
        return fail(
            fault, ERR_BAD_REQUEST,
            "The header has a bare line feed, a NUL, a folded line or a stray space; send RFC 9112 framing");
    for (size_t i = 0; i < in->header_count; i++) {
        if (!is_token(in->headers[i].name))
            return fail(fault, ERR_BAD_REQUEST, "A header field has a name that HTTP does not allow");
        if (!is_field_value(in->headers[i].value))
            return fail(fault, ERR_BAD_REQUEST, "The header field %.*s has a control character",
                        STR_ARG(in->headers[i].name));
    }
    return OK;
}

static enum err check_size(const struct guard_input *in, struct fault *fault) {
    size_t bytes = 0;
    for (size_t i = 0; i < in->header_count; i++)
        bytes += in->headers[i].name.n + in->headers[i].value.n;
    if (in->header_count > GUARD_HEADERS_MAX || bytes > GUARD_HEADER_BYTES_MAX)
        return fail(fault, ERR_HEADERS_TOO_LARGE, "At most %d header fields and %d bytes of them",
                    GUARD_HEADERS_MAX, GUARD_HEADER_BYTES_MAX);
    return OK;
}

/* Where does the body end? Only one answer may be possible. */
static enum err check_framing(const struct seen *seen, const char *version, struct fault *fault,
                              struct guard_facts *facts) {
    if (seen->lookalike)
        return fail(
            fault, ERR_BAD_REQUEST,
            "A header field looks like Content-Length, Transfer-Encoding or Host but is not spelt so");
    if (seen->count[LENGTH] > 1) return fail(fault, ERR_BAD_REQUEST, "Content-Length is given twice");
    if (seen->count[ENCODING_OF_TRANSFER] > 1)
        return fail(fault, ERR_BAD_REQUEST, "Transfer-Encoding is given twice");
    if (seen->of[LENGTH] && seen->of[ENCODING_OF_TRANSFER])
        return fail(fault, ERR_BAD_REQUEST, "Content-Length and Transfer-Encoding cannot be given together");
    if (seen->of[ENCODING_OF_TRANSFER]) {
        if (!str_eq_nocase(seen->of[ENCODING_OF_TRANSFER]->value, STR("chunked")) ||
            strcmp(version, "HTTP/1.1") != 0)
            return fail(fault, ERR_BAD_REQUEST, "The only Transfer-Encoding understood is chunked");
        facts->chunked = true;
    }
    if (seen->of[LENGTH] && !str_to_uint(seen->of[LENGTH]->value, UINT64_MAX, &facts->length))
        return fail(fault, ERR_BAD_REQUEST, "Content-Length is not a plain number");
    return OK;
}

/* Without its port. */
static str name_of_host(str host) {
    bool bracketed = host.n && host.p[0] == '[';
    size_t end = str_find(host, bracketed ? ']' : ':');
    return str_sub(host, 0, bracketed && end < host.n ? end + 1 : end);
}

static bool is_ours(str host, str hosts) {
    if (!hosts.n) return true;
    while (hosts.p)
        if (str_eq_nocase(str_trim(str_cut(&hosts, ',')), name_of_host(host))) return true;
    return false;
}

static enum err check_host(const struct guard_input *in, const struct seen *seen, struct fault *fault) {
    if (seen->count[HOST] != 1) return fail(fault, ERR_BAD_REQUEST, "Exactly one Host header is needed");
    str host = trim_blanks(seen->of[HOST]->value);
    if (!all_belong(&HOST_NAME, host))
        return fail(fault, ERR_BAD_REQUEST, "The Host header is not a name or an address");
    if (!host.n) return fail(fault, ERR_BAD_REQUEST, "The Host header is empty");
    return is_ours(host, in->hosts)
               ? OK
               : fail(fault, ERR_BAD_REQUEST, "The Host header names something else than this service");
}

static enum err check_singles(const struct seen *seen, struct fault *fault) {
    for (size_t k = 0; k < SINGLES; k++)
        if (seen->count[k] > 1) return fail(fault, ERR_BAD_REQUEST, "%s is given twice", SINGLE_NAMES[k].p);
    return OK;
}

static bool expects_continue(const struct seen *seen) {
    return seen->of[EXPECT] && str_eq_nocase(trim_blanks(seen->of[EXPECT]->value), STR("100-continue"));
}

static enum err check_expect(const struct seen *seen, struct fault *fault) {
    if (!seen->of[EXPECT] || expects_continue(seen)) return OK;
    return fail(fault, ERR_EXPECTATION_FAILED, "The only Expect understood is 100-continue");
}

/* ---- request line ---- */

/* The piece begins with a character that has no case. */
static bool has(str s, str piece) {
    for (size_t i = 0; i + piece.n <= s.n; i++)
        if (s.p[i] == piece.p[0] && str_eq_nocase(str_sub(s, i, i + piece.n), piece)) return true;
    return false;
}

/* No escape, nothing empty between two slashes, no segment that begins with a dot: nothing of what is refused begins otherwise. */
static bool is_plain_path(str path) {
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] == '%') return false;
        bool follows = path.p[i] == '/' && i + 1 < path.n;
        if (follows && (path.p[i + 1] == '/' || path.p[i + 1] == '.')) return false;
    }
    return true;
}

static enum err check_path(str path, struct fault *fault) {
    if (is_plain_path(path)) return OK;
    static const str REFUSED[] = {{"//", 2}, {"/./", 3}, {"/../", 4}, {"%00", 3}, {"%2f", 3}, {"%5c", 3}};
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        if (has(path, REFUSED[i]))
            return fail(fault, ERR_BAD_REQUEST, "The path must not contain %s", REFUSED[i].p);
    if (str_ends_with(path, STR("/.")) || str_ends_with(path, STR("/..")))
        return fail(fault, ERR_BAD_REQUEST, "The path ends in a dot segment");
    return OK;
}

static enum err check_target(str target, struct fault *fault) {
    if (target.n > GUARD_TARGET_MAX)
        return fail(fault, ERR_URI_TOO_LONG, "At most %d bytes", GUARD_TARGET_MAX);
    if (!target.n || target.p[0] != '/')
        return fail(fault, ERR_BAD_REQUEST, "The request target must be a path that begins with /");
    if (!all_belong(&TARGET, target))
        return fail(fault, ERR_BAD_REQUEST,
                    "The request target has a character that must be percent-encoded");
    return check_path(str_sub(target, 0, str_find(target, '?')), fault);
}

static enum err refuse_method(struct fault *fault) {
    return fail(fault, ERR_NOT_IMPLEMENTED,
                "The methods known are GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS");
}

/* 1.0 is for the simplest of load balancers, which ask for nothing but health. */
static enum err check_version(const struct guard_input *in, struct fault *fault,
                              const struct guard_facts *facts) {
    if (strcmp(in->version, "HTTP/1.1") == 0) return OK;
    bool health = facts->method == METHOD_GET && str_starts_with(in->target, STR("/health/"));
    if (strcmp(in->version, "HTTP/1.0") == 0 && health && !guard_has_body(facts)) return OK;
    return fail(fault, ERR_HTTP_VERSION, "Use HTTP/1.1");
}

enum err guard_check(const struct guard_input *in, struct fault *fault, struct guard_facts *facts) {
    *facts = (struct guard_facts){.method = METHOD_COUNT, .close = true};
    bool known_method = method_parse(in->method, &facts->method);
    struct seen seen;
    look(in, &seen);
    enum err e;
    if ((e = check_syntax(in, fault))) return e;
    if ((e = check_framing(&seen, in->version, fault, facts))) return e;
    facts->trusted_headers = true;
    facts->expects_continue = expects_continue(&seen);
    if (!is_token(str_of(in->method))) return refuse_method(fault);
    if ((e = check_size(in, fault))) return e;
    if ((e = check_version(in, fault, facts))) return e;
    bool old = strcmp(in->version, "HTTP/1.0") == 0;
    if (!(old && !seen.count[HOST]) && (e = check_host(in, &seen, fault))) return e;
    facts->close = false;

    if ((e = check_singles(&seen, fault))) return e;
    if (!known_method) return refuse_method(fault);
    if ((e = check_target(in->target, fault))) return e;
    return check_expect(&seen, fault);
}
