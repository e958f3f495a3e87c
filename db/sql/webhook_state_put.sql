-- Pauses, resumes or deletes a webhook. Resumed, it is sent what waits at once, with all its attempts before it. No row: it was in no state
-- for that. $1 service, $2 webhook, $3 state, $4 why it is paused (empty unless PAUSED), $5 the state it must be in (empty: any).
WITH changed AS (
    UPDATE webhook
    SET state = $3::text, paused_because = $4::text, secret = CASE WHEN $3::text = 'DELETED' THEN '' ELSE secret END,
        test_state = CASE WHEN $3::text = 'DELETED' THEN '' ELSE test_state END
    WHERE service = $1::text AND webhook = $2::text AND state <> 'DELETED' AND ($5::text = '' OR state = $5::text)
    RETURNING service, webhook
), due AS (
    UPDATE webhook_delivery d SET attempts = 0, next_at = clock_timestamp()
    FROM changed c WHERE d.service = c.service AND d.webhook = c.webhook AND d.state = 'DUE' AND $3::text = 'ACTIVE'
)
SELECT webhook, pg_notify('quarterday_event', service) FROM changed
