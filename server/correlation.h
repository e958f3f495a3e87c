/* correlation: the word that ties an answer to its log lines. */
#ifndef QD_SERVER_CORRELATION_H
#define QD_SERVER_CORRELATION_H

#include "server/http.h"

/* The caller's X-Correlation-ID when it is given once and is 1 to 64 of A-Z a-z 0-9 . _ - ; else a fresh UUID, version 4. */
void correlation_choose(const struct pair *headers, size_t count, char out[65]);

#endif
