-- Adds a progress update to a plan. No row: no such plan. $1 service, $2 plan, $3 at, $4 key, $5 month (its first day, text), $6 text.
INSERT INTO plan_update (service, plan, seq, at, key_id, month, text)
SELECT service, plan, nextval('change_seq'), $3::timestamptz, $4::text, $5::text::date, $6::text FROM plan
WHERE service = $1::text AND plan = $2::text
RETURNING seq
