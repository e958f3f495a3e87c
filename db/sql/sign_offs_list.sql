-- The newest sign-off of each return, with the first one's instant and timing. $1 service, $2 provider (NULL: all), $3 period (-1: all), $4 known at (NULL: now).
SELECT DISTINCT ON (provider, period)
       provider, period, seq, at, key_id,
       first_value(at) OVER w AS first_at, first_value(on_time) OVER w AS on_time, count(*) OVER (PARTITION BY provider, period) AS times,
       first_value(signed_on) OVER w - date '1970-01-01' AS first_day
FROM sign_off
WHERE service = $1::text AND ($2::text IS NULL OR provider = $2::text) AND ($3::int2 < 0 OR period = $3::int2)
  AND ($4::timestamptz IS NULL OR at <= $4::timestamptz)
WINDOW w AS (PARTITION BY provider, period ORDER BY seq)
ORDER BY provider, period, seq DESC
