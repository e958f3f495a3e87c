-- Signs off a return; the service's stamp moves, other processes are told, the event goes into the feed. No row: no such service.
-- $1 service, $2 provider, $3 period, $4 at, $5 key, $6 on time, $7 parts (JSON), $8 body of the event, $9 London's day (days since 1970).
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest(changed_at, $4::timestamptz)
    WHERE service = $1::text RETURNING stamp AS seq
), signed AS (
    INSERT INTO sign_off (service, provider, period, seq, at, key_id, on_time, parts, signed_on)
    SELECT $1::text, $2::text, $3::int2, seq, $4::timestamptz, $5::text, $6::bool, $7::text::jsonb, date '1970-01-01' + $9::int4 FROM stamped
    RETURNING seq
), told AS (
    INSERT INTO event (service, seq, kind, at, body)
    SELECT $1::text, seq, 'RETURN_SIGNED_OFF', $4::timestamptz, $8::text::jsonb FROM signed
)
SELECT seq, pg_notify('quarterday_changed', $1::text) FROM signed
