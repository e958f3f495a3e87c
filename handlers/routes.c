/* routes: the one table of what the service answers: who may, where it runs, what it takes. The contract test holds it against
 * openapi/openapi.yaml; the server turns anything not in here into a 404 or 405. */
#include "handlers/handlers.h"

enum {
    OWN = ROLE_PROVIDER,
    READERS = ROLE_PROVIDER | ROLE_COMMISSIONER,
    CHECKS = ROLE_CHECKER | ROLE_COMMISSIONER,
    LOADERS = ROLE_ADMIN | ROLE_COMMISSIONER,
    WIDER = READERS | AUDIENCE_PUBLIC, /* rounded for keys of the public audience: handlers/figures_ask.h */
    COMMON =
        ROLE_ADMIN | EVERY_SERVICE, /* what moves the figures of all services is no matter for one of them */
    ROWS = READERS | CLIENT_ROWS,   /* a commissioner with that scope, for a reason: handlers/client_rows.h */
    LISTS = ROLE_PROVIDER | ROLE_COMMISSIONER | ROLE_CHECKER,
};

/* clang-format off */
const struct route ROUTES[] = {
    {"root.get",       METHOD_GET, "/v1",                 ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_root, NULL},
    {"health.live",    METHOD_GET, "/health/live",        ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_live, NULL},
    {"health.ready",   METHOD_GET, "/health/ready",       ROLE_ANYONE, LANE_READ,   BODY_NONE, "", handle_ready, NULL},
    {"openapi.get",    METHOD_GET, "/openapi.json",       ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_openapi, NULL},
    {"docs.get",       METHOD_GET, "/docs",               ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_docs, "text/html"},
    {"problem.get",    METHOD_GET, "/problems/{code}",    ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_problem, "text/html"},

    {"part.put",       METHOD_PUT, "/v1/returns/{service}/{provider}/{period}/{part}",  OWN,     LANE_WRITE, BODY_ROWS, "dryRun reason", handle_part_put, ""},
    {"part.get",       METHOD_GET, "/v1/returns/{service}/{provider}/{period}/{part}",  ROWS,    LANE_READ,  BODY_NONE, "version reason", handle_part_get, ""},
    {"part.changes",   METHOD_GET, "/v1/returns/{service}/{provider}/{period}/{part}/changes",     READERS, LANE_READ, BODY_NONE, "from to limit cursor", handle_part_changes, ""},
    {"part.restatement", METHOD_GET, "/v1/returns/{service}/{provider}/{period}/{part}/restatement", READERS, LANE_READ, BODY_NONE, "version asAt", handle_part_restatement, NULL},
    {"subject.get",    METHOD_GET, "/v1/subjects/{service}",                            OWN,     LANE_WRITE, BODY_NONE, "", handle_subject_get, NULL},
    {"subject.erase",  METHOD_DELETE, "/v1/subjects/{service}",                         OWN,     LANE_WRITE, BODY_NONE, "reason", handle_subject_erase, NULL},
    {"return.get",     METHOD_GET, "/v1/returns/{service}/{provider}/{period}",         READERS, LANE_READ,  BODY_NONE, "", handle_return_get, NULL},
    {"return.history", METHOD_GET, "/v1/returns/{service}/{provider}/{period}/history", READERS, LANE_READ,  BODY_NONE, "limit cursor", handle_return_history, NULL},
    {"returns.list",   METHOD_GET, "/v1/returns",                                       LISTS,   LANE_READ,  BODY_NONE, "service period provider status late limit cursor", handle_returns_list, NULL},
    {"template.get",   METHOD_GET, "/v1/templates/{part}",                              READERS, LANE_READ,  BODY_NONE, "service period guide prefill format", handle_template, ""},
    {"calendar.get",   METHOD_GET, "/v1/calendar",                                      LISTS,   LANE_READ,  BODY_NONE, "service year limit cursor", handle_calendar, ""},
    {"events.list",    METHOD_GET, "/v1/events",                                        READERS, LANE_READ,  BODY_NONE, "service after limit types", handle_events, ""},
    {"audit.list",     METHOD_GET, "/v1/audit",                                         LOADERS, LANE_READ,  BODY_NONE, "service after limit actor action", handle_audit, NULL},
    {"webhooks.list",      METHOD_GET,    "/v1/webhooks/{service}",                READERS, LANE_READ,  BODY_NONE, "limit cursor", handle_webhooks_list, NULL},
    {"webhook.create",     METHOD_POST,   "/v1/webhooks/{service}",                READERS, LANE_WRITE, BODY_JSON, "", handle_webhook_create, NULL},
    {"webhook.get",        METHOD_GET,    "/v1/webhooks/{service}/{webhook}",      READERS, LANE_READ,  BODY_NONE, "", handle_webhook_get, NULL},
    {"webhook.delete",     METHOD_DELETE, "/v1/webhooks/{service}/{webhook}",      READERS, LANE_WRITE, BODY_NONE, "", handle_webhook_delete, NULL},
    {"webhook.pause",      METHOD_POST,   "/v1/webhooks/{service}/{webhook}/pause",      READERS, LANE_WRITE, BODY_JSON, "", handle_webhook_pause, NULL},
    {"webhook.resume",     METHOD_POST,   "/v1/webhooks/{service}/{webhook}/resumption", READERS, LANE_WRITE, BODY_NONE, "", handle_webhook_resume, NULL},
    {"webhook.test",       METHOD_POST,   "/v1/webhooks/{service}/{webhook}/test",       READERS, LANE_WRITE, BODY_NONE, "", handle_webhook_test, NULL},
    {"webhook.deliveries", METHOD_GET,    "/v1/webhooks/{service}/{webhook}/deliveries", READERS, LANE_READ,  BODY_NONE, "state limit cursor", handle_webhook_deliveries, NULL},
    {"webhook.redelivery", METHOD_POST,   "/v1/webhooks/{service}/{webhook}/deliveries/{event}/redelivery", READERS, LANE_WRITE, BODY_NONE, "", handle_webhook_redelivery, NULL},
    {"webhook.redeliver",  METHOD_POST,   "/v1/webhooks/{service}/{webhook}/redelivery", READERS, LANE_WRITE, BODY_NONE, "", handle_webhook_redeliver_dead, NULL},
    {"dashboard.get",  METHOD_GET, "/v1/dashboards/{service}/{period}",                 WIDER,   LANE_READ,  BODY_NONE, "disclosure asAt knownAt snapshot localAuthority provider", handle_dashboard, NULL},
    {"snapshots.list", METHOD_GET, "/v1/snapshots/{service}",                           READERS, LANE_READ,  BODY_NONE, "limit cursor", handle_snapshots, NULL},

    {"breakdown.get",  METHOD_GET, "/v1/breakdowns/{service}/{period}",                 WIDER,   LANE_READ,  BODY_NONE, "measure by view disclosure asAt knownAt snapshot localAuthority provider", handle_breakdown, ""},

    {"kpi.history",    METHOD_GET, "/v1/kpis/{service}/{ref}",                          READERS, LANE_READ,  BODY_NONE, "asAt knownAt snapshot localAuthority provider from to", handle_kpi_history, NULL},
    {"kpi.explanation", METHOD_GET, "/v1/kpis/{service}/{ref}/{period}/explanation",    READERS, LANE_READ,  BODY_NONE, "asAt knownAt snapshot localAuthority provider", handle_explanation, NULL},
    {"kpi.rows",       METHOD_GET, "/v1/kpis/{service}/{ref}/{period}/rows",            ROWS,    LANE_READ,  BODY_NONE, "asAt knownAt snapshot localAuthority provider view standing reason accessReason limit cursor", handle_kpi_rows, NULL},

    {"return.submit",  METHOD_POST, "/v1/returns/{service}/{provider}/{period}/submission", OWN, LANE_WRITE, BODY_JSON, "", handle_submission, NULL},
    {"period.final",   METHOD_POST, "/v1/periods/{service}/{period}/finalisation", ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_finalisation, NULL},
    {"period.lock",    METHOD_POST, "/v1/periods/{service}/{period}/lock",         ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_lock, NULL},
    {"period.unlock",  METHOD_POST, "/v1/periods/{service}/{period}/unlock",       ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_unlock, NULL},

    {"plans.list",     METHOD_GET,   "/v1/action-plans",              READERS, LANE_READ,  BODY_NONE, "service kpi status openedFor overdue limit cursor", handle_plans_list, ""},
    {"plan.open",      METHOD_POST,  "/v1/action-plans",              ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_plan_open, NULL},
    {"plan.get",       METHOD_GET,   "/v1/action-plans/{id}",         READERS, LANE_READ,  BODY_NONE, "", handle_plan_get, ""},
    {"plan.change",    METHOD_PATCH, "/v1/action-plans/{id}",         READERS, LANE_WRITE, BODY_JSON, "", handle_plan_change, NULL},
    {"plan.note",      METHOD_POST,  "/v1/action-plans/{id}/updates", READERS, LANE_WRITE, BODY_JSON, "", handle_plan_note, NULL},
    {"plan.action.add",    METHOD_POST,  "/v1/action-plans/{id}/actions",          READERS, LANE_WRITE, BODY_JSON, "", handle_plan_action_add, NULL},
    {"plan.action.change", METHOD_PATCH, "/v1/action-plans/{id}/actions/{action}", READERS, LANE_WRITE, BODY_JSON, "", handle_plan_action_change, NULL},
    {"plans.summary",  METHOD_GET,   "/v1/action-plan-summary",       READERS, LANE_READ,  BODY_NONE, "service from to", handle_plan_summary, NULL},

    {"completeness.get",  METHOD_GET, "/v1/completeness/{service}/{period}", LISTS, LANE_READ, BODY_NONE, "asAt knownAt snapshot limit cursor", handle_completeness, NULL},
    {"completeness.list", METHOD_GET, "/v1/completeness",                    LISTS, LANE_READ, BODY_NONE, "period ready asAt knownAt snapshot limit cursor", handle_completeness_list, NULL},
    {"national.get",     METHOD_GET,  "/v1/national-returns/{service}/{period}",            CHECKS, LANE_READ, BODY_NONE, "localAuthority asAt knownAt snapshot", handle_national_get, ""},
    {"national.history", METHOD_GET,  "/v1/national-returns/{service}/{period}/history",    CHECKS, LANE_READ, BODY_NONE, "limit cursor", handle_national_history, NULL},
    {"national.copy",    METHOD_GET,  "/v1/national-returns/{service}/{period}/submissions/{number}", CHECKS, LANE_READ, BODY_NONE, "", handle_national_copy, NULL},
    {"national.reconciliation", METHOD_GET, "/v1/national-returns/{service}/{period}/reconciliation", READERS, LANE_READ, BODY_NONE, "provider asAt knownAt snapshot", handle_national_reconciliation, ""},
    {"national.finance", METHOD_PUT,  "/v1/national-returns/{service}/{period}/finance",    ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_national_finance, NULL},
    {"national.reasons", METHOD_PUT,  "/v1/national-returns/{service}/{period}/reasons",    ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_national_reasons, NULL},
    {"national.submit",  METHOD_POST, "/v1/national-returns/{service}/{period}/submission", ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_national_submission, NULL},
    {"payment.get",       METHOD_GET, "/v1/payments/{service}/{year}",       ROLE_COMMISSIONER, LANE_READ, BODY_NONE, "asAt knownAt snapshot", handle_payment, NULL},
    {"statement.get",     METHOD_GET,  "/v1/payments/{service}/{year}/statements/{number}", ROLE_COMMISSIONER, LANE_READ,  BODY_NONE, "", handle_statement_get, NULL},
    {"statement.draft",   METHOD_POST, "/v1/payments/{service}/{year}/statements",          ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_statement_draft, NULL},
    {"statement.step",    METHOD_POST, "/v1/payments/{service}/{year}/statements/{number}", ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_statement_step, NULL},

    {"feed.get",       METHOD_GET, "/v1/feeds/{feed}",                                  ROLE_COMMISSIONER | ROLE_FEED, LANE_READ, BODY_NONE, "service from to asAt knownAt snapshot localAuthority format measure by", handle_feed, ""},
    {"schema.framework", METHOD_GET, "/v1/schemas/framework",                           ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", handle_framework_schema, "application/schema+json"},
    {"framework.get",  METHOD_GET, "/v1/frameworks/{id}",                               ROLE_COMMISSIONER, LANE_READ, BODY_NONE, "version", handle_framework_get, NULL},
    {"framework.put",  METHOD_PUT, "/v1/frameworks/{id}",                               ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "dryRun", handle_framework_put, NULL},
    {"framework.versions", METHOD_GET, "/v1/frameworks/{id}/versions",                  ROLE_COMMISSIONER, LANE_READ, BODY_NONE, "limit cursor", handle_framework_versions, NULL},
    {"provider.get",   METHOD_GET, "/v1/services/{service}/providers/{provider}",       READERS, LANE_READ,  BODY_NONE, "", handle_provider_get, NULL},
    {"provider.put",   METHOD_PUT, "/v1/services/{service}/providers/{provider}",       ROLE_COMMISSIONER, LANE_WRITE, BODY_JSON, "", handle_provider_put, NULL},

    {"supplement.get", METHOD_GET, "/v1/supplement/{service}/{period}", READERS, LANE_READ, BODY_NONE, "knownAt snapshot provider", handle_supplement, ""},
    {"codes.list",     METHOD_GET, "/v1/code-lists",                    READERS, LANE_INLINE, BODY_NONE, "period", handle_code_lists, ""},
    {"lookups.list",   METHOD_GET, "/v1/lookups",          LOADERS,    LANE_READ,  BODY_NONE, "limit cursor", handle_lookups_list, NULL},
    {"lookup.get",     METHOD_GET, "/v1/lookups/{lookup}", LOADERS,    LANE_READ,  BODY_NONE, "limit cursor", handle_lookup_get, NULL},
    {"lookup.put",     METHOD_PUT, "/v1/lookups/{lookup}", COMMON, LANE_WRITE, BODY_ROWS, "edition", handle_lookup_put, NULL},
    {"keys.list",      METHOD_GET,    "/v1/keys",               ROLE_ADMIN, LANE_READ,  BODY_NONE, "service provider role state limit cursor", handle_keys_list, NULL},
    {"key.issue",      METHOD_POST,   "/v1/keys",               ROLE_ADMIN, LANE_WRITE, BODY_JSON, "", handle_key_issue, NULL},
    {"key.revoke",     METHOD_DELETE, "/v1/keys/{id}",          ROLE_ADMIN, LANE_WRITE, BODY_NONE, "", handle_key_revoke, NULL},
    {"key.rotate",     METHOD_POST,   "/v1/keys/{id}/rotation", ROLE_ADMIN, LANE_WRITE, BODY_JSON, "", handle_key_rotate, NULL},
};
/* clang-format on */
const size_t ROUTE_COUNT = sizeof ROUTES / sizeof *ROUTES;
