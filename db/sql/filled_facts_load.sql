-- Of each part asked for the newest version of a period that has rows, in force or not, with its facts: a row for each
-- pack, as in book_load. $1 service, $2 provider, $3 period, $4 known at (NULL: now), $5 parts (bit per part).
SELECT v.period, v.part, v.version, v.seq, v.received_at, v.rows, v.facts_format, true AS wanted, p.facts, p.rows, p.form, p.keys
FROM (
    SELECT DISTINCT ON (part)
           service, provider, period, part, version, seq, received_at, rows, facts_format
    FROM version
    WHERE service = $1::text AND provider = $2::text AND period = $3::int2
      AND ($4::timestamptz IS NULL OR received_at <= $4::timestamptz)
      AND ($5::int4 >> part) & 1 = 1 AND rows > 0
    ORDER BY part, version DESC
) v
LEFT JOIN pack p USING (service, provider, period, part, version)
ORDER BY v.part, p.number
