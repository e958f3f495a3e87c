-- The plans of a service, newest first. $1 service, $2 plan (NULL: all).
SELECT plan, kpi, origin, opened_for, status, version, opened_at, to_char(due_date, 'YYYY-MM-DD'), array_to_string(attributed_to, ';'), indicator_title,
       strategic_director_lead, departmental_lead, target, performance_this_period, non_compliance_reason, what, how, who, when_period,
       figures::text
FROM plan
WHERE service = $1::text AND ($2::text IS NULL OR plan = $2::text)
ORDER BY opened_at DESC, length(plan) DESC, plan DESC
