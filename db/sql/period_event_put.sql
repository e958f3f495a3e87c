-- What happens to a period of a service. $1 service, $2 period, $3 kind, $4 at, $5 key, $6 reason, $7 kind of the feed's event, $8 its body.
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest(changed_at, $4::timestamptz)
    WHERE service = $1::text RETURNING stamp AS seq
), happened AS (
    INSERT INTO period_event (service, period, seq, kind, at, key_id, reason)
    SELECT $1::text, $2::int2, seq, $3::text, $4::timestamptz, $5::text, $6::text FROM stamped
    RETURNING seq
), told AS (
    INSERT INTO event (service, seq, kind, at, body)
    SELECT $1::text, seq, $7::text, $4::timestamptz, $8::text::jsonb FROM happened
)
SELECT seq, pg_notify('quarterday_changed', $1::text) FROM happened
