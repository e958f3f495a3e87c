-- Accepts a version: the version itself, the stamps of its service and provider, the event, the notice to
-- other processes. seq is taken by updating the service's row, so it is in the order of the commits of that
-- service; and received_at is always later than whatever of the service was changed before, even if the clock
-- stepped back. No row: no such provider. $1 service, $2 provider, $3 period, $4 part, $5 version, $6
-- received at, $7 key, $8 sha256, $9 bytes, $10 rows, $11 created, $12 updated, $13 unchanged, $14 removed,
-- $15 warnings, $16 on time, $17 format, $18 reason, $19 facts format, $20 body of the event, $21 London's day
-- of the receipt (days since 1970).
WITH stamped_service AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest($6::timestamptz, changed_at + interval '1 microsecond')
    WHERE service = $1::text RETURNING stamp, changed_at
), stamped_provider AS (
    UPDATE provider p
    SET stamp = s.stamp, received_at = s.changed_at
    FROM stamped_service s
    WHERE p.service = $1::text AND p.provider = $2::text
    RETURNING p.stamp AS seq, p.received_at
), stored AS (
    INSERT INTO version (service, provider, period, part, version, seq, received_at, key_id, sha256, bytes, rows,
                         created, updated, unchanged, removed, warnings, on_time, format, reason,
                         facts_format, received_on)
    SELECT $1::text, $2::text, $3::int2, $4::int2, $5::int4, seq, received_at, $7::text, $8::bytea, $9::int8,
           $10::int4, $11::int4, $12::int4, $13::int4, $14::int4, $15::int8, $16::bool, $17::text, $18::text,
           $19::int2, date '1970-01-01' + $21::int4
    FROM stamped_provider
    RETURNING seq, received_at
), told AS (
    INSERT INTO event (service, seq, kind, at, body)
    SELECT $1::text, seq, 'RETURN_ACCEPTED', received_at, $20::text::jsonb FROM stored
)
SELECT seq, received_at, pg_notify('quarterday_changed', $1::text) FROM stored
