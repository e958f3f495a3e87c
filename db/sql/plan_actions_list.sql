-- The actions of a plan, in their order. $1 service, $2 plan.
SELECT action, what, who, to_char(by_day, 'YYYY-MM-DD'), to_char(done_on, 'YYYY-MM-DD') FROM plan_action
WHERE service = $1::text AND plan = $2::text ORDER BY action
