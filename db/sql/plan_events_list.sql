-- The steps of a plan, oldest first. $1 service, $2 plan.
SELECT version, at, key_id, from_status, to_status, changed::text, comment FROM plan_event
WHERE service = $1::text AND plan = $2::text ORDER BY version
