#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static const struct err_info INFO[ERR_COUNT] = {[OK] = {"OK", 200, "Done"},
#define X(name, status, title) [ERR_##name] = {#name, status, title},
                                                ERR_LIST(X)
#undef X
};

const struct err_info *err_info(enum err e) {
    return &INFO[e < ERR_COUNT ? e : ERR_INTERNAL];
}

/* A piece that was too long may have been cut within a character. */
static void mend_cuts(char *detail) {
    size_t bad;
    while (!str_is_utf8(str_of(detail), &bad))
        memmove(detail + bad, detail + bad + 1, strlen(detail + bad));
}

enum err fail(struct fault *f, enum err e, const char *format, ...) {
    if (!f) return e;
    f->err = e;
    va_list args;
    va_start(args, format);
    vsnprintf(f->detail, sizeof f->detail, format, args);
    va_end(args);
    mend_cuts(f->detail);
    return e;
}
