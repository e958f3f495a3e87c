/* body: how far a large body has been read, or the facts of a large return. What is a read-only mapping of a
 * file gives back its pages as the readers go through it, so that a 100 MB upload does not sit in the process;
 * the bytes stay readable (the kernel fetches them again). */
#ifndef QD_RETURNS_BODY_H
#define QD_RETURNS_BODY_H

#include "base/str.h"

struct body_window {
    const char
        *released; /* everything before it has been given back; NULL: not a mapping, nothing is given back */
};

enum { BODY_STEP = 4 << 20 };

void body_window_begin(struct body_window *w, str body, bool is_mapped);
void body_window_give_back(struct body_window *w, const char *upto);
/* Called often; acts every BODY_STEP bytes. */
static inline void body_window_move(struct body_window *w, const char *upto) {
    if (w->released && upto - w->released >= BODY_STEP) body_window_give_back(w, upto);
}

#endif
