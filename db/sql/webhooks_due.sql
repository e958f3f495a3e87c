-- What is to be sent now: of each webhook one thing, a test before what is sent again before the next event. The next event waits while an
-- earlier attempt at it does; nothing overtakes it. Those that have waited longest come first. $1 webhooks that are busy (service/webhook,
-- separated by blanks), $2 kinds that are handed out (likewise), $3 how many.
WITH live AS (
    SELECT service, webhook, provider, kinds, state, cursor, test_state FROM webhook
    WHERE state <> 'DELETED' AND NOT (service || '/' || webhook = ANY (string_to_array($1::text, ' ')))
), candidate AS (
    SELECT service, webhook, 0 AS rank, 0::int8 AS seq, 0 AS attempts FROM live WHERE test_state = 'WAITING'
    UNION ALL
    SELECT w.service, w.webhook, 1, d.seq, d.attempts
    FROM live w JOIN webhook_delivery d ON d.service = w.service AND d.webhook = w.webhook
    WHERE w.state = 'ACTIVE' AND d.state = 'DUE' AND d.next_at <= now() AND d.seq <= w.cursor
    UNION ALL
    SELECT w.service, w.webhook, 2, head.seq, coalesce(d.attempts, 0)
    FROM live w
    CROSS JOIN LATERAL (
        SELECT e.seq FROM event e
        WHERE e.service = w.service AND e.seq > w.cursor AND webhook_wants(w.provider, w.kinds, $2::text, e.kind, e.body)
        ORDER BY e.seq LIMIT 1
    ) head
    LEFT JOIN webhook_delivery d ON d.service = w.service AND d.webhook = w.webhook AND d.seq = head.seq
    WHERE w.state = 'ACTIVE' AND (d.seq IS NULL OR d.next_at <= now())
), chosen AS (
    SELECT DISTINCT ON (service, webhook) * FROM candidate ORDER BY service, webhook, rank, seq
)
SELECT c.service, c.webhook, w.url, w.secret, c.seq, c.attempts, w.test_id, w.test_asked, e.kind, e.at, e.body::text
FROM chosen c
JOIN webhook w ON w.service = c.service AND w.webhook = c.webhook
LEFT JOIN event e ON e.service = c.service AND e.seq = c.seq
ORDER BY w.tried_at NULLS FIRST LIMIT $3::int8
