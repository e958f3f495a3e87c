/* routes: the same rows written in every way that is taken: separators, line ends, encodings, orders, spellings, labels, JSON.
 * One table for the unit test, which compares what would be stored, and for the HTTP test, which compares what is read back. */
#ifndef QD_TESTS_ROUTES_H
#define QD_TESTS_ROUTES_H

#include "base/buf.h"

enum route_encoding { ROUTE_UTF8, ROUTE_UTF8_BOM, ROUTE_UTF16_LE, ROUTE_UTF16_BE, ROUTE_1252 };

struct data_route {
    const char *how, *part;
    const char *body; /* UTF-8 */
    enum route_encoding encoding;
    bool json;
};

extern const struct data_route data_routes[];
extern const size_t data_route_count;
enum { DATA_ROUTE_ROWS = 2 }; /* each body has as many */

void data_route_bytes(const struct data_route *r, struct buf *out);

#endif
