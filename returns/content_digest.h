/* content_digest: 128 bits of a row's encoded bytes, to tell changed rows from unchanged ones. Not for ids:
 * hash128_of() (SipHash) stands against people who choose their input, this one need not, since who deceives
 * it deceives but themselves; it is ten times as fast, and runs over every byte of every row. Digests are
 * stored: the numbers below never change. */
#ifndef QD_RETURNS_CONTENT_DIGEST_H
#define QD_RETURNS_CONTENT_DIGEST_H

#include "base/hash.h"

struct hash128 content_digest(const char *bytes, size_t n);

#endif
