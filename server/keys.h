/* keys: who holds which key, in memory, so that I/O threads can ask without the database. A thread of its own
 * (with a connection of its own) reads all keys again when another process says that they changed, and every
 * 2 seconds in case that was not heard. */
#ifndef QD_SERVER_KEYS_H
#define QD_SERVER_KEYS_H

#include "base/address.h"
#include "base/key_format.h"
#include "server/http.h"

struct keys;

/* Loads the keys and starts the thread. ERR_UNAVAILABLE when the database cannot be read. */
enum err keys_open(const char *conninfo, struct fault *fault, struct keys **out);
/* The same beside a standby of the database: changes are seen within half a second, uses are not written. */
enum err keys_open_reading(const char *conninfo, struct fault *fault, struct keys **out);
void keys_close(struct keys *keys);

/* The principal of a bearer credential that comes from this address, or ERR_UNAUTHENTICATED: unknown, revoked and expired
 * keys, those with a wrong secret and those used from elsewhere than they may look alike, also in the time they take; what is malformed is
 * seen by its form, which everybody knows. Any thread. The day of
 * the use is written into the database within seconds, by the watching thread. seen: the connection's, so that the digest of
 * what it shows again is not worked out again; everything else is asked each time. May be NULL. */
enum err keys_authenticate(struct keys *keys, str credential, struct key_seen *seen,
                           const struct address *from, struct principal *out);

/* Is the key that this principal once showed still in force, and its rights what they were? Any thread. */
bool keys_in_force(struct keys *keys, const struct principal *who);

/* Waits until the keys as they are stored now are known here; false when the database did not give them within 2 seconds. Any
 * thread but those that do input and output. */
bool keys_refresh(struct keys *keys);

/* Is a key in force that was made with the sample data? Such a service must not listen where others reach
 * it. */
bool keys_have_sample(struct keys *keys);

#endif
