#include "tests/support/framing.h"

#define HOST "Host: localhost\r\n"

/* ---- where does the body end, by Transfer-Encoding ---- */

#define TE "Transfer-Encoding"
const struct framing_coding framing_codings[] = {
    {STR(TE ": chunked\r\n"), true},
    {STR("transfer-encoding: chunked\r\n"), true},
    {STR("TRANSFER-ENCODING: CHUNKED\r\n"), true},
    {STR(TE ":chunked\r\n"), true},
    {STR(TE ":   chunked\r\n"), true},
    {STR(TE ":\tchunked\r\n"), true},
    /* blanks and bytes around it */
    {STR(TE ": chunked \r\n"), false},
    {STR(TE ": chunked\t\r\n"), false},
    {STR(TE " : chunked\r\n"), false},
    {STR(TE "\t: chunked\r\n"), false},
    {STR(TE "\x0b: chunked\r\n"), false},
    {STR(TE "\x0c: chunked\r\n"), false},
    {STR(TE "\xa0: chunked\r\n"), false},
    {STR(TE "\x00: chunked\r\n"), false},
    {STR("\x00" TE ": chunked\r\n"), false},
    {STR("\xef\xbb\xbf" TE ": chunked\r\n"), false},
    {STR(TE ": \x0b"
            "chunked\r\n"),
     false},
    {STR(TE ": \x0c"
            "chunked\r\n"),
     false},
    {STR(TE ": \xa0"
            "chunked\r\n"),
     false},
    {STR(TE ": \x00"
            "chunked\r\n"),
     false},
    {STR(TE ": chunked\x00\r\n"), false},
    {STR(TE ": chunked\x0b\r\n"), false},
    {STR(TE ": chunked\x7f\r\n"), false},
    {STR(TE ": chunked\r\r\n"), false},
    /* other values */
    {STR(TE ":\r\n"), false},
    {STR(TE ": ,\r\n"), false},
    {STR(TE ": chunk\r\n"), false},
    {STR(TE ": xchunked\r\n"), false},
    {STR(TE ": chunkedx\r\n"), false},
    {STR(TE ": x-chunked\r\n"), false},
    {STR(TE ": \"chunked\"\r\n"), false},
    {STR(TE ": 'chunked'\r\n"), false},
    {STR(TE ": chunked;q=1\r\n"), false},
    {STR(TE ": chunked;a=b\r\n"), false},
    {STR(TE ": chunked,\r\n"), false},
    {STR(TE ": ,chunked\r\n"), false},
    {STR(TE ": chunked, chunked\r\n"), false},
    {STR(TE ": chunked identity\r\n"), false},
    {STR(TE ": identity\r\n"), false},
    {STR(TE ": identity, chunked\r\n"), false},
    {STR(TE ": chunked, identity\r\n"), false},
    {STR(TE ": gzip\r\n"), false},
    {STR(TE ": gzip, chunked\r\n"), false},
    {STR(TE ": chunked, gzip\r\n"), false},
    {STR(TE ": deflate\r\n"), false},
    {STR(TE ": trailers\r\n"), false},
    /* twice, and in other names */
    {STR(TE ": chunked\r\n" TE ": chunked\r\n"), false},
    {STR(TE ": chunked\r\n" TE ": identity\r\n"), false},
    {STR(TE ": identity\r\n" TE ": chunked\r\n"), false},
    {STR(TE ":\r\n" TE ": chunked\r\n"), false},
    {STR(TE ": chunked\r\n" TE " : x\r\n"), false},
    {STR("Transfer_Encoding: chunked\r\n"), false},
    {STR("Transfer-Encodings: chunked\r\n"), false},
    {STR(TE "-: chunked\r\n"), false},
    /* folded and hidden lines */
    {STR(TE ":\r\n chunked\r\n"), false},
    {STR(TE ":\r\n\tchunked\r\n"), false},
    {STR(TE ": chu\r\n nked\r\n"), false},
    {STR(TE ":\n chunked\r\n"), false},
    {STR(" " TE ": chunked\r\n"), false},
    {STR("\t" TE ": chunked\r\n"), false},
    {STR("X: y\r\n " TE ": chunked\r\n"), false},
    {STR("X: y\n" TE ": chunked\r\n"), false},
    {STR("X: y\r" TE ": chunked\r\n"), false},
    {STR("X: y\r\r\n" TE ": chunked\r\n"), false},
    {STR("X: y\n\r" TE ": chunked\r\n"), false},
    {STR("X: y\x00\r\n" TE ": chunked\r\n"), false},
    {STR(": y\r\n" TE ": chunked\r\n"), false},
    {STR("X\r\n" TE ": chunked\r\n"), false},
};
const size_t framing_coding_count = sizeof framing_codings / sizeof *framing_codings;

