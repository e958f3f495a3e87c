-- The plans of a service, newest first. $1 service, $2 plan (NULL: all), $3 known at (NULL: now). Known at an instant: the plans opened by then, at
-- their version of then, with the words of then: steps keep the words that they changed. A lead that only later steps changed is NULL: it is
-- that of the framework in force when the plan was opened. due_date is that of the opening; a relapse has a new one, kept by its step. when_then is NULL where when_period holds, else a period or nothing.
SELECT p.plan, p.kpi, p.origin, p.opened_for, s.status, s.version, p.opened_at, coalesce(due.again, to_char(p.due_date, 'YYYY-MM-DD')), array_to_string(p.attributed_to, ';'),
       p.indicator_title,
       CASE WHEN later.words ? 'strategicDirectorLead' THEN said.words ->> 'strategicDirectorLead' ELSE p.strategic_director_lead END AS strategic_lead,
       CASE WHEN later.words ? 'departmentalLead' THEN said.words ->> 'departmentalLead' ELSE p.departmental_lead END AS departmental_lead,
       p.target, p.performance_this_period,
       CASE WHEN later.words ? 'nonComplianceReason' THEN coalesce(said.words ->> 'nonComplianceReason', '') ELSE p.non_compliance_reason END AS reason,
       CASE WHEN later.words ? 'what' THEN coalesce(said.words ->> 'what', '') ELSE p.what END AS what,
       CASE WHEN later.words ? 'how' THEN coalesce(said.words ->> 'how', '') ELSE p.how END AS how,
       CASE WHEN later.words ? 'who' THEN coalesce(said.words ->> 'who', '') ELSE p.who END AS who,
       p.when_period, p.figures::text,
       CASE WHEN later.words ? 'when' THEN coalesce(said.words ->> 'when', '') END AS when_then,
       seen.evidence::text, seen.evidence ->> 'period', seen.evidence ->> 'rag', coalesce((seen.evidence ->> 'redRunning')::int4, 0),
       seen.evidence ->> 'asAt', seen.escalation::text, coalesce((seen.escalation ->> 'level')::int4, 0),
       p.figures ->> 'asAt', coalesce(p.figures ->> 'rag', ''), coalesce((seen.evidence ->> 'redBefore')::int4, 0)
FROM plan p
CROSS JOIN LATERAL (
    SELECT e.to_status AS status, e.version FROM plan_event e
    WHERE e.service = p.service AND e.plan = p.plan AND ($3::timestamptz IS NULL OR e.at <= $3::timestamptz)
    ORDER BY e.version DESC LIMIT 1) s
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_object_agg(w.key, w.value ORDER BY e.version), '{}') AS words
    FROM plan_event e CROSS JOIN LATERAL jsonb_each_text(e.changed::jsonb) w
    WHERE e.service = p.service AND e.plan = p.plan AND e.at <= $3::timestamptz) said
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_object_agg(w.key, w.value), '{}') AS words
    FROM plan_event e CROSS JOIN LATERAL jsonb_each_text(e.changed::jsonb) w
    WHERE e.service = p.service AND e.plan = p.plan AND e.at > $3::timestamptz) later
LEFT JOIN LATERAL (
    SELECT e.changed ->> 'dueDate' AS again FROM plan_event e
    WHERE e.service = p.service AND e.plan = p.plan AND ($3::timestamptz IS NULL OR e.at <= $3::timestamptz) AND e.changed ->> 'dueDate' IS NOT NULL
    ORDER BY e.version DESC LIMIT 1) due ON true
CROSS JOIN LATERAL (
    SELECT CASE WHEN $3::timestamptz IS NULL THEN p.evidence ELSE (said.words ->> 'evidence')::json END AS evidence,
           CASE WHEN $3::timestamptz IS NULL THEN p.escalation ELSE (said.words ->> 'escalation')::json END AS escalation) seen
WHERE p.service = $1::text AND ($2::text IS NULL OR p.plan = $2::text) AND ($3::timestamptz IS NULL OR p.opened_at <= $3::timestamptz)
ORDER BY p.opened_at DESC, length(p.plan) DESC, p.plan DESC
