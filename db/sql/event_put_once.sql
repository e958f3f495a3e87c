-- As event_put, unless an event of that kind that says the same of the same was told before: what is judged again is not told again.
-- The service's row is held by the caller, so that two cannot look at the same time. $1 service, $2 kind, $3 at, $4 body,
-- $5 what tells it apart (JSON, contained in the body).
WITH held AS (
    UPDATE service SET stamp = stamp WHERE service = $1::text RETURNING service
)
INSERT INTO event (service, seq, kind, at, body)
SELECT service, nextval('change_seq'), $2::text, $3::timestamptz, $4::text::jsonb FROM held
WHERE NOT EXISTS (SELECT FROM event e WHERE e.service = $1::text AND e.kind = $2::text AND e.body @> $5::text::jsonb)
RETURNING seq
