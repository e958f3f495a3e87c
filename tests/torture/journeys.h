/* journeys: what people and systems do with the service, each as one request or command that can be done again and again, and what must be
 * in the database once it was done. Nothing here knows of failures: that is tests/torture/nth.c. */
#ifndef QD_TESTS_JOURNEYS_H
#define QD_TESTS_JOURNEYS_H

#include "tests/support/service.h"

struct scene {
    struct service *s;
    unsigned turn;             /* of the journey; what is sent in one turn differs from every other */
    char work[160];            /* a folder for files */
    char body_sha256[72];      /* of what was sent in this turn, in hex; "" where that does not tell */
    char path[200], match[24]; /* of a plan, and the version that this turn changes */
    long before;               /* what is counted, before the turn */
    struct answer *known;      /* how the reads answer while nothing fails */
    bool crashed;              /* a process of this turn did not end by itself, and could not tidy up */
};

/* A journey's answer is an HTTP status, or 0 for none; a command's exit status 0 is 200, another 503, an end by a signal minus that
 * signal. WRONG_ANSWER: 200, with other contents than it must have. */
enum { WRONG_ANSWER = 299 };

struct journey {
    const char *name;
    bool is_process;                 /* a process of its own, not a request to the service */
    void (*prepare)(struct scene *); /* before each turn; may be NULL */
    long (*act)(struct scene *);
    /* After it: how often this turn's thing is there. NULL: it leaves nothing. */
    long (*count)(struct scene *);
};

extern const struct journey JOURNEYS[];
extern const unsigned JOURNEY_COUNT;

/* What all of them need. False: it cannot be had. */
bool journeys_begin(struct scene *sc);
void journeys_end(struct scene *sc);

#endif
