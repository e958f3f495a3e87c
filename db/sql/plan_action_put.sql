-- Writes an action of a plan, new or changed. $1 service, $2 plan, $3 number, $4 what, $5 who, $6 by (day), $7 done on (day, NULL: not yet).
INSERT INTO plan_action (service, plan, action, what, who, by_day, done_on)
VALUES ($1::text, $2::text, $3::int4, $4::text, $5::text, $6::text::date, $7::text::date)
ON CONFLICT (service, plan, action) DO UPDATE
SET what = excluded.what, who = excluded.who, by_day = excluded.by_day, done_on = excluded.done_on
