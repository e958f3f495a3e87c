-- The progress updates of a plan, oldest first. $1 service, $2 plan.
SELECT at, key_id, to_char(month, 'YYYY-MM'), text FROM plan_update WHERE service = $1::text AND plan = $2::text ORDER BY seq
