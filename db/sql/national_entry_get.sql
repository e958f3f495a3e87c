-- One version. $1 service, $2 period, $3 kind, $4 version.
SELECT period, kind, version, seq, at, key_id, body::text
FROM national_entry
WHERE service = $1::text AND period = $2::int2 AND kind = $3::text AND version = $4::int4
