/* address: network addresses and ranges of them: from where a key may be used, and which proxies are believed. Pure.
 *
 * An IPv4 address is kept as the IPv6 address that it is mapped to, so a client that comes over a socket of either family is the
 * same client. */
#ifndef QD_BASE_ADDRESS_H
#define QD_BASE_ADDRESS_H

#include "base/buf.h"
#include "base/err.h"

struct address {
    uint8_t bytes[16]; /* all zeros: not known */
};
struct address_range {
    struct address from;
    uint8_t bits; /* that an address must have in common with it, of 128 */
};
enum { ADDRESS_RANGES_MAX = 16, ADDRESS_RANGE_TEXT = 64 };
struct address_ranges {
    size_t count;
    struct address_range list[ADDRESS_RANGES_MAX];
};

/* "192.0.2.7", "2001:db8::7", "[2001:db8::7]". */
bool address_parse(str text, struct address *out);
/* bytes: the four of an IPv4 address, the first one first. */
void address_of_v4(const void *bytes, struct address *out);
bool address_is_known(const struct address *a);
/* What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, since the rest is the client's to choose. */
struct address address_network(const struct address *a);

/* "192.0.2.0/24" or one address; false where bits are set behind the prefix, since that is mostly a slip. */
bool address_range_parse(str text, struct address_range *out);
char *address_range_format(const struct address_range *r, char out[ADDRESS_RANGE_TEXT]);

/* Several, with commas between; nothing is no range. ERR_INVALID names the one that is wrong. */
enum err address_ranges_parse(str text, struct address_ranges *out, struct fault *fault);
/* As they are stored and shown: each in its shortest form. */
void address_ranges_write(struct buf *out, const struct address_ranges *ranges);
/* False for an address that is not known. */
bool address_ranges_have(const struct address_ranges *ranges, const struct address *a);

#endif
