-- What was not delivered at the first attempt, newest event first, and in every row how many there are. $1 service, $2 webhook, $3 state
-- (empty: all), $4 offset, $5 how many.
SELECT d.seq, e.kind, e.at, d.state, d.attempts, d.first_at, d.last_at, d.next_at, d.status, d.error, count(*) OVER ()
FROM webhook_delivery d JOIN event e ON e.service = d.service AND e.seq = d.seq
WHERE d.service = $1::text AND d.webhook = $2::text AND ($3::text = '' OR d.state = $3::text)
ORDER BY d.seq DESC OFFSET $4::int8 LIMIT $5::int8
