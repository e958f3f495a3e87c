/* answers: what a test says of an answer. The line that failed is the caller's. */
#ifndef QD_TESTS_ANSWERS_H
#define QD_TESTS_ANSWERS_H

#include "tests/support/client.h"

/* The value at this path, as answer_text() writes it. */
#define check_text(answer, path, want) answer_check_text((answer), (path), (want), __FILE__, __LINE__)

void answer_check_text(const struct answer *a, const char *path, const char *want, const char *file,
                       int line);

#endif
