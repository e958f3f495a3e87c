-- What is in force of a provider, to be counted while it comes: first each version, without facts (step 0); then the packs of the
-- other parts that are asked for (1); then those of the episodes, a quarter after the other (2). The ids of episodes come along only where
-- follow-ups or rows of harm reduction may name them: they are a quarter of the bytes. $1 service, $2 provider, $3 known at (NULL: now), $4 parts
-- whose facts are wanted (bit per part).
WITH f AS MATERIALIZED (
    SELECT DISTINCT ON (period, part)
           service, provider, period, part, version, seq, received_at, rows, facts_format
    FROM version
    WHERE service = $1::text AND provider = $2::text AND ($3::timestamptz IS NULL OR received_at <= $3::timestamptz)
    ORDER BY period DESC, part DESC, version DESC
)
SELECT 0 AS step, f.period, f.part, f.version, f.seq, f.received_at, f.rows, f.facts_format,
       NULL::bytea AS facts, NULL::int2 AS form, NULL::bytea AS keys, NULL::bool AS has_keys, NULL::int4 AS number
FROM f
UNION ALL
SELECT CASE f.part WHEN 0 THEN 2 ELSE 1 END, f.period, f.part, f.version, f.seq, f.received_at, p.rows, f.facts_format,
       p.facts, p.form, CASE WHEN f.part <> 0 OR (SELECT bool_or(part IN (1, 2) AND rows > 0) FROM f) THEN p.keys END, p.keys IS NOT NULL, p.number
FROM f JOIN pack p ON p.service = f.service AND p.provider = f.provider AND p.period = f.period AND p.part = f.part AND p.version = f.version
WHERE ($4::int4 >> f.part) & 1 = 1
ORDER BY step, period, part, number
