-- The providers whose return for a period is signed off, with nothing sent since. $1 service, $2 period, $3 known at (NULL: now). Looked up return by
-- return, as in signed_since.sql.
SELECT s.provider
FROM (SELECT provider, max(seq) AS seq FROM sign_off
      WHERE service = $1::text AND period = $2::int2 AND ($3::timestamptz IS NULL OR at <= $3::timestamptz)
      GROUP BY provider) s
WHERE s.seq > coalesce((SELECT max(v.seq) FROM version v
                        WHERE v.service = $1::text AND v.provider = s.provider AND v.period = $2::int2
                          AND ($3::timestamptz IS NULL OR v.received_at <= $3::timestamptz)), 0)
ORDER BY s.provider
