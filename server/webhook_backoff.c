#include "server/webhook_backoff.h"

static const int32_t SECONDS[WEBHOOK_ATTEMPTS - 1] = {10, 30, 120, 600, 1800, 3600, 7200, 14400};

int64_t webhook_backoff_ms(int attempt, uint32_t dice) {
    if (attempt < 1 || attempt >= WEBHOOK_ATTEMPTS) return -1;
    int64_t ms = (int64_t)SECONDS[attempt - 1] * 1000;
    return ms + (int64_t)((uint64_t)(ms / 10) * dice / UINT32_MAX);
}
