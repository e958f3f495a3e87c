/* gzip: bodies of the tests, compressed. */
#ifndef QD_TESTS_GZIP_H
#define QD_TESTS_GZIP_H

#include "base/buf.h"

/* Adds one member. */
void gzip_add(struct buf *out, str text);

#endif
