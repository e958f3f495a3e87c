/* handlers: one function per route; the table that names them is handlers/routes.c. */
#ifndef QD_HANDLERS_HANDLERS_H
#define QD_HANDLERS_HANDLERS_H

#include "handlers/app.h"
#include "handlers/target.h"

handler_fn handle_root, handle_live, handle_ready, handle_openapi, handle_docs, handle_problem;
handler_fn handle_part_put, handle_part_get, handle_part_changes, handle_part_restatement;
handler_fn handle_return_get, handle_return_history, handle_returns_list;
handler_fn handle_template, handle_feed;
handler_fn handle_breakdown, handle_dashboard, handle_kpi_history, handle_explanation, handle_kpi_rows;
handler_fn handle_framework_get, handle_framework_put;
handler_fn handle_framework_schema, handle_framework_versions;
handler_fn handle_events, handle_audit, handle_subject_get, handle_subject_erase;
handler_fn handle_webhooks_list, handle_webhook_get, handle_webhook_create, handle_webhook_delete;
handler_fn handle_webhook_pause, handle_webhook_resume, handle_webhook_test;
handler_fn handle_webhook_deliveries, handle_webhook_redelivery, handle_webhook_redeliver_dead;
handler_fn handle_calendar, handle_provider_get, handle_provider_put;
handler_fn handle_supplement, handle_code_lists;
handler_fn handle_lookups_list, handle_lookup_get, handle_lookup_put;
handler_fn handle_completeness, handle_completeness_list, handle_payment, handle_snapshots;
handler_fn handle_statement_get, handle_statement_draft, handle_statement_step;
handler_fn handle_national_get, handle_national_history, handle_national_copy;
handler_fn handle_national_reconciliation;
handler_fn handle_national_finance, handle_national_reasons, handle_national_submission;
handler_fn handle_keys_list, handle_key_issue, handle_key_rotate, handle_key_revoke;
handler_fn handle_submission, handle_finalisation, handle_lock, handle_unlock;
handler_fn handle_plans_list, handle_plan_get, handle_plan_open, handle_plan_change, handle_plan_note,
    handle_plan_action_add, handle_plan_action_change, handle_plan_summary;

extern const struct route ROUTES[];
extern const size_t ROUTE_COUNT;

#endif
