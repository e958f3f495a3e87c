-- The same as plan_marks_list.sql as was known at an instant, from the steps until then. $1 service, $2 known at. when_then: a period or nothing.
SELECT p.plan, p.kpi, p.opened_for,
       (SELECT e.to_status FROM plan_event e
        WHERE e.service = p.service AND e.plan = p.plan AND e.at <= $2::timestamptz
        ORDER BY e.version DESC LIMIT 1) AS status,
       coalesce(again.due, p.due_date) - date '1970-01-01' AS due, p.when_period, p.opened_at, p.origin,
       seen.evidence->>'period', seen.evidence->>'rag', coalesce((seen.evidence->>'redRunning')::int4, 0), seen.evidence->>'asAt',
       coalesce((SELECT e.changed->>'when' FROM plan_event e
                 WHERE e.service = p.service AND e.plan = p.plan AND e.at <= $2::timestamptz AND e.changed::jsonb ? 'when'
                 ORDER BY e.version DESC LIMIT 1), '') AS when_then
FROM plan p
LEFT JOIN LATERAL (
    SELECT e.changed->'evidence' AS evidence FROM plan_event e
    WHERE e.service = p.service AND e.plan = p.plan AND e.at <= $2::timestamptz AND e.changed->'evidence' IS NOT NULL
    ORDER BY e.version DESC LIMIT 1
) seen ON true
LEFT JOIN LATERAL (
    SELECT (e.changed->>'dueDate')::date AS due FROM plan_event e
    WHERE e.service = p.service AND e.plan = p.plan AND e.at <= $2::timestamptz AND e.changed->>'dueDate' IS NOT NULL
    ORDER BY e.version DESC LIMIT 1
) again ON true
WHERE p.service = $1::text AND p.opened_at <= $2::timestamptz
ORDER BY p.opened_for DESC, p.opened_at DESC, p.plan DESC
