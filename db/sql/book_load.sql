-- What is in force of a provider, with the facts of the parts asked for: a row for each pack, in order, or one without a
-- pack. $1 service, $2 provider, $3 known at (NULL: now), $4 parts whose facts are wanted (bit per part), $5 and $6 a
-- period and part whose facts are not wanted (-1: none).
SELECT f.period, f.part, f.version, f.seq, f.received_at, f.rows, f.facts_format, f.wanted, p.facts, p.rows, p.form, p.keys
FROM (
    SELECT DISTINCT ON (period, part)
           service, provider, period, part, version, seq, received_at, rows, facts_format,
           ($4::int4 >> part) & 1 = 1 AND NOT (period = $5::int2 AND part = $6::int2) AS wanted
    FROM version
    WHERE service = $1::text AND provider = $2::text AND ($3::timestamptz IS NULL OR received_at <= $3::timestamptz)
    ORDER BY period DESC, part DESC, version DESC
) f
LEFT JOIN pack p ON f.wanted AND p.service = f.service AND p.provider = f.provider AND p.period = f.period
                 AND p.part = f.part AND p.version = f.version
ORDER BY f.period DESC, f.part DESC, p.number
