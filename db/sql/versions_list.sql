-- Every version of a return, newest first. $1 service, $2 provider, $3 period (-1: every period).
SELECT period, part, version, seq, received_at, key_id, sha256, bytes, rows, created, updated,
       unchanged, removed, warnings, on_time, format, reason, received_on - date '1970-01-01' AS day
FROM version
WHERE service = $1::text AND provider = $2::text AND ($3::int2 = -1 OR period = $3::int2)
ORDER BY seq DESC
