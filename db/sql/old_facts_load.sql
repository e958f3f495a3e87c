-- Superseded versions of a part, all periods, with their facts: a row for each pack, as in book_load. $1 service, $2
-- provider, $3 part.
SELECT v.period, v.part, v.version, v.seq, v.received_at, v.rows, v.facts_format, true AS wanted, p.facts, p.rows, p.form, p.keys
FROM version v
LEFT JOIN pack p USING (service, provider, period, part, version)
WHERE v.service = $1::text AND v.provider = $2::text AND v.part = $3::int2
  AND EXISTS (SELECT FROM version n
              WHERE n.service = v.service AND n.provider = v.provider AND n.period = v.period AND n.part = v.part
                AND n.version > v.version)
ORDER BY v.period, v.version, p.number