bool framing_write(const struct framing_coding *coding, int way, struct buf *out) {
    static const char END_AND_MORE[] = "0\r\n\r\n" FRAMING_SMUGGLED;
    static const char ONE_CHUNK[] = "44\r\n" FRAMING_SMUGGLED "\r\n0\r\n\r\n"; /* 68 bytes */
    static const char POST[] = "POST /echo HTTP/1.1\r\n" HOST;
    buf_clear(out);
    buf_add_cstr(out, POST);
    switch (way) {
    case 0: /* the length says that all is the body, the coding that a request follows */
        buf_printf(out, "Content-Length: %zu\r\n", sizeof END_AND_MORE - 1);
        buf_add_str(out, coding->lines);
        buf_printf(out, "\r\n%s", END_AND_MORE);
        return true;
    case 1: /* the coding says that all is the body, the length that a request follows */
        buf_add_cstr(out, "Content-Length: 4\r\n");
        buf_add_str(out, coding->lines);
        buf_printf(out, "\r\n%s", ONE_CHUNK);
        return true;
    case 2: /* the other way round */
        buf_add_str(out, coding->lines);
        buf_printf(out, "Content-Length: %zu\r\n\r\n%s", sizeof END_AND_MORE - 1, END_AND_MORE);
        return true;
    default: /* no length: only chunked has an end */
        if (coding->is_chunked) return false;
        buf_add_str(out, coding->lines);
        buf_printf(out, "\r\n%s", END_AND_MORE);
        return true;
    }
}

/* ---- by Content-Length ---- */

