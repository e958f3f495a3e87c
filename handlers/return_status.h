/* return_status: where a provider's return for a period stands: parts, what is missing, deadline, on time or late. */
#ifndef QD_HANDLERS_RETURN_STATUS_H
#define QD_HANDLERS_RETURN_STATUS_H

#include "base/json.h"
#include "handlers/target.h"

struct return_status {
    str service;
    const struct store_provider *provider;
    const struct framework_provider *expected; /* NULL: not named by the framework */
    int16_t period;
    const struct store_version *newest[PART_COUNT]; /* in force, NULL: not sent */
    uint32_t sent, missing;                         /* bits per part */
    bool any_late;                                  /* the first version of a part came after the deadline */
};

/* From all versions of the provider (newest first, as store_versions_list gives them). */
void return_status_find(struct return_status *s, const struct store_version *versions, size_t count);
/* "OPEN" until the sign-off exists (next issue), then also "SUBMITTED", "LOCKED". */
const char *return_status_name(const struct return_status *s);
void return_status_write(struct json *j, const struct return_status *s, int32_t today);

#endif
