/* address: see the header. Text is read and written by the C library's inet_pton() and inet_ntop(), which know no names, no
 * zones and no short forms such as 10.1. */
#include "base/address.h"

#include <arpa/inet.h>
#include <stdio.h>

static const uint8_t MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
enum { MAPPED_BITS = 96, ALL_BITS = 128 };

static bool is_mapped(const struct address *a) {
    return memcmp(a->bytes, MAPPED, sizeof MAPPED) == 0;
}

bool address_parse(str text, struct address *out) {
    char plain[INET6_ADDRSTRLEN];
    struct address a = {{0}};
    if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']') {
        text = str_sub(text, 1, text.n - 1);
        if (str_find(text, ':') == text.n) return false;
    }
    if (!text.n || text.n >= sizeof plain || memchr(text.p, '\0', text.n)) return false;
    memcpy(plain, text.p, text.n);
    plain[text.n] = '\0';
    memcpy(a.bytes, MAPPED, sizeof MAPPED);
    bool good =
        inet_pton(AF_INET, plain, a.bytes + sizeof MAPPED) == 1 || inet_pton(AF_INET6, plain, a.bytes) == 1;
    if (good) *out = a;
    return good;
}

void address_of_v4(const void *bytes, struct address *out) {
    memcpy(out->bytes, MAPPED, sizeof MAPPED);
    memcpy(out->bytes + sizeof MAPPED, bytes, sizeof out->bytes - sizeof MAPPED);
}

bool address_is_known(const struct address *a) {
    static const struct address UNKNOWN;
    return memcmp(a->bytes, UNKNOWN.bytes, sizeof a->bytes) != 0;
}

struct address address_network(const struct address *a) {
    enum { NETWORK = 8 };
    static const uint8_t NONE[NETWORK]; /* before an IPv4 address, and before ::1 */
    struct address network = *a;
    if (memcmp(a->bytes, NONE, NETWORK) != 0)
        memset(network.bytes + NETWORK, 0, sizeof network.bytes - NETWORK);
    return network;
}

static bool shares(const struct address *a, const struct address *b, unsigned bits) {
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(a->bytes, b->bytes, whole) != 0) return false;
    if (!rest) return true;
    unsigned mask = 0xffu << (8 - rest) & 0xffu;
    return ((unsigned)(a->bytes[whole] ^ b->bytes[whole]) & mask) == 0;
}

static bool has_bits_behind(const struct address *a, unsigned bits) {
    for (unsigned i = bits; i < ALL_BITS; i++)
        if (a->bytes[i / 8] & 0x80u >> i % 8) return true;
    return false;
}

bool address_range_parse(str text, struct address_range *out) {
    str rest = str_trim(text), address = str_cut(&rest, '/');
    struct address_range r = {.bits = ALL_BITS};
    if (!address_parse(address, &r.from)) return false;
    uint64_t bits = 0;
    unsigned before = is_mapped(&r.from) && str_find(address, ':') == address.n ? MAPPED_BITS : 0;
    if (rest.p) {
        if (!str_to_uint(rest, ALL_BITS - before, &bits)) return false;
        r.bits = (uint8_t)(before + bits);
    }
    if (has_bits_behind(&r.from, r.bits)) return false;
    *out = r;
    return true;
}

char *address_range_format(const struct address_range *r, char out[ADDRESS_RANGE_TEXT]) {
    char text[INET6_ADDRSTRLEN] = "";
    bool v4 = is_mapped(&r->from) && r->bits >= MAPPED_BITS;
    unsigned before = v4 ? MAPPED_BITS : 0;
    inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? r->from.bytes + sizeof MAPPED : r->from.bytes, text, sizeof text);
    if (r->bits == ALL_BITS) snprintf(out, ADDRESS_RANGE_TEXT, "%s", text);
    else snprintf(out, ADDRESS_RANGE_TEXT, "%s/%u", text, r->bits - before);
    return out;
}

enum err address_ranges_parse(str text, struct address_ranges *out, struct fault *fault) {
    str rest = str_trim(text);
    out->count = 0;
    if (!rest.n) return OK;
    while (rest.p) {
        str one = str_trim(str_cut(&rest, ','));
        if (out->count == ADDRESS_RANGES_MAX)
            return fail(fault, ERR_INVALID, "More than %d ranges of addresses; join some.",
                        ADDRESS_RANGES_MAX);
        if (!address_range_parse(one, &out->list[out->count]))
            return fail(fault, ERR_INVALID,
                        "'%.*s' is no address or range; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32, with "
                        "nothing but zeros behind the prefix.",
                        STR_ARG(one));
        out->count++;
    }
    return OK;
}

void address_ranges_write(struct buf *out, const struct address_ranges *ranges) {
    char text[ADDRESS_RANGE_TEXT];
    for (size_t i = 0; i < ranges->count; i++)
        buf_printf(out, "%s%s", i ? "," : "", address_range_format(&ranges->list[i], text));
}

bool address_ranges_have(const struct address_ranges *ranges, const struct address *a) {
    if (!address_is_known(a)) return false;
    for (size_t i = 0; i < ranges->count; i++)
        if (shares(&ranges->list[i].from, a, ranges->list[i].bits)) return true;
    return false;
}