/* Before FRAMING_SMUGGLED, which has 68 bytes. */
#define CL "Content-Length"
static const struct framing LENGTHS[] = {
    {STR(CL ": 68"), GOES_ON, 200, NULL},
    {STR(CL ":68"), GOES_ON, 200, NULL},
    {STR(CL ":\t 68"), GOES_ON, 200, NULL},
    {STR("content-length: 00000000000068"), GOES_ON, 200, NULL},
    {STR("X-" CL ": 0\r\n" CL ": 68"), GOES_ON, 200, NULL},
    {STR(CL ": 68\r\n" CL ": 68"), CLOSES, 0, NULL},
    {STR(CL ": 68\r\n" CL ": 0"), CLOSES, 0, NULL},
    {STR(CL ": 0\r\n" CL ": 68"), CLOSES, 0, NULL},
    {STR(CL ": 68\r\ncontent-LENGTH: 0"), CLOSES, 0, NULL},
    {STR(CL ": 68\r\n" CL ":"), CLOSES, 0, NULL},
    {STR(CL ": 68, 68"), CLOSES, 0, NULL},
    {STR(CL ": 68,0"), CLOSES, 0, NULL},
    {STR(CL ": 0,68"), CLOSES, 0, NULL},
    {STR(CL ": 68 0"), CLOSES, 0, NULL},
    {STR(CL ": 6 8"), CLOSES, 0, NULL},
    {STR(CL ":"), CLOSES, 0, NULL},
    {STR(CL ": "), CLOSES, 0, NULL},
    {STR(CL ": +68"), CLOSES, 0, NULL},
    {STR(CL ": -68"), CLOSES, 0, NULL},
    {STR(CL ": -0"), CLOSES, 0, NULL},
    {STR(CL ": +0"), CLOSES, 0, NULL},
    {STR(CL ": 0x44"), CLOSES, 0, NULL},
    {STR(CL ": 44h"), CLOSES, 0, NULL},
    {STR(CL ": 68.0"), CLOSES, 0, NULL},
    {STR(CL ": 68e0"), CLOSES, 0, NULL},
    {STR(CL ": 6_8"), CLOSES, 0, NULL},
    {STR(CL ": 68;"), CLOSES, 0, NULL},
    {STR(CL ": \"68\""), CLOSES, 0, NULL},
    {STR(CL ": a"), CLOSES, 0, NULL},
    {STR(CL ": 68a"), CLOSES, 0, NULL},
    {STR(CL ": 68\x00"), CLOSES, 0, NULL},
    {STR(CL ": \x00"
            "68"),
     CLOSES, 0, NULL},
    {STR(CL ": 68\x0b"), CLOSES, 0, NULL},
    {STR(CL ": \x0b"
            "68"),
     CLOSES, 0, NULL},
    {STR(CL ": \xd9\xa6\xd9\xa8"), CLOSES, 0, NULL},
    {STR(CL ": 68 "), CLOSES, 0, NULL},
    {STR(CL ": 4294967364"), CLOSES, 0, NULL},
    {STR(CL ": 18446744073709551616"), CLOSES, 0, NULL},
    {STR(CL ": 18446744073709551684"), CLOSES, 0, NULL},
    {STR(CL ": 99999999999999999999999999"), CLOSES, 0, NULL},
    {STR(CL " : 68"), CLOSES, 0, NULL},
    {STR(CL "\t: 68"), CLOSES, 0, NULL},
    {STR(CL "\x0b: 68"), CLOSES, 0, NULL},
    {STR(CL "\x00: 68"), CLOSES, 0, NULL},
    {STR("Content_Length: 68"), CLOSES, 0, NULL},
    {STR(CL "x: 68"), CLOSES, 0, NULL},
    {STR(CL ":\r\n 68"), CLOSES, 0, NULL},
    {STR(CL ": 6\r\n 8"), CLOSES, 0, NULL},
    {STR(CL ": 68\r\n 0"), CLOSES, 0, NULL},
    {STR(" " CL ": 68"), CLOSES, 0, NULL},
    {STR("X: y\n" CL ": 68"), CLOSES, 0, NULL},
    {STR("X: y\r" CL ": 68"), CLOSES, 0, NULL},
    {STR("X: y\r\r\n" CL ": 68"), CLOSES, 0, NULL},
    {STR("X: y\r\n\t" CL ": 68"), CLOSES, 0, NULL},
    {STR("\xef\xbb\xbf" CL ": 68"), CLOSES, 0, NULL},
    {STR("X: y\x00\r\n" CL ": 68"), CLOSES, 0, NULL},
};

/* ---- request lines ---- */

