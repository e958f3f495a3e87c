/* The test files in the order of running: unit, database, HTTP. One line a file; `make test` and the runner's argument
 * (a prefix such as "http") choose by the names that the files give their suites. */
/* clang-format off */
#define SUITE_FILES(X) \
    X(base) \
    X(client) \
    X(keys_format) \
    X(kpi_dashboard) \
    X(kpi_derive) \
    X(kpi_figures) \
    X(kpi_framework) \
    X(kpi_national) \
    X(kpi_numbers) \
    X(kpi_open_follow_up) \
    X(kpi_parts) \
    X(kpi_plan) \
    X(kpi_reference) \
    X(kpi_resolve) \
    X(kpi_status) \
    X(returns_annotate) \
    X(returns_columns) \
    X(returns_csv) \
    X(returns_encode) \
    X(returns_encoding) \
    X(returns_findings) \
    X(returns_hostile) \
    X(returns_json) \
    X(returns_lists) \
    X(returns_national) \
    X(returns_national_part) \
    X(returns_parts) \
    X(returns_rules) \
    X(server_authorise) \
    X(server_crew) \
    X(server_guard) \
    X(server_negotiate) \
    X(server_problem) \
    X(server_query) \
    X(server_route) \
    X(server_spool) \
    X(server_tls) \
    X(settings_read) \
    X(db_crash_points) \
    X(db_crash_points) \
    X(db_keys) \
    X(db_migrations) \
    X(db_returns) \
    X(db_schema) \
    X(db_trail) \
    X(db_transactions) \
    X(transport_basic) \
    X(transport_faults) \
    X(transport_shutdown) \
    X(transport_slow) \
    X(transport_smuggling) \
    X(http_calendar) \
    X(http_chain) \
    X(http_client) \
    X(http_crash) \
    X(http_hostile) \
    X(http_national) \
    X(http_oracle) \
    X(http_parts) \
    X(http_prefill) \
    X(http_upload) \
    X(http_ways)
/* clang-format on */
