-- The newest entry of each kind and quarter. $1 service, $2 first period, $3 last period, $4 known at (NULL: everything).
SELECT DISTINCT ON (period, kind) period, kind, version, seq, at, key_id, body::text
FROM national_entry
WHERE service = $1::text AND period BETWEEN $2::int2 AND $3::int2 AND ($4::timestamptz IS NULL OR at <= $4::timestamptz)
ORDER BY period, kind, version DESC
