/* receiver: takes what webhooks send, over TLS on the loopback, in a thread of its own, and answers as a case tells it. */
#ifndef QD_TESTS_RECEIVER_H
#define QD_TESTS_RECEIVER_H

#include <pthread.h>

#include "base/arena.h"
#include "base/buf.h"

struct received {
    const char *path, *id, *webhook, *attempt, *timestamp, *signature, *type,
        *body;       /* "" where it was not sent */
    unsigned status; /* that it was answered with */
};

struct receiver {
    char url[64]; /* https://localhost:port */
    /* What to answer; called by the receiver's thread before the answer goes out, which may take its time. 0: the connection is dropped.
     * NULL: 200. May be changed between requests. */
    unsigned (*answer)(void *context, const struct received *got);
    void *context;
    const char *location; /* of the answers; NULL: none */
    size_t answer_bytes;  /* of their bodies */
    /* the rest belongs to receiver.c */
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct arena arena;
    struct received *list;
    size_t count, room;
    void *daemon;
    struct buf certificate, key;
};

/* tls_dir: holds cert.pem and key.pem. False: it cannot start. */
bool receiver_start(struct receiver *r, const char *cert_file, const char *key_file);
void receiver_stop(struct receiver *r);

/* How many have come. */
size_t receiver_count(struct receiver *r);
/* The n-th, from 0; good until receiver_stop(). */
struct received receiver_at(struct receiver *r, size_t n);
/* Waits until there are n, at most 20 s. */
bool receiver_wait(struct receiver *r, size_t n);

#endif
