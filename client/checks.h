/* checks: the two halves of `quarterday check`: a file without the service, completeness by asking it. */
#ifndef QD_CLIENT_CHECKS_H
#define QD_CLIENT_CHECKS_H

#include "client/options.h"

int check_file(const struct options *o);
int check_completeness(const struct options *o);

#endif
