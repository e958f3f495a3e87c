-- What is in force of every provider of a service, without facts; by provider, backwards as the key is read. $1 service, $2 known at (NULL: now).
SELECT DISTINCT ON (provider, period, part)
       provider, period, part, version, seq, received_at, rows
FROM version
WHERE service = $1::text AND ($2::timestamptz IS NULL OR received_at <= $2::timestamptz)
ORDER BY provider DESC, period DESC, part DESC, version DESC
