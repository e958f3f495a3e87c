/* inside: may a service that serves several parties open a connection to this address for one of them? Whoever may name an address
 * must not reach, through us, what only we can reach: this machine, its network, the cloud's metadata. */
#ifndef QD_BASE_INSIDE_H
#define QD_BASE_INSIDE_H

#include "base/str.h"

struct sockaddr;

/* NULL: it is an address of the public Internet. Otherwise what it is, in words: "a loopback address". What is no IPv4 or IPv6
 * address is refused too. IPv4 inside IPv6 (mapped, NAT64) is judged as what it stands for. */
const char *address_is_inside(const struct sockaddr *address);
/* The same for an address as text, without brackets. False: the text is none (a name), and *out_why stays. */
bool address_text_is_inside(str text, const char **out_why);

#endif
