-- Adds a progress update to a plan. No row: no such plan. $1 service, $2 plan, $3 at, $4 key, $5 month (its first day, text), $6 text.
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq') WHERE service = $1::text RETURNING stamp AS seq
), noted AS (
    INSERT INTO plan_update (service, plan, seq, at, key_id, month, text)
    SELECT p.service, p.plan, s.seq, $3::timestamptz, $4::text, $5::text::date, $6::text FROM plan p, stamped s
    WHERE p.service = $1::text AND p.plan = $2::text
    RETURNING plan, seq
), told AS (
    INSERT INTO event (service, seq, kind, at, body)
    SELECT $1::text, seq, 'PLAN_UPDATED', $3::timestamptz, jsonb_build_object('plan', plan) FROM noted
)
SELECT seq, pg_notify('quarterday_changed', $1::text) FROM noted
