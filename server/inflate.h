/* inflate: a body that came as gzip (RFC 1952, several members too) into a second spool, by zlib, in pieces of a fixed size:
 * bounded by that spool's cap and by how many times larger than what was received it may become. */
#ifndef QD_SERVER_INFLATE_H
#define QD_SERVER_INFLATE_H

#include "server/spool.h"

enum { INFLATE_FREE = 1 << 20 }; /* up to here the ratio is not asked: small texts shrink to almost nothing */

/* ERR_BODY_TOO_LARGE: over the cap or the ratio. ERR_MALFORMED: no gzip, damaged, cut short, or followed by something else. */
enum err inflate_body(str received, uint64_t ratio, struct spool *out, struct fault *fault);

#endif
