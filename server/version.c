/* version: the only file that is compiled with the version, so that a commit does not rebuild the house. */
#include "server/version.h"

#ifndef QUARTERDAY_VERSION
#define QUARTERDAY_VERSION "0.0.0-dev"
#endif
#ifndef QUARTERDAY_MADE_AT
#define QUARTERDAY_MADE_AT 0
#endif

#define SECOND INT64_C(1000000)
#define PATIENCE (86400 * SECOND) /* clocks of two machines, and a commit of another time zone */

const char *quarterday_version(void) {
    return QUARTERDAY_VERSION;
}

int64_t quarterday_made_at(void) {
    int64_t made_at = QUARTERDAY_MADE_AT;
    return made_at ? made_at * SECOND : INSTANT_NONE;
}

enum err version_check_clock(int64_t now, int64_t made_at, struct fault *fault) {
    char is[INSTANT_TEXT], was[INSTANT_TEXT];
    if (made_at == INSTANT_NONE || now >= made_at - PATIENCE) return OK;
    return fail(
        fault, ERR_UNAVAILABLE,
        "The clock of this machine says %s, which is before this program was made (%s). Set it: deadlines, keys and "
        "certificates are judged by it.",
        instant_format(now, is), instant_format(made_at, was));
}
