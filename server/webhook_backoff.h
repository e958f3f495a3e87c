/* webhook_backoff: how long a webhook waits after a failed attempt, and when an event is dead. Pure. */
#ifndef QD_SERVER_WEBHOOK_BACKOFF_H
#define QD_SERVER_WEBHOOK_BACKOFF_H

#include <stdint.h>

/* 10 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, and then none: nine attempts within 7 h 42 min 40 s or, with jitter, up to a tenth
 * more. */
enum { WEBHOOK_ATTEMPTS = 9 };

/* Milliseconds after failed attempt number `attempt` (from 1), a tenth longer at most; -1: it was the last. dice: 0 to UINT32_MAX, so that
 * those that failed together do not come back together. */
int64_t webhook_backoff_ms(int attempt, uint32_t dice);

#endif
