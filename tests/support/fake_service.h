/* fake_service: an HTTPS server that answers as a case tells it, step by step, for what a real service does only in trouble: it drops the
 * connection, asks for patience, takes its time. It listens on the loopback in a thread of its own. */
#ifndef QD_TESTS_FAKE_SERVICE_H
#define QD_TESTS_FAKE_SERVICE_H

#include <stdatomic.h>

#include "base/buf.h"

enum { FAKE_REQUESTS_MAX = 16 };

/* What happens to the n-th request; the last step holds for all that follow. */
struct fake_step {
    unsigned status;         /* 0: the connection is dropped when the whole body has come */
    const char *retry_after; /* NULL: no such header */
    const char *body;
};

struct fake_service {
    char url[64];
    const struct fake_step *steps; /* of the caller, until fake_service_stop() */
    size_t step_count;
    unsigned wait_ms;   /* before each piece of a body is taken */
    atomic_uint pieces; /* that have come; may be read at any time */
    /* what came; to be read after fake_service_end() */
    unsigned requests;
    struct buf bodies[FAKE_REQUESTS_MAX];
    void *daemon;
    struct buf certificate, key;
};

/* cert_file, key_file: PEM. False: it cannot start. */
bool fake_service_start(struct fake_service *f, const char *cert_file, const char *key_file,
                        const struct fake_step *steps, size_t count, unsigned wait_ms);
/* No more requests: its thread has ended. */
void fake_service_end(struct fake_service *f);
/* The same, and gives back what came. */
void fake_service_stop(struct fake_service *f);

#endif
