-- A step of a statement, while the service's row is locked. $1 service, $2 year, $3 number, $4 status, $5 at, $6 key, $7 comment, $8 kind
-- of the event, $9 its body.
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest(changed_at, $5::timestamptz)
    WHERE service = $1::text RETURNING stamp AS seq
), stepped AS (
    INSERT INTO payment_step (service, year, number, status, seq, at, key_id, comment)
    SELECT $1::text, $2::int2, $3::int4, $4::text, seq, $5::timestamptz, $6::text, $7::text FROM stamped
    RETURNING seq
), told AS (
    INSERT INTO event (service, seq, kind, at, body)
    SELECT $1::text, seq, $8::text, $5::timestamptz, $9::text::jsonb FROM stepped
)
SELECT seq, pg_notify('quarterday_changed', $1::text) FROM stepped
