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
    const struct store_version *first[PART_COUNT];  /* the part's first version */
    uint32_t sent, missing;                         /* bits per part */
};

/* The parts, from all versions of the provider (as store_versions_list gives them); the caller sets the state afterwards. */
void return_status_find(struct return_status *s, const struct store_version *versions, size_t count);
/* How a return stands to its deadline. */
struct timing {
    int32_t deadline;
    bool settled;     /* signed off once: late is what it was then */
    int32_t late;     /* days after the deadline: of the first sign-off, or until today; 0 by the deadline */
    bool outstanding; /* expected, not signed off, and the deadline has passed */
};
struct timing return_timing(const struct return_status *s, int32_t today);
/* Late: signed off after the deadline, or outstanding. */
bool return_is_late(const struct return_status *s, int32_t today);

void return_status_write(struct json *j, const struct return_status *s, int32_t today);
/* The list of parts that are missing, as a value. */
void return_status_write_missing(struct json *j, const struct return_status *s);

#endif
