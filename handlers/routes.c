/* routes: the one table of what the service answers: who may, where it runs, what it takes. The contract test holds it against
 * openapi/openapi.yaml; the server turns anything not in here into a 404 or 405. */
#include "handlers/handlers.h"

enum {
    OWN = ROLE_PROVIDER,
    READERS = ROLE_PROVIDER | ROLE_COMMISSIONER,
    LISTS = ROLE_PROVIDER | ROLE_COMMISSIONER | ROLE_CHECKER,
};

/* clang-format off */
const struct route ROUTES[] = {
    {"root.get",       METHOD_GET, "/v1",                 ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_root},
    {"health.live",    METHOD_GET, "/health/live",        ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_live},
    {"health.ready",   METHOD_GET, "/health/ready",       ROLE_ANYONE, LANE_READ,   BODY_NONE, "", handle_ready},
    {"openapi.get",    METHOD_GET, "/openapi.json",       ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_openapi},
    {"docs.get",       METHOD_GET, "/docs",               ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_docs},
    {"problem.get",    METHOD_GET, "/problems/{code}",    ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_problem},

    {"part.put",       METHOD_PUT, "/v1/returns/{service}/{provider}/{period}/{part}",  OWN,     LANE_WRITE, BODY_ROWS, "dryRun reason", handle_part_put},
    {"part.get",       METHOD_GET, "/v1/returns/{service}/{provider}/{period}/{part}",  OWN,     LANE_READ,  BODY_NONE, "version", handle_part_get},
    {"return.get",     METHOD_GET, "/v1/returns/{service}/{provider}/{period}",         READERS, LANE_READ,  BODY_NONE, "", handle_return_get},
    {"return.history", METHOD_GET, "/v1/returns/{service}/{provider}/{period}/history", READERS, LANE_READ,  BODY_NONE, "limit cursor", handle_return_history},
    {"returns.list",   METHOD_GET, "/v1/returns",                                       LISTS,   LANE_READ,  BODY_NONE, "service period provider status limit cursor", handle_returns_list},
    {"template.get",   METHOD_GET, "/v1/templates/{part}",                              READERS, LANE_INLINE, BODY_NONE, "service period guide", handle_template},
    {"dashboard.get",  METHOD_GET, "/v1/dashboards/{service}/{period}",                 READERS, LANE_READ,  BODY_NONE, "asAt knownAt localAuthority provider", handle_dashboard},

    {"return.submit",  METHOD_POST, "/v1/returns/{service}/{provider}/{period}/submission", OWN, LANE_WRITE, BODY_JSON, "", handle_submission},
    {"period.final",   METHOD_POST, "/v1/periods/{service}/{period}/finalisation", ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_finalisation},
    {"period.lock",    METHOD_POST, "/v1/periods/{service}/{period}/lock",         ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_lock},
    {"period.unlock",  METHOD_POST, "/v1/periods/{service}/{period}/unlock",       ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_unlock},

    {"plans.list",     METHOD_GET,   "/v1/action-plans",              READERS, LANE_READ,  BODY_NONE, "service kpi status openedFor overdue limit cursor", handle_plans_list},
    {"plan.open",      METHOD_POST,  "/v1/action-plans",              ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_plan_open},
    {"plan.get",       METHOD_GET,   "/v1/action-plans/{id}",         READERS, LANE_READ,  BODY_NONE, "", handle_plan_get},
    {"plan.change",    METHOD_PATCH, "/v1/action-plans/{id}",         READERS, LANE_WRITE, BODY_JSON, "", handle_plan_change},
    {"plan.note",      METHOD_POST,  "/v1/action-plans/{id}/updates", READERS, LANE_WRITE, BODY_JSON, "", handle_plan_note},

    {"completeness.get",  METHOD_GET, "/v1/completeness/{service}/{period}", LISTS, LANE_READ, BODY_NONE, "asAt limit cursor", handle_completeness},
    {"completeness.list", METHOD_GET, "/v1/completeness",                    LISTS, LANE_READ, BODY_NONE, "period ready asAt limit cursor", handle_completeness_list},
    {"payment.get",       METHOD_GET, "/v1/payments/{service}/{year}",       ROLE_COMMISSIONER, LANE_READ, BODY_NONE, "asAt knownAt", handle_payment},

    {"framework.get",  METHOD_GET, "/v1/frameworks/{id}",                               READERS | ROLE_ADMIN, LANE_READ, BODY_NONE, "version", handle_framework_get},
};
/* clang-format on */
const size_t ROUTE_COUNT = sizeof ROUTES / sizeof *ROUTES;
