/* refusal_folds: refusals, folded, so that who asks in vain a million times fills neither memory nor audit. Pure but for its memory, which is of
 * a fixed size; not for several threads (refusals.c locks).
 *
 * Equal are refusals of one key by one route for one reason, of things of one service. The first is told at once; what follows within
 * the window is counted, and told as one line when it ends. One key has FOLDS_OF_KEY such lines a window at most; what it is refused beyond them is
 * one line more, of no route. All keys together have FOLDS; beyond, one line of no key counts the rest. So each refusal is counted once,
 * and there are at most FOLDS + 1 lines a window. */
#ifndef QD_SERVER_REFUSAL_FOLDS_H
#define QD_SERVER_REFUSAL_FOLDS_H

#include "base/date.h"
#include "server/server.h"

enum { FOLDS = 256, FOLDS_OF_KEY = 32, FOLD_OBJECT = 200 };

struct fold {
    char key_id[24];           /* "" for the rest of all keys */
    const struct route *route; /* NULL for the rest of a key, or of all */
    enum err err;
    char asked[65], own[65]; /* the service that was asked for, and the key's */
    char object
        [FOLD_OBJECT];   /* the address of the first, without /v1/; "" where it would say what it must not */
    uint64_t times;      /* not told yet */
    int64_t since;       /* instant of the first of those */
    int64_t quiet_until; /* clock_ms(); the window's end, once it was told */
    bool used;
};

struct refusal_folds {
    struct fold folds[FOLDS + 1]; /* the last one is the rest */
};

void refusal_folds_add(struct refusal_folds *f, const struct refusal *what, int64_t at);
/* The next to be told, from *place on (0 at first): its copy, with its times taken off and its window begun. False: no more. at_once: also those
 * whose window has not ended. Folds that have nothing to tell when their window ends are forgotten. */
bool refusal_folds_take(struct refusal_folds *f, size_t *place, int64_t now_ms, int64_t window_ms,
                        bool at_once, struct fold *out);
/* It could not be told: its times count again, to be told at `retry_ms`. */
void refusal_folds_give_back(struct refusal_folds *f, size_t place, const struct fold *fold,
                             int64_t retry_ms);

#endif
