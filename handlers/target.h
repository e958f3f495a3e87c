/* target: what a path points at: service, provider, period, part; each a 404 with words when there is no such thing. */
#ifndef QD_HANDLERS_TARGET_H
#define QD_HANDLERS_TARGET_H

#include "handlers/app.h"
#include "kpi/versions.h"

/* {period} of the path, from 2017-18-Q3 on. */
enum err target_period(struct request *r, int16_t *out);
/* {part} of the path; only parts that can be sent. */
enum err target_part(struct request *r, const struct part **out);
/* Both, where the address has them: for the server, before a body is sent. */
enum err target_check(struct request *r);
/* ?name=2025-26-Q1; *out stays when the parameter is absent. ERR_BAD_PARAMETER. */
enum err query_period(struct request *r, const char *name, int16_t *out);
/* ?name=YYYY-MM-DD; *out stays when absent. */
enum err query_day(struct request *r, const char *name, int32_t *out);
/* ?name=2026-02-20T09:00:00Z; *out stays when absent. */
enum err query_instant(struct request *r, const char *name, int64_t *out);
/* ?name=n, 1 to max; *out stays when absent. */
enum err query_count(struct request *r, const char *name, uint64_t max, uint64_t *out);

/* ?after=n: the number of the last one seen; *out is 0 when absent. */
enum err query_after(struct request *r, int64_t *out);

/* The service as it was known at an instant; inside a transaction, so that all is one snapshot. */
struct service_view {
    struct store_service service;
    const struct framework *framework;   /* the version that rates the quarter that was asked for */
    struct frameworks_in_force in_force; /* and those that rate others */
    struct store_provider *providers;
    size_t provider_count;
};
/* period: the quarter of what is told; of what spans quarters, that of its day. Whoever tells of another quarter asks
 * service_view_framework(). */
enum err service_view_load(struct request *r, str service, int64_t known_at, int16_t period,
                           struct service_view *out, struct fault *fault);
/* The same in two steps: what is read is of no quarter yet and lives in the arena, and is made that of one. With known_at INSTANT_NONE the second asks
 * the database nothing. */
enum err service_view_read(struct request *r, str service, int64_t known_at, struct arena *a,
                           struct service_view *out, struct fault *fault);
enum err no_service(str service, struct fault *fault);
enum err service_view_of(struct request *r, const struct service_view *of_no_quarter, int64_t known_at,
                         int16_t period, struct service_view *out);
/* The version that rates the quarter. */
const struct framework *service_view_framework(const struct service_view *v, int16_t period);
/* The version that says when the year of a quarter is locked: that of its Q4. */
const struct framework *service_view_locking(const struct service_view *v, int16_t period);
/* The provider of that id, or NULL. */
const struct store_provider *service_view_provider(const struct service_view *v, str id);

#endif
