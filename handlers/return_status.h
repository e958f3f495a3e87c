/* return_status: where a provider's return for a period stands: parts, what is missing, deadline, on time or late. */
#ifndef QD_HANDLERS_RETURN_STATUS_H
#define QD_HANDLERS_RETURN_STATUS_H

#include "base/json.h"
#include "handlers/return_state.h"

struct return_status {
    str service;
    const struct store_provider *provider;
    const struct framework_provider *expected; /* NULL: not named by the framework */
    const struct framework *framework;
    int16_t period;
    struct return_state state;
    int64_t newest_seq;
    const struct store_version *newest[PART_COUNT]; /* in force, NULL: not sent */
    uint32_t sent, missing;                         /* bits per part */
};

/* The parts, from all versions of the provider (as store_versions_list gives them); the caller sets the state afterwards. */
void return_status_find(struct return_status *s, const struct store_version *versions, size_t count);
void return_status_write(struct json *j, const struct return_status *s, int32_t today);

#endif
