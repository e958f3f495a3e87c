/* version: the only file that is compiled with the version, so that a commit does not rebuild the house. */
#include "server/version.h"

#ifndef QUARTERDAY_VERSION
#define QUARTERDAY_VERSION "0.0.0-dev"
#endif

const char *quarterday_version(void) {
    return QUARTERDAY_VERSION;
}
