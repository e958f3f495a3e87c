-- Sends an event again that was delivered: one that the webhook is sent, up to its cursor. No row: it is none of those, or it is not
-- delivered yet. $1 service, $2 webhook, $3 event, $4 kinds that are handed out.
WITH again AS (
    INSERT INTO webhook_delivery AS d (service, webhook, seq, state, attempts, first_at, last_at, next_at, status, error)
    SELECT w.service, w.webhook, e.seq, 'DUE', 0, clock_timestamp(), clock_timestamp(), clock_timestamp(), 0, ''
    FROM webhook w JOIN event e ON e.service = w.service AND e.seq = $3::int8
    WHERE w.service = $1::text AND w.webhook = $2::text AND w.state <> 'DELETED' AND e.seq <= w.cursor
      AND webhook_wants(w.provider, w.kinds, $4::text, e.kind, e.body)
    ON CONFLICT (service, webhook, seq) DO UPDATE SET state = 'DUE', attempts = 0, next_at = clock_timestamp()
    WHERE d.state = 'DELIVERED'
    RETURNING seq
)
SELECT seq, pg_notify('quarterday_event', $1::text) FROM again
