-- What is in force of a provider, with the facts of the parts asked for.
-- $1 service, $2 provider, $3 known at (NULL: now), $4 parts whose facts are wanted (bit per part),
-- $5 and $6 a period and part whose facts are not wanted (-1: none).
SELECT DISTINCT ON (period, part)
       period, part, version, seq, received_at, rows, facts_format,
       CASE WHEN ($4::int4 >> part) & 1 = 1 AND NOT (period = $5::int2 AND part = $6::int2) THEN facts END
FROM version
WHERE service = $1::text AND provider = $2::text AND ($3::timestamptz IS NULL OR received_at <= $3::timestamptz)
ORDER BY period DESC, part DESC, version DESC
