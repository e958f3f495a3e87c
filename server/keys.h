/* keys: who holds which key, in memory, so that I/O threads can ask without the database. A thread of its own
 * (with a connection of its own) reads all keys again when another process says that they changed, and every
 * 2 seconds in case that was not heard. */
#ifndef QD_SERVER_KEYS_H
#define QD_SERVER_KEYS_H

#include "server/http.h"

struct keys;

/* Loads the keys and starts the thread. ERR_UNAVAILABLE when the database cannot be read. */
enum err keys_open(const char *conninfo, struct fault *fault, struct keys **out);
void keys_close(struct keys *keys);

/* The principal of a bearer credential, or ERR_UNAUTHENTICATED: malformed, unknown, revoked and expired keys
 * look alike, also in the time they take. Any thread. */
enum err keys_authenticate(struct keys *keys, str credential, struct principal *out);

/* Is a key in force that was made with the sample data? Such a service must not listen where others reach
 * it. */
bool keys_have_sample(struct keys *keys);

#endif
