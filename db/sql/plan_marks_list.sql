-- The plans of a service as a dashboard marks them now: status, due date and promise, as the newest step left them (plan_change.sql). $1 service.
-- due is in days since 1970. The last column is for plan_marks_known.sql.
SELECT plan, kpi, opened_for, status, coalesce(due_again, due_date) - date '1970-01-01' AS due, when_period, opened_at, origin,
       seen_period, seen_rag, coalesce(seen_red_running, 0), seen_as_at, NULL::text AS when_then
FROM plan
WHERE service = $1::text
ORDER BY opened_for DESC, opened_at DESC, plan DESC