static const struct framing LINES[] = {
    /* version */
    {STR("GET /hello HTTP/1.0"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1.2"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1.9"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/0.9"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/2.0"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/9.9"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/2"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1."), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/.1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/11"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1.10"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/01.1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1.01"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1,1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1.1x"), CLOSES, 0, NULL},
    {STR("GET /hello xHTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTPS/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello http/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello Http/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP /1.1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/ 1.1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/-1.1"), CLOSES, 0, NULL},
    {STR("GET /hello ICE/1.0"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1.1 HTTP/1.1"), GOES_ON, 400, NULL},
    /* blanks and line ends */
    {STR("GET /hello"), CLOSES, 0, NULL},
    {STR("GET"), SILENT, 0, NULL},
    {STR("GET HTTP/1.1"), CLOSES, 0, NULL},
    {STR("/hello HTTP/1.1"), CLOSES, 0, NULL},
    {STR(" GET /hello HTTP/1.1"), SILENT, 0, NULL},
    {STR("\tGET /hello HTTP/1.1"), CLOSES, 501, NULL},
    {STR("GET  /hello HTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello  HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello HTTP/1.1 "), CLOSES, 0, NULL},
    {STR("GET\t/hello\tHTTP/1.1"), SILENT, 0, NULL},
    {STR("GET /hello\tHTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET\x0b/hello HTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello\x0bHTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello\rHTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1.1\r"), CLOSES, 0, NULL},
    {STR("GET /hello\nHTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET\r\n/hello HTTP/1.1"), SILENT, 0, NULL},
    {STR("HTTP/1.1 200 OK"), CLOSES, 0, NULL},
    {STR("\x16\x03\x01\x02"), SILENT, 0, NULL},
    {STR("\x00GET /hello HTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET\x00 /hello HTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET /hel\x00lo HTTP/1.1"), CLOSES, 0, NULL},
    {STR("GET /hello HTTP/1.1\x00"), CLOSES, 0, NULL},
    {STR("\r\nGET /hello HTTP/1.1"), GOES_ON, 200, NULL},
    /* methods */
    {STR("get /hello HTTP/1.1"), GOES_ON, 501, NULL},
    {STR("GeT /hello HTTP/1.1"), GOES_ON, 501, NULL},
    {STR("G@T /hello HTTP/1.1"), CLOSES, 501, NULL},
    {STR("GET: /hello HTTP/1.1"), CLOSES, 501, NULL},
    {STR("\"GET\" /hello HTTP/1.1"), CLOSES, 501, NULL},
    {STR("GET\x7f /hello HTTP/1.1"), CLOSES, 501, NULL},
    {STR("GET,POST /hello HTTP/1.1"), CLOSES, 501, NULL},
    {STR("TRACE /hello HTTP/1.1"), GOES_ON, 501, NULL},
    {STR("PROPFIND /hello HTTP/1.1"), GOES_ON, 501, NULL},
    {STR("CONNECT localhost:443 HTTP/1.1"), GOES_ON, 501, NULL},
    {STR("PRI * HTTP/2.0"), CLOSES, 0, NULL},
    {STR("OPTIONS * HTTP/1.1"), GOES_ON, 400, NULL},
    /* targets */
    {STR("GET http://localhost/hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET https://evil/hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET HTTP://LOCALHOST/hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET //evil/hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello// HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET * HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET ?x HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello#x HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET localhost:443 HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /a/../hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /./hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello/.. HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /a/%2e%2e/hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /a/.%2E/hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /a%2fhello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /a%5chello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /a\\hello HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello%00 HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello%0d%0aX:%20y HTTP/1.1"), GOES_ON, 0, NULL},
    {STR("GET /hello?asAt=%0d%0aX:%20y HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello?asAt=%00 HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello?asAt=\x01 HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello?as\x00"
         "At=1 HTTP/1.1"),
     CLOSES, 0, NULL},
    {STR("GET /hello% HTTP/1.1"), GOES_ON, 0, NULL},
    {STR("GET /hello%g0 HTTP/1.1"), GOES_ON, 0, NULL},
    {STR("GET /hello\x7f HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hello\x80 HTTP/1.1"), GOES_ON, 400, NULL},
    {STR("GET /hel lo HTTP/1.1"), GOES_ON, 400, NULL},
};

/* ---- header fields, between Host and the empty line ---- */

static const struct framing FIELDS[] = {
    {STR("X-A: b\r\n"), GOES_ON, 200, NULL},
    {STR("X-A:\r\n"), GOES_ON, 200, NULL},
    {STR("X-A: \t b \t\r\n"), GOES_ON, 200, NULL},
    {STR("X-A: caf\xc3\xa9 \xff\r\n"), GOES_ON, 200, NULL},
    {STR("!#$%&'*+-.^_`|~9: b\r\n"), GOES_ON, 200, NULL},
    {STR("X-Forwarded-Host: evil\r\nForwarded: host=evil\r\n"), GOES_ON, 200, NULL},
    {STR("X-HTTP-Method-Override: DELETE\r\n"), GOES_ON, 200, NULL},
    {STR("X-Original-URL: /tagged\r\nX-Rewrite-URL: /tagged\r\n"), GOES_ON, 200, NULL},
    {STR("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
     GOES_ON, 200, NULL},
    {STR("Upgrade: websocket\r\nConnection: Upgrade\r\n"), GOES_ON, 200, NULL},
    /* names */
    {STR("X(Y): b\r\n"), CLOSES, 0, NULL},
    {STR("X Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X\tY: b\r\n"), CLOSES, 0, NULL},
    {STR("X\"Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X/Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X[Y]: b\r\n"), CLOSES, 0, NULL},
    {STR("X{Y}: b\r\n"), CLOSES, 0, NULL},
    {STR("X@Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X=Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X,Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X;Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X\\Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X\x01Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X\x7fY: b\r\n"), CLOSES, 0, NULL},
    {STR("X\x80Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X\xffY: b\r\n"), CLOSES, 0, NULL},
    {STR("X\x00Y: b\r\n"), CLOSES, 0, NULL},
    {STR("X : b\r\n"), CLOSES, 0, NULL},
    {STR("X\t: b\r\n"), CLOSES, 0, NULL},
    {STR(": b\r\n"), CLOSES, 0, NULL},
    {STR(" : b\r\n"), CLOSES, 0, NULL},
    {STR(":\r\n"), CLOSES, 0, NULL},
    {STR("::\r\n"), CLOSES, 0, NULL},
    {STR("nonsense\r\n"), CLOSES, 0, NULL},
    {STR("GET /tagged HTTP/1.1\r\n"), CLOSES, 0, NULL},
    /* values */
    {STR("X: a\x00"
         "b\r\n"),
     CLOSES, 0, NULL},
    {STR("X: \x00\r\n"), CLOSES, 0, NULL},
    {STR("X: a\x01"
         "b\r\n"),
     CLOSES, 0, NULL},
    {STR("X: a\x08"
         "b\r\n"),
     CLOSES, 0, NULL},
    {STR("X: a\x0b"
         "b\r\n"),
     CLOSES, 0, NULL},
    {STR("X: a\x0c"
         "b\r\n"),
     CLOSES, 0, NULL},
    {STR("X: a\x1b[0m\r\n"), CLOSES, 0, NULL},
    {STR("X: a\x7f\r\n"), CLOSES, 0, NULL},
    {STR("X: a\rb\r\n"), CLOSES, 0, NULL},
    {STR("X: a\r\r\n"), CLOSES, 0, NULL},
    /* lines */
    {STR("X: a\r\n b\r\n"), CLOSES, 0, NULL},
    {STR("X: a\r\n\tb\r\n"), CLOSES, 0, NULL},
    {STR("X: a\r\n \r\n"), CLOSES, 0, NULL},
    {STR("X:\r\n a\r\n"), CLOSES, 0, NULL},
    {STR("X: a\n b\r\n"), CLOSES, 0, NULL},
    {STR("X: a\nY: b\r\n"), CLOSES, 0, NULL},
    {STR("X: a\n"), CLOSES, 0, NULL},
    {STR("X: a\r\nY: b\n"), CLOSES, 0, NULL},
    {STR(" X: a\r\n"), CLOSES, 0, NULL},
    {STR("X: a\r\n\n"), CLOSES, 0, NULL},
    {STR("X: a\n\r\n" FRAMING_SMUGGLED "X: "), CLOSES, 0, NULL},
    {STR("X: a\n\n" FRAMING_SMUGGLED "X: "), CLOSES, 0, NULL},
    /* hosts */
    {STR(HOST), CLOSES, 0, NULL},
    {STR("Host: evil\r\n"), CLOSES, 0, NULL},
    {STR("host: evil\r\n"), CLOSES, 0, NULL},
    {STR("Host :evil\r\n"), CLOSES, 0, NULL},
    {STR("Host\t: evil\r\n"), CLOSES, 0, NULL},
    {STR("Host-Name: evil\r\n"), CLOSES, 0, NULL},
    {STR("Host\x00: evil\r\n"), CLOSES, 0, NULL},
    {STR(" Host: evil\r\n"), CLOSES, 0, NULL},
    /* what may come once */
    {STR("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), GOES_ON, 400, NULL},
    {STR("Content-Type: text/csv\r\ncontent-type: text/html\r\n"), GOES_ON, 400, NULL},
    {STR("Idempotency-Key: a\r\nIdempotency_Key: b\r\n"), GOES_ON, 400, NULL},
    {STR("Content-Encoding: gzip\r\nContent-Encoding: identity\r\n"), GOES_ON, 400, NULL},
    {STR("Expect: banana\r\n"), GOES_ON, 417, NULL},
    {STR("Expect: 100-continue, banana\r\n"), GOES_ON, 417, NULL},
    {STR("Expect:\r\n"), GOES_ON, 417, NULL},
};

/* ---- the whole header: hosts alone ---- */

static const struct framing HOSTS[] = {
    {STR(HOST), GOES_ON, 200, NULL},
    {STR("Host:localhost:8443\r\n"), GOES_ON, 200, NULL},
    {STR("HOST: [::1]:8443\r\n"), GOES_ON, 200, NULL},
    {STR("Host:   localhost \t\r\n"), GOES_ON, 200, NULL},
    {STR(""), CLOSES, 0, NULL},
    {STR("Host:\r\n"), CLOSES, 0, NULL},
    {STR("Host: \t\r\n"), CLOSES, 0, NULL},
    {STR("Host: a b\r\n"), CLOSES, 0, NULL},
    {STR("Host: a, b\r\n"), CLOSES, 0, NULL},
    {STR("Host: a/b\r\n"), CLOSES, 0, NULL},
    {STR("Host: a@b\r\n"), CLOSES, 0, NULL},
    {STR("Host: a?b\r\n"), CLOSES, 0, NULL},
    {STR("Host: a#b\r\n"), CLOSES, 0, NULL},
    {STR("Host: a\\b\r\n"), CLOSES, 0, NULL},
    {STR("Host: <a>\r\n"), CLOSES, 0, NULL},
    {STR("Host: a\"b\r\n"), CLOSES, 0, NULL},
    {STR("Host: %61\r\n"), CLOSES, 0, NULL},
    {STR("Host: http://localhost\r\n"), CLOSES, 0, NULL},
    {STR("Host: caf\xc3\xa9\r\n"), CLOSES, 0, NULL},
    {STR("Host:\r\n localhost\r\n"), CLOSES, 0, NULL},
    {STR("Host : localhost\r\n"), CLOSES, 0, NULL},
    {STR("Host\x00: localhost\r\n"), CLOSES, 0, NULL},
    {STR("Host: local\x00host\r\n"), CLOSES, 0, NULL},
    {STR(" Host: localhost\r\n"), CLOSES, 0, NULL},
    {STR("X: y\nHost: localhost\r\n"), CLOSES, 0, NULL},
    {STR("Hosts: localhost\r\n"), CLOSES, 0, NULL},
};

/* ---- bodies in chunks ---- */

static const struct framing CHUNKS[] = {
    {STR("0\r\n\r\n"), GOES_ON, 200, NULL},
    {STR("2\r\n{}\r\n0\r\n\r\n"), GOES_ON, 200, NULL},
    {STR("0000000002\r\n{}\r\n000\r\n\r\n"), GOES_ON, 200, NULL},
    {STR("44\r\n" FRAMING_SMUGGLED "\r\n0\r\n\r\n"), GOES_ON, 200, NULL},
    {STR("0\r\nX-Trailer: y\r\n\r\n"), GOES_ON, 200, NULL},
    {STR("0\r\n" CL ": 68\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n\r\n"), GOES_ON, 200, NULL},
    /* sizes */
    {STR("\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("g\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("-2\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("+2\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("0x2\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2x\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2 2\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR(" 2\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("\t2\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2.0\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2,2\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2\x00\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("\x00"
         "2\r\n{}\r\n0\r\n\r\n"),
     CLOSES, 0, NULL},
    {STR("10000000000000000\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("10000000000000002\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("fffffffffffffffff\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("ffffffffffffffff\r\n{}\r\n0\r\n\r\n"), WAITS, 0, NULL},
    {STR("80000000\r\n{}\r\n0\r\n\r\n"), WAITS, 0, NULL},
    {STR("1\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    /* ends */
    {STR("2\r\n{}0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2\r\n{}XX0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2\r\n{}\r\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2\r{}\r0\r\r"), CLOSES, 0, NULL},
    {STR("2\r\n{}\r\n0\r\n"), CLOSES, 0, NULL},
    {STR("0\r\nno colon\r\n\r\n"), CLOSES, 0, NULL},
    /* what the library forgives */
    {STR("2;a=b\r\n{}\r\n0\r\n\r\n"), GOES_ON, 200, "chunk extensions"},
    {STR("2;a=\"b;c\"\r\n{}\r\n0;x\r\n\r\n"), GOES_ON, 200, "chunk extensions"},
    {STR("2;\x01\r\n{}\r\n0\r\n\r\n"), GOES_ON, 200, "any byte in a chunk extension"},
    {STR("2;a\nb\r\n{}\r\n0\r\n\r\n"), CLOSES, 0, NULL},
    {STR("2\n{}\n0\n\n"), GOES_ON, 200, "bare line feeds between chunks"},
    {STR("2\n{}\r\n0\r\n\r\n"), GOES_ON, 200, "a bare line feed after a size"},
    {STR("2\r\n{}\n0\r\n\r\n"), GOES_ON, 200, "a bare line feed after a chunk"},
    {STR("3\r\n{}\r\n0\r\n\r\n"), GOES_ON, 200, "a bare line feed after a chunk"},
    {STR("0\n\r\n"), GOES_ON, 200, "a bare line feed after the last size"},
    {STR("0\r\n\n"), GOES_ON, 200, "a bare line feed at the end"},
    {STR("0\r\nX: y\n\r\n"), GOES_ON, 200, "bare line feeds in trailers"},
    {STR("0\r\nX: y\r\n z\r\n\r\n"), GOES_ON, 200, "folded trailers"},
    {STR("0\r\nX(Y): \x01\r\n\r\n"), GOES_ON, 200, "any byte in trailers"},
};

#define TABLE(name, before, rows, after)                                                                     \
    { name, before, after, rows, sizeof rows / sizeof *rows }
const struct framing_table framing_tables[FRAMING_TABLES] = {
    TABLE("length", "POST /echo HTTP/1.1\r\n" HOST, LENGTHS, "\r\n\r\n" FRAMING_SMUGGLED),
    TABLE("request line", "", LINES, "\r\n" HOST "\r\n"),
    TABLE("field", "GET /hello HTTP/1.1\r\n" HOST, FIELDS, "\r\n"),
    TABLE("host", "GET /hello HTTP/1.1\r\n", HOSTS, "\r\n"),
    TABLE("chunks", "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", CHUNKS, ""),
    TABLE("chunks, refused", "PUT /hello HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", CHUNKS, ""),
};
_Static_assert(sizeof FRAMING_SMUGGLED == 69, "68 bytes, as the lengths and chunks above say");
