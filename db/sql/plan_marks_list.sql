-- The plans of a service as a dashboard marks them: status, due date and promise at an instant. $1 service, $2 known at (NULL: now).
-- when_then is NULL where when_period holds, else a period or nothing.
SELECT p.plan, p.kpi, p.opened_for,
       (SELECT e.to_status FROM plan_event e
        WHERE e.service = p.service AND e.plan = p.plan AND ($2::timestamptz IS NULL OR e.at <= $2::timestamptz)
        ORDER BY e.version DESC LIMIT 1) AS status,
       coalesce(again.due, to_char(p.due_date, 'YYYY-MM-DD')) AS due, p.when_period, p.opened_at, p.origin,
       seen.evidence->>'period', seen.evidence->>'rag', coalesce((seen.evidence->>'redRunning')::int4, 0), seen.evidence->>'asAt',
       CASE WHEN $2::timestamptz IS NOT NULL THEN coalesce((
           SELECT e.changed->>'when' FROM plan_event e
           WHERE e.service = p.service AND e.plan = p.plan AND e.at <= $2::timestamptz AND e.changed::jsonb ? 'when'
           ORDER BY e.version DESC LIMIT 1), '') END AS when_then
FROM plan p
LEFT JOIN LATERAL (
    SELECT e.changed->'evidence' AS evidence FROM plan_event e
    WHERE e.service = p.service AND e.plan = p.plan AND ($2::timestamptz IS NULL OR e.at <= $2::timestamptz) AND e.changed->'evidence' IS NOT NULL
    ORDER BY e.version DESC LIMIT 1
) seen ON true
LEFT JOIN LATERAL (
    SELECT e.changed->>'dueDate' AS due FROM plan_event e
    WHERE e.service = p.service AND e.plan = p.plan AND ($2::timestamptz IS NULL OR e.at <= $2::timestamptz) AND e.changed->>'dueDate' IS NOT NULL
    ORDER BY e.version DESC LIMIT 1
) again ON true
WHERE p.service = $1::text AND ($2::timestamptz IS NULL OR p.opened_at <= $2::timestamptz)
ORDER BY p.opened_for DESC, p.opened_at DESC, p.plan DESC
