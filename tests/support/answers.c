/* answers: see the header. */
#include "tests/support/answers.h"

#include <string.h>

#include "tests/support/suite.h"

void answer_check_text(const struct answer *a, const char *path, const char *want, const char *file,
                       int line) {
    const char *is = answer_text(a, path);
    check_record(strcmp(is, want) == 0, file, line, "%s is %s, expected %s", path, is, want);
}
