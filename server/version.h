/* version: which build this is, e.g. "0.1.0-dev+2f1c9a7b3d4e", and when it was made. */
#ifndef QD_SERVER_VERSION_H
#define QD_SERVER_VERSION_H

#include "base/date.h"
#include "base/err.h"

const char *quarterday_version(void);
/* The instant of the commit that it was built from; INSTANT_NONE where that is not known. */
int64_t quarterday_made_at(void);
/* ERR_UNAVAILABLE where a clock says that it is before made_at, by more than a day: deadlines, keys and certificates would be judged by it. */
enum err version_check_clock(int64_t now, int64_t made_at, struct fault *fault);

#endif
