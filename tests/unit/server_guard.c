/* server_guard: each row of security.md, section 3, that a program above the library can see; and the shapes around them. */
#include "server/guard.h"

#include <stdio.h>

#include "server/layout.h"
#include "tests/support/suite.h"

enum { HEADERS = 6 };

struct vector {
    const char *label, *method, *target, *version; /* NULL: GET, /v1, HTTP/1.1 */
    struct pair headers[HEADERS];                  /* after Host: x, unless no_host */
    bool no_host;
    enum err err;
    bool close; /* framing: answered at once, and closed */
};

#define H(name, value)                                                                                       \
    { STR(name), STR(value) }

static const struct vector VECTORS[] = {
    {.label = "a plain GET", .err = OK},
    {.label = "a length", .method = "PUT", .headers = {H("Content-Length", "5")}, .err = OK},
    {.label = "chunks", .method = "PUT", .headers = {H("Transfer-Encoding", "chunked")}, .err = OK},
    {.label = "chunks in capitals",
     .method = "PUT",
     .headers = {H("transfer-encoding", "CHUNKED")},
     .err = OK},
    {.label = "100-continue",
     .method = "PUT",
     .headers = {H("Expect", "100-Continue"), H("Content-Length", "5")},
     .err = OK},
    {.label = "a port and an IPv6 address as Host",
     .no_host = true,
     .headers = {H("Host", "[::1]:8443")},
     .err = OK},
    {.label = "a tab in a value", .headers = {H("X-A", "a\tb")}, .err = OK},
    {.label = "bytes above 127 in a value", .headers = {H("X-A", "caf\xc3\xa9")}, .err = OK},

    {.label = "no Host", .no_host = true, .err = ERR_BAD_REQUEST, .close = true},
    {.label = "two Hosts", .headers = {H("Host", "y")}, .err = ERR_BAD_REQUEST, .close = true},
    {.label = "empty Host",
     .no_host = true,
     .headers = {H("Host", "")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "Host with a slash",
     .no_host = true,
     .headers = {H("Host", "a/b")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "Host with a user",
     .no_host = true,
     .headers = {H("Host", "a@b")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "Host with blanks around", .no_host = true, .headers = {H("Host", "x ")}, .err = OK},
    {.label = "a header that begins with Host",
     .headers = {H("Host-Override", "y")},
     .err = ERR_BAD_REQUEST,
     .close = true},

    {.label = "length and chunks",
     .headers = {H("Content-Length", "5"), H("Transfer-Encoding", "chunked")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "chunks and length",
     .headers = {H("Transfer-Encoding", "chunked"), H("Content-Length", "5")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "two lengths",
     .headers = {H("Content-Length", "5"), H("Content-Length", "0")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "two equal lengths",
     .headers = {H("Content-Length", "5"), H("content-length", "5")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "a length with a sign",
     .headers = {H("Content-Length", "+5")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "a length in hex",
     .headers = {H("Content-Length", "0x5")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "a list of lengths",
     .headers = {H("Content-Length", "5,5")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "an empty length", .headers = {H("Content-Length", "")}, .err = ERR_BAD_REQUEST, .close = true},
    {.label = "a length with a blank",
     .headers = {H("Content-Length", "5 ")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "a length beyond 64 bits",
     .headers = {H("Content-Length", "18446744073709551616")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "gzip, chunked",
     .headers = {H("Transfer-Encoding", "gzip, chunked")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "xchunked",
     .headers = {H("Transfer-Encoding", "xchunked")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "identity",
     .headers = {H("Transfer-Encoding", "identity")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "chunked with a blank after it",
     .headers = {H("Transfer-Encoding", "chunked ")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "chunked with a vertical tab",
     .headers = {H("Transfer-Encoding", "\x0b"
                                        "chunked")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "an empty Transfer-Encoding",
     .headers = {H("Transfer-Encoding", "")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "two Transfer-Encodings",
     .headers = {H("Transfer-Encoding", "chunked"), H("Transfer-Encoding", "chunked")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "Transfer-Encoding with a blank before the colon",
     .headers = {H("Transfer-Encoding ", "chunked")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "a folded length, as 0.9.75 shows it",
     .headers = {H("Content-Length0", "5")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "a folded Transfer-Encoding, as 0.9.75 shows it",
     .headers = {H("Transfer-Encodingchunked", "")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "underscores for hyphens",
     .headers = {H("Content_Length", "5")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "underscores in Transfer_Encoding",
     .headers = {H("Transfer_Encoding", "chunked")},
     .err = ERR_BAD_REQUEST,
     .close = true},

    {.label = "a name in brackets", .headers = {H("X(Y)", "1")}, .err = ERR_BAD_REQUEST, .close = true},
    {.label = "a name with a blank", .headers = {H("X Y", "1")}, .err = ERR_BAD_REQUEST, .close = true},
    {.label = "an empty name", .headers = {H("", "1")}, .err = ERR_BAD_REQUEST, .close = true},
    {.label = "a name that is not ASCII",
     .headers = {H("X\xc3\xa9", "1")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "a carriage return in a value",
     .headers = {H("X-A", "a\rb")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "a NUL in a value", .headers = {H("X-A", "a\0b")}, .err = ERR_BAD_REQUEST, .close = true},
    {.label = "a delete in a value", .headers = {H("X-A", "a\x7f")}, .err = ERR_BAD_REQUEST, .close = true},

    {.label = "two Authorizations",
     .headers = {H("Authorization", "a"), H("Authorization", "b")},
     .err = ERR_BAD_REQUEST},
    {.label = "two Content-Types",
     .headers = {H("Content-Type", "text/csv"), H("Content-Type", "text/csv")},
     .err = ERR_BAD_REQUEST},
    {.label = "two Idempotency-Keys",
     .headers = {H("Idempotency-Key", "a"), H("Idempotency-Key", "a")},
     .err = ERR_BAD_REQUEST},
    {.label = "two Accepts are a list",
     .headers = {H("Accept", "text/csv"), H("Accept", "text/html")},
     .err = OK},
    {.label = "Expect: banana", .headers = {H("Expect", "banana")}, .err = ERR_EXPECTATION_FAILED},

    {.label = "an unknown method", .method = "BREW", .err = ERR_NOT_IMPLEMENTED},
    {.label = "a method in small letters", .method = "get", .err = ERR_NOT_IMPLEMENTED},
    {.label = "a method that is no token", .method = "G@T", .err = ERR_NOT_IMPLEMENTED, .close = true},
    {.label = "CONNECT", .method = "CONNECT", .err = ERR_NOT_IMPLEMENTED},
    {.label = "TRACE", .method = "TRACE", .err = ERR_NOT_IMPLEMENTED},
    {.label = "HTTP/1.2", .version = "HTTP/1.2", .err = ERR_HTTP_VERSION, .close = true},
    {.label = "HTTP/1.0", .version = "HTTP/1.0", .err = ERR_HTTP_VERSION, .close = true},
    {.label = "HTTP/1.0 for health",
     .version = "HTTP/1.0",
     .target = "/health/live",
     .no_host = true,
     .err = OK},
    {.label = "HTTP/1.0 for health with a body",
     .version = "HTTP/1.0",
     .target = "/health/live",
     .headers = {H("Content-Length", "1")},
     .err = ERR_HTTP_VERSION,
     .close = true},
    {.label = "HTTP/1.0 with chunks",
     .version = "HTTP/1.0",
     .target = "/health/live",
     .headers = {H("Transfer-Encoding", "chunked")},
     .err = ERR_BAD_REQUEST,
     .close = true},
    {.label = "HTTP/1.0 POST",
     .version = "HTTP/1.0",
     .method = "POST",
     .target = "/health/live",
     .err = ERR_HTTP_VERSION,
     .close = true},

    {.label = "absolute form", .target = "http://evil/x", .err = ERR_BAD_REQUEST},
    {.label = "asterisk form", .method = "OPTIONS", .target = "*", .err = ERR_BAD_REQUEST},
    {.label = "empty target", .target = "", .err = ERR_BAD_REQUEST},
    {.label = "a blank in the target", .target = "/v1 /x", .err = ERR_BAD_REQUEST},
    {.label = "a backslash", .target = "/v1\\x", .err = ERR_BAD_REQUEST},
    {.label = "a fragment", .target = "/v1#x", .err = ERR_BAD_REQUEST},
    {.label = "a byte above 127", .target = "/v1/\xc3\xa9", .err = ERR_BAD_REQUEST},
    {.label = "a control character", .target = "/v1/\x01", .err = ERR_BAD_REQUEST},
    {.label = "two slashes", .target = "/v1//x", .err = ERR_BAD_REQUEST},
    {.label = "a dot segment", .target = "/v1/./x", .err = ERR_BAD_REQUEST},
    {.label = "a double dot segment", .target = "/v1/../x", .err = ERR_BAD_REQUEST},
    {.label = "a double dot at the end", .target = "/v1/..", .err = ERR_BAD_REQUEST},
    {.label = "an escaped NUL", .target = "/v1/%00", .err = ERR_BAD_REQUEST},
    {.label = "an escaped slash", .target = "/v1/a%2Fb", .err = ERR_BAD_REQUEST},
    {.label = "an escaped backslash", .target = "/v1/a%5cb", .err = ERR_BAD_REQUEST},
    {.label = "an escaped slash in the query is fine", .target = "/v1?a=b%2Fc//d/../e", .err = OK},
};

static struct guard_input input_of(const struct vector *v, struct pair headers[HEADERS + 1]) {
    size_t n = 0;
    if (!v->no_host) headers[n++] = (struct pair)H("Host", "x");
    for (size_t i = 0; i < HEADERS && v->headers[i].name.p; i++)
        headers[n++] = v->headers[i];
    return (struct guard_input){v->method ? v->method : "GET",
                                v->version ? v->version : "HTTP/1.1",
                                str_of(v->target ? v->target : "/v1"),
                                headers,
                                n,
                                STR_NONE,
                                false};
}

static void knows_its_names(void) {
    static const struct {
        const char *hosts, *host;
        bool ours;
    } CASES[] = {
        {"", "anything:1", true},
        {"kpi.example.org", "kpi.example.org", true},
        {"kpi.example.org", "KPI.Example.ORG:8443", true},
        {"kpi.example.org", "kpi.example.org.evil", false},
        {"kpi.example.org", "evil", false},
        {"kpi.example.org", "kpi.example.or", false},
        {"kpi.example.org", ":8443", false},
        {"kpi.example.org, 192.0.2.7 ,[2001:db8::7]", "192.0.2.7:443", true},
        {"kpi.example.org, 192.0.2.7 ,[2001:db8::7]", "[2001:db8::7]:443", true},
        {"kpi.example.org, 192.0.2.7 ,[2001:db8::7]", "[2001:db8::7]", true},
        {"kpi.example.org, 192.0.2.7 ,[2001:db8::7]", "[2001:db8::8]:443", false},
        {"kpi.example.org, 192.0.2.7 ,[2001:db8::7]", "[2001:db8::7", false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct pair host = {STR("Host"), str_of(CASES[i].host)};
        const struct guard_input in = {"GET", "HTTP/1.1", STR("/v1"), &host, 1, str_of(CASES[i].hosts),
                                       false};
        struct guard_facts facts;
        struct fault f = {0};
        enum err e = guard_check(&in, &f, &facts);
        CHECK(e == (CASES[i].ours ? OK : ERR_BAD_REQUEST), "%s of %s: %s", CASES[i].host, CASES[i].hosts,
              f.detail);
        CHECK(facts.close == !CASES[i].ours, "%s of %s: closes", CASES[i].host, CASES[i].hosts);
    }
}

static void vectors(void) {
    for (size_t i = 0; i < sizeof VECTORS / sizeof *VECTORS; i++) {
        const struct vector *v = &VECTORS[i];
        struct pair headers[HEADERS + 1];
        struct guard_input in = input_of(v, headers);
        struct guard_facts facts;
        struct fault f = {0};
        enum err e = guard_check(&in, &f, &facts);
        CHECK(e == v->err && f.err == v->err, "%s: %s: %s", v->label, err_info(e)->code, f.detail);
        CHECK(facts.close == v->close, "%s: %s", v->label, v->close ? "must close" : "need not close");
    }
}

static void tells_facts(void) {
    const struct pair headers[] = {H("Host", "x"), H("Content-Length", "007"), H("Expect", " 100-continue ")};
    struct guard_input in = {"PUT", "HTTP/1.1", STR("/v1"), headers, 3, STR_NONE, false};
    struct guard_facts facts;
    CHECK(guard_check(&in, NULL, &facts) == OK, "zeros in front are still a number");
    CHECK(facts.length == 7 && !facts.chunked && facts.expects_continue && facts.method == METHOD_PUT &&
              guard_has_body(&facts),
          "all facts");
    in.target = STR("nonsense");
    CHECK(guard_check(&in, NULL, &facts) == ERR_BAD_REQUEST && facts.length == 7 && facts.expects_continue,
          "known even when it is refused");
    in.garbled = true;
    struct fault f = {0};
    CHECK(guard_check(&in, &f, &facts) == ERR_BAD_REQUEST && facts.close &&
              strstr(f.detail, "bare line feed"),
          "a garbled header closes");
}

/* ---- bytes ---- */

static bool is_letter_or_digit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(int c, const char *list) {
    return c && strchr(list, c);
}

/* Is the request taken whose target, Host, and one field more are these? */
static bool takes(str target, str host, str name, str value) {
    const struct pair headers[] = {{STR("Host"), host}, {name, value}};
    const struct guard_input in = {"GET", "HTTP/1.1", target, headers, 2, STR_NONE, false};
    struct guard_facts facts;
    return guard_check(&in, NULL, &facts) == OK;
}

/* Each of the 256 wherever it may stand in a text of eight words. */
static void bytes(void) {
    enum { LONGEST = 21 };
    const str target = STR("/v1"), host = STR("x"), name = STR("X-A"), value = STR("v");
    for (int c = 0; c < 256; c++) {
        bool token = is_letter_or_digit(c) || is_one_of(c, "!#$%&'*+-.^_`|~");
        bool in_host = is_letter_or_digit(c) || is_one_of(c, ".:[]_-");
        bool in_target = c > ' ' && c < 0x7f && c != '\\' && c != '#';
        bool in_value = c >= ' ' ? c != 0x7f : c == '\t';
        for (size_t n = 1; n <= LONGEST; n++)
            for (size_t at = 0; at < n; at++) {
                char text[LONGEST + 1];
                memset(text, 'a', sizeof text);
                text[at] = (char)c;
                CHECK(takes(target, host, (str){text, n}, value) == token, "0x%02x in a name", c);
                CHECK(takes(target, host, name, (str){text, n}) == in_value, "0x%02x in a value", c);
                bool blank = (c == ' ' || c == '\t') && n > 1 && (at == 0 || at == n - 1); /* cut off */
                CHECK(takes(target, (str){text, n}, name, value) == (in_host || blank), "0x%02x in Host", c);
                char path[1 + LONGEST] = "/";
                memcpy(path + 1, text, n);
                bool segment = (c == '/' && at == 0) || (c == '.' && n == 1);
                CHECK(takes((str){path, 1 + n}, host, name, value) == (in_target && !segment),
                      "0x%02x in a target", c);
            }
    }
}

static void paths(void) {
    static const struct {
        const char *target;
        bool taken;
    } CASES[] = {
        {"/", true},        {"/a/", true},     {"//", false},
        {"/a//", false},    {"/a//b", false},  {"/.", false},
        {"/..", false},     {"/a/.", false},   {"/a/..", false},
        {"/./a", false},    {"/../a", false},  {"/a/./b", false},
        {"/a/../b", false}, {"/.a", true},     {"/..a", true},
        {"/.../b", true},   {"/a.", true},     {"/a/.well-known", true},
        {"/a/..b/c", true}, {"/%00", false},   {"/a%2Fb", false},
        {"/a%2fb", false},  {"/a%5C", false},  {"/a%5c.", false},
        {"/a%2", true},     {"/a%41", true},   {"/%2e%2e/a", true},
        {"/a?//", true},    {"/a?/../", true}, {"/a?%00", true},
        {"/a?b=/.", true},  {"/.?a", false},   {"/..?a", false},
        {"/a/?//", true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK(takes(str_of(CASES[i].target), STR("x"), STR("X-A"), STR("v")) == CASES[i].taken, "%s",
              CASES[i].target);
}

/* Names that mean something, spelt in all ways, and what only begins so. */
static void names(void) {
    static const char *const NAMES[] = {"Content-Length",   "Transfer-Encoding", "Host",
                                        "Expect",           "Authorization",     "Content-Type",
                                        "Content-Encoding", "Idempotency-Key"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        bool frames = i < 3;
        char spelt[40], longer[40], with_underscore[40], shorter[40];
        snprintf(longer, sizeof longer, "%sX", NAMES[i]);
        snprintf(spelt, sizeof spelt, "%s", NAMES[i]);
        snprintf(shorter, sizeof shorter, "%.*s", (int)strlen(NAMES[i]) - 1, NAMES[i]);
        for (char *p = spelt; *p; p++)
            *p = (char)((p - spelt) % 2 && is_letter_or_digit(*p) ? *p ^ 0x20 : *p);
        snprintf(with_underscore, sizeof with_underscore, "%s", spelt);
        char *hyphen = strchr(with_underscore, '-');
        if (hyphen) *hyphen = '_';
        const struct pair twice[] = {H("Host", "x"),
                                     {str_of(NAMES[i]), STR("100-continue")},
                                     {str_of(with_underscore), STR("100-continue")}};
        const struct guard_input in = {"GET", "HTTP/1.1", STR("/v1"), twice, 3, STR_NONE, false};
        struct guard_facts facts;
        CHECK(guard_check(&in, NULL, &facts) != OK, "%s twice", NAMES[i]);
        CHECK(takes(STR("/v1"), STR("x"), str_of(longer), STR("7")) == !frames, "%s", longer);
        CHECK(takes(STR("/v1"), STR("x"), str_of(shorter), STR("7")), "%s", shorter);
        if (hyphen && frames)
            CHECK(!takes(STR("/v1"), STR("x"), str_of(with_underscore), STR("7")), "%s", with_underscore);
    }
}

static void caps(void) {
    static char long_target[GUARD_TARGET_MAX + 2], long_value[GUARD_HEADER_BYTES_MAX + 1];
    memset(long_target, 'a', GUARD_TARGET_MAX + 1);
    long_target[0] = '/';
    memset(long_value, 'v', GUARD_HEADER_BYTES_MAX);
    struct pair headers[GUARD_HEADERS_MAX + 1] = {H("Host", "x")};
    for (size_t i = 1; i <= GUARD_HEADERS_MAX; i++)
        headers[i] = (struct pair)H("X-A", "1");
    struct guard_facts facts;
    struct guard_input in = {
        "GET", "HTTP/1.1", {long_target, GUARD_TARGET_MAX}, headers, GUARD_HEADERS_MAX, STR_NONE, false};
    CHECK(guard_check(&in, NULL, &facts) == OK, "the longest target and the most headers");
    in.target.n++;
    CHECK(guard_check(&in, NULL, &facts) == ERR_URI_TOO_LONG, "a byte more");
    in.target.n = 2;
    in.header_count++;
    CHECK(guard_check(&in, NULL, &facts) == ERR_HEADERS_TOO_LARGE, "a header more");
    in.header_count = 2;
    headers[1] = (struct pair){STR("X-A"), {long_value, GUARD_HEADER_BYTES_MAX - 8}};
    CHECK(guard_check(&in, NULL, &facts) == OK, "the most bytes of headers");
    headers[1].value.n++;
    CHECK(guard_check(&in, NULL, &facts) == ERR_HEADERS_TOO_LARGE && facts.close, "a byte more of headers");
}

/* What the library leaves in memory: NULs over separators and line ends. */
static void layouts(void) {
    static const struct {
        const char *label;
        str memory;
        struct {
            size_t at, n;
        } fields[4]; /* name, value, name, value; at 0: none */
        size_t url, version, target_length;
        bool garbled;
    } CASES[] = {
        {"as an honest client sends it",
         STR("GET\0/v1\0HTTP/1.1\0\0Host\0 x\0\0A\0b\0\0\0\0"),
         {{18, 4}, {24, 1}, {27, 1}, {29, 1}},
         4,
         8,
         3,
         false},
        {"a bare line feed at the end",
         STR("GET\0/v1\0HTTP/1.1\0\0Host\0 x\0\0\0"),
         {{18, 4}, {24, 1}},
         4,
         8,
         3,
         true},
        {"a field without a name, which ends the header",
         STR("GET\0/v1\0HTTP/1.1\0\0Host\0 x\0\0\0 b\0\0"),
         {{18, 4}, {24, 1}},
         4,
         8,
         3,
         true},
        {"a lone colon", STR("GET\0/v1\0HTTP/1.1\0\0Host\0 x\0\0\0\0\0"), {{18, 4}, {24, 1}}, 4, 8, 3, true},
        {"two blanks before the target",
         STR("GET\0 /v1\0HTTP/1.1\0\0Host\0 x\0\0\0\0"),
         {{19, 4}, {25, 1}},
         5,
         9,
         3,
         true},
        {"a NUL in the target",
         STR("GET\0/v1\0x\0HTTP/1.1\0\0Host\0 x\0\0\0\0"),
         {{20, 4}, {26, 1}},
         4,
         10,
         3,
         true},
        {"a bare line feed after the request line",
         STR("GET\0/v1\0HTTP/1.1\0Host\0 x\0\0\0\0"),
         {{17, 4}, {23, 1}},
         4,
         8,
         3,
         true},
        {"a bare line feed after a field",
         STR("GET\0/v1\0HTTP/1.1\0\0Host\0 x\0A\0b\0\0\0\0"),
         {{18, 4}, {24, 1}, {26, 1}, {28, 1}},
         4,
         8,
         3,
         true},
        {"a NUL in a value",
         STR("GET\0/v1\0HTTP/1.1\0\0Host\0 x\0y\0\0A\0b\0\0\0\0"),
         {{18, 4}, {24, 1}, {29, 1}, {31, 1}},
         4,
         8,
         3,
         true},
        {"a folded line: the name was moved",
         STR("GET\0/v1\0HTTP/1.1\0\0Host\0 x\0\0 y\0\0Hosty\0"),
         {{31, 5}, {24, 1}},
         4,
         8,
         3,
         true},
        {"a blank before the colon",
         STR("GET\0/v1\0HTTP/1.1\0\0Host\0x x\0\0\0\0"),
         {{18, 4}, {25, 1}},
         4,
         8,
         3,
         true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pair headers[2];
        const char *m = CASES[i].memory.p;
        size_t n = 0;
        for (; n < 2 && CASES[i].fields[2 * n].at; n++)
            headers[n] = (struct pair){{m + CASES[i].fields[2 * n].at, CASES[i].fields[2 * n].n},
                                       {m + CASES[i].fields[2 * n + 1].at, CASES[i].fields[2 * n + 1].n}};
        const struct layout layout = {m, CASES[i].memory.n, m + CASES[i].url, CASES[i].target_length,
                                      m + CASES[i].version};
        bool garbled = layout_is_garbled(&layout, headers, n);
        CHECK(garbled == CASES[i].garbled, "%s", CASES[i].label);
    }
    CHECK(layout_is_known("0.9.75") && !layout_is_known("1.0.1"), "only where the layout was read");
}

void suite_server_guard(void) {
    suite_add("server_guard", NULL, NULL);
    case_add("every vector gets its answer", vectors);
    case_add("only its own names are answered to", knows_its_names);
    case_add("the facts that the rest goes by", tells_facts);
    case_add("every byte at every place", bytes);
    case_add("paths that two could read differently", paths);
    case_add("names in all spellings", names);
    case_add("caps of target and headers", caps);
    case_add("what the library swallowed shows in its memory", layouts);
}
