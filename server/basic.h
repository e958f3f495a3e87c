/* basic: the password of an HTTP Basic credential (RFC 7617). Spreadsheets and gateways can store nothing else; the feeds take a key that
 * way, and nothing else does. */
#ifndef QD_SERVER_BASIC_H
#define QD_SERVER_BASIC_H

#include "base/arena.h"

/* What stands after "Basic ": base64 of user:password. The password, whatever the user is; STR_NONE where it is not written so. */
str basic_password(struct arena *arena, str credential);

#endif
