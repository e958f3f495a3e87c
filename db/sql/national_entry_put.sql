-- Adds the next version, while the service's row is locked. $1 service, $2 period, $3 kind, $4 at, $5 key, $6 body, $7 kind of the
-- feed's event, $8 its body, to which the version is added.
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest(changed_at, $4::timestamptz)
    WHERE service = $1::text RETURNING stamp AS seq
), entered AS (
    INSERT INTO national_entry (service, period, kind, version, seq, at, key_id, body)
    SELECT $1::text, $2::int2, $3::text,
           (SELECT coalesce(max(version), 0) + 1 FROM national_entry WHERE service = $1::text AND period = $2::int2 AND kind = $3::text),
           seq, $4::timestamptz, $5::text, $6::text::json
    FROM stamped
    RETURNING seq, version
), told AS (
    INSERT INTO event (service, seq, kind, at, body)
    SELECT $1::text, seq, $7::text, $4::timestamptz, $8::text::jsonb || jsonb_build_object('version', version) FROM entered
)
SELECT seq, version, pg_notify('quarterday_changed', $1::text) FROM entered
