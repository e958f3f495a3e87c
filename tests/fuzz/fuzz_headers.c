/* fuzz_headers: the values of header fields that say from where, in what and how much: forwarded addresses, Accept and Accept-Encoding,
 * Content-Type. The input is a line for each field, "Name: value"; the first byte says who is connected. */
#include "base/address.h"
#include "server/etag.h"
#include "server/origin.h"
#include "tests/fuzz/target.h"

static void origins(const struct pair *headers, size_t count, unsigned choice) {
    struct server_settings s = {.reads_forwarded = choice & 1};
    struct address proxy, stranger;
    must(address_parse(STR("10.0.0.1"), &proxy) && address_parse(STR("198.51.100.9"), &stranger));
    must(address_ranges_parse(STR("10.0.0.0/8"), &s.trusted_proxies, NULL) == OK);
    /* Who is no proxy of ours is who he is, whatever he writes. */
    struct address of = origin_of(&stranger, &s, headers, count);
    must(memcmp(&of, &stranger, sizeof of) == 0);
    /* Without any trusted proxy nobody's header counts. */
    struct server_settings none = {.reads_forwarded = choice & 1};
    of = origin_of(&proxy, &none, headers, count);
    must(memcmp(&of, &proxy, sizeof of) == 0);
    of = origin_of(&proxy, &s, headers, count);
    address_is_known(&of);
    /* What others wrote before the last hop changes nothing. */
    if (count > 0 && count < 60) {
        struct pair more[64];
        more[0] = (struct pair){STR("X-Unrelated"), STR("203.0.113.5")};
        memcpy(more + 1, headers, count * sizeof *headers);
        struct address same = origin_of(&proxy, &s, more, count + 1);
        must(memcmp(&same, &of, sizeof of) == 0);
    }
}

static void wishes(struct request *r) {
    static const char *const OFFERS[] = {"application/json", "text/csv", "text/html"};
    size_t choice = 99, one = 99;
    enum err e = request_negotiate(r, OFFERS, 3, &choice);
    must(r->fault.err == e);
    if (e == OK) {
        must(choice < 3);
        /* what was chosen from three is acceptable alone */
        r->fault = (struct fault){.err = OK};
        must(request_negotiate(r, &OFFERS[choice], 1, &one) == OK && one == 0);
    } else must(e == ERR_NOT_ACCEPTABLE);
    request_accepts_with(r, "text/csv", "annotate");
    request_accepts_gzip(r);
    etag_is_known(r, STR("\"v3\""));
    str type = request_content_type(r);
    must(type.p || !request_header(r, "Content-Type").p);
    for (size_t i = 0; i < type.n; i++)
        must(type.p[i] != ';' && ascii_lower(type.p[i]) == type.p[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_EMPTY;
    struct pair headers[64];
    size_t count = 0;
    unsigned choice;
    str rest = chosen(data, size, &choice);
    while (rest.p && rest.n && count < 64) {
        str value = str_cut(&rest, '\n'), name = str_cut(&value, ':');
        headers[count++] = (struct pair){name, value.p ? str_trim(value) : STR("")};
    }
    struct request r = {.arena = &arena, .headers = headers, .header_count = count};
    origins(headers, count, choice);
    wishes(&r);
    arena_free(&arena);
    return 0;
}
