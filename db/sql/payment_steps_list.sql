-- The steps of one statement, in order. $1 service, $2 year, $3 number.
SELECT status, at, key_id, comment
FROM payment_step
WHERE service = $1::text AND year = $2::int2 AND number = $3::int4
ORDER BY seq
