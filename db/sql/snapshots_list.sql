-- The snapshots of a service, newest first. $1 service, $2 number (0: all).
SELECT number, reason, period, plan, as_at - date '1970-01-01', known_at, framework_version
FROM snapshot
WHERE service = $1::text AND ($2::int4 = 0 OR number = $2::int4)
ORDER BY number DESC
