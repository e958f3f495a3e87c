/* See inside.h. The lists are those of IANA's special-purpose registries (RFC 6890), as prefixes; of IPv6 everything outside 2000::/3 is
 * refused, so that what is assigned one day is not reached by oversight. */
#include "base/inside.h"

#include <arpa/inet.h>
#include <netinet/in.h>

struct prefix {
    uint8_t bytes[16];
    unsigned bits;
    const char *is;
};

/* clang-format off */
static const struct prefix V4[] = {
    {{0},               8, "an address of this network"},
    {{10},              8, "a private address"},
    {{100, 64},        10, "an address of a carrier's network"},
    {{127},             8, "a loopback address"},
    {{168, 63, 129, 16}, 32, "a cloud's metadata address"},
    {{169, 254},       16, "a link-local address"},
    {{172, 16},        12, "a private address"},
    {{192, 0, 0},      24, "a reserved address"},
    {{192, 0, 2},      24, "an address for documentation"},
    {{192, 88, 99},    24, "a relay's address"},
    {{192, 168},       16, "a private address"},
    {{198, 18},        15, "an address for benchmarks"},
    {{198, 51, 100},   24, "an address for documentation"},
    {{203, 0, 113},    24, "an address for documentation"},
    {{224},             4, "a multicast address"},
    {{240},             4, "a reserved address"},
};
/* The last one is what may be reached; the words before it name what is met in practice. */
static const struct prefix V6[] = {
    {{0},                             128, "an address of this network"},
    {{[15] = 1},                      128, "a loopback address"},
    {{0x20, 0x01},                     23, "a reserved address"},
    {{0x20, 0x01, 0x0d, 0xb8},         32, "an address for documentation"},
    {{0x20, 0x02},                     16, "a relay's address"},
    {{0x3f, 0xff},                     20, "an address for documentation"},
    {{0xfc},                            7, "a private address"},
    {{0xfe, 0x80},                     10, "a link-local address"},
    {{0xff},                            8, "a multicast address"},
    {{0x20},                            3, NULL},
};
/* IPv4 in the last four bytes. */
static const struct prefix EMBEDDED[] = {
    {{[10] = 0xff, [11] = 0xff},       96, NULL}, /* mapped */
    {{0x00, 0x64, 0xff, 0x9b},         96, NULL}, /* NAT64 */
};
/* clang-format on */
#define COUNT(list) (sizeof list / sizeof *list)

static const struct prefix *find(const struct prefix *list, size_t count, const uint8_t *bytes) {
    for (size_t i = 0; i < count; i++) {
        const struct prefix *p = &list[i];
        unsigned whole = p->bits / 8, rest = p->bits % 8;
        if (memcmp(bytes, p->bytes, whole) != 0) continue;
        if (!rest || (bytes[whole] ^ p->bytes[whole]) >> (8 - rest) == 0) return p;
    }
    return NULL;
}

static const char *judge_v4(const uint8_t *bytes) {
    const struct prefix *p = find(V4, COUNT(V4), bytes);
    return p ? p->is : NULL;
}

static const char *judge_v6(const uint8_t *bytes) {
    if (find(EMBEDDED, COUNT(EMBEDDED), bytes)) return judge_v4(bytes + 12);
    const struct prefix *p = find(V6, COUNT(V6), bytes);
    return p ? p->is : "a reserved address";
}

const char *address_is_inside(const struct sockaddr *address) {
    const void *any = address;
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, any, sizeof v4);
        return judge_v4((const uint8_t *)&v4.sin_addr);
    }
    if (address->sa_family != AF_INET6) return "no address of the Internet";
    struct sockaddr_in6 v6;
    memcpy(&v6, any, sizeof v6);
    return judge_v6(v6.sin6_addr.s6_addr);
}

bool address_text_is_inside(str text, const char **out_why) {
    char room[INET6_ADDRSTRLEN];
    uint8_t bytes[16];
    if (text.n == 0 || text.n >= sizeof room) return false;
    memcpy(room, text.p, text.n);
    room[text.n] = '\0';
    if (inet_pton(AF_INET, room, bytes) == 1) *out_why = judge_v4(bytes);
    else if (inet_pton(AF_INET6, room, bytes) == 1) *out_why = judge_v6(bytes);
    else return false;
    return true;
}
