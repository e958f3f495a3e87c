-- The returns that are signed off, with nothing sent since, from a period on. $1 service, $2 first period, $3 known at (NULL: now).
-- What was sent is looked up return by return: as a join, the planner goes through all versions of the service for each of them where it takes them to be few.
SELECT s.provider, s.period
FROM (SELECT provider, period, max(seq) AS seq FROM sign_off
      WHERE service = $1::text AND period >= $2::int2 AND ($3::timestamptz IS NULL OR at <= $3::timestamptz)
      GROUP BY provider, period) s
WHERE s.seq > coalesce((SELECT max(v.seq) FROM version v
                        WHERE v.service = $1::text AND v.provider = s.provider AND v.period = s.period
                          AND ($3::timestamptz IS NULL OR v.received_at <= $3::timestamptz)), 0)
ORDER BY s.provider, s.period
