-- The webhooks of the commissioner (provider empty) or of a provider, oldest first, without what signs. $1 service, $2 provider, $3 webhook
-- (empty: all that are not deleted), $4 kinds that are handed out.
SELECT w.webhook, w.url, w.kinds, w.state, w.paused_because, w.created_at, w.created_by, w.cursor, w.tried_at, w.tried_status, w.tried_error,
       w.test_id, w.test_asked, w.test_state, w.test_status, w.test_error,
       (SELECT count(*) FROM webhook_delivery d WHERE d.service = w.service AND d.webhook = w.webhook AND d.state = 'DEAD'),
       (SELECT count(*) FROM event e WHERE e.service = w.service AND e.seq > w.cursor AND webhook_wants(w.provider, w.kinds, $4::text, e.kind, e.body))
FROM webhook w
WHERE w.service = $1::text AND w.provider = $2::text AND w.state <> 'DELETED' AND ($3::text = '' OR w.webhook = $3::text)
ORDER BY w.created_at, length(w.webhook), w.webhook
