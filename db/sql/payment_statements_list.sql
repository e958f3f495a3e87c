-- The statements of a year, oldest first, with the newest step of each. $1 service, $2 year, $3 known at (NULL: everything).
SELECT s.number, s.at, s.key_id, s.after_number, s.issued_before, s.payment_pence, s.figures::text, n.status, n.at
FROM payment_statement s
JOIN LATERAL (
    SELECT status, at FROM payment_step p
    WHERE p.service = s.service AND p.year = s.year AND p.number = s.number AND ($3::timestamptz IS NULL OR p.at <= $3::timestamptz)
    ORDER BY p.seq DESC LIMIT 1
) n ON true
WHERE s.service = $1::text AND s.year = $2::int2
ORDER BY s.number
