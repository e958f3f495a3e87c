/* key_set: the property names met in a few objects, by digest. Of fixed size: more names than it holds are
 * refused, since no return has so many and a client must not size our memory. Names belong to an object's
 * serial number; those of objects before `first` are forgotten, which costs nothing. */
#ifndef QD_RETURNS_KEY_SET_H
#define QD_RETURNS_KEY_SET_H

#include "base/hash.h"

enum { KEY_SET_MOST = 4096 };

struct key_slot {
    struct hash128 name;
    uint32_t object; /* 0: never used */
};

struct key_set {
    struct key_slot *slots; /* 2 * KEY_SET_MOST, allocated with the first name */
    uint32_t first;
    size_t count;
};

enum key_put { KEY_NEW, KEY_REPEATED, KEY_NO_ROOM };
enum key_put key_set_put(struct key_set *s, struct hash128 name, uint32_t object);
/* Forgets the names of objects before this one. */
void key_set_forget(struct key_set *s, uint32_t before);
void key_set_free(struct key_set *s);

#endif
