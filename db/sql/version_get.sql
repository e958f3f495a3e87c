-- One version of a part, or its newest. $1 service, $2 provider, $3 period, $4 part, $5 version (0: the
-- newest).
SELECT period, part, version, seq, received_at, key_id, sha256, bytes, rows, created, updated,
       unchanged, removed, warnings, on_time, format, reason, received_on - date '1970-01-01' AS day
FROM version
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND part = $4::int2
  AND ($5::int4 = 0 OR version = $5::int4)
ORDER BY version DESC
LIMIT 1
