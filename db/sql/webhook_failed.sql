-- An event was not delivered. $1 service, $2 webhook, $3 seq, $4 status (0: no answer), $5 what was wrong, $6 milliseconds until the next
-- attempt (-1: there is none, it is dead and the next event's turn comes), $7 why the webhook is to be paused (empty: it is not).
WITH tried AS (
    UPDATE webhook
    SET tried_at = clock_timestamp(), tried_status = $4::int4, tried_error = $5::text,
        cursor = CASE WHEN $6::int8 < 0 THEN greatest(cursor, $3::int8) ELSE cursor END,
        paused_because = CASE WHEN $7::text <> '' AND state = 'ACTIVE' THEN $7::text ELSE paused_because END,
        state = CASE WHEN $7::text <> '' AND state = 'ACTIVE' THEN 'PAUSED' ELSE state END
    WHERE service = $1::text AND webhook = $2::text AND state <> 'DELETED'
    RETURNING service, webhook
)
INSERT INTO webhook_delivery AS d (service, webhook, seq, state, attempts, first_at, last_at, next_at, status, error)
SELECT service, webhook, $3::int8, CASE WHEN $6::int8 < 0 THEN 'DEAD' ELSE 'DUE' END, 1, clock_timestamp(), clock_timestamp(),
       clock_timestamp() + greatest($6::int8, 0) * interval '1 millisecond', $4::int4, $5::text
FROM tried
ON CONFLICT (service, webhook, seq) DO UPDATE
SET state = excluded.state, attempts = d.attempts + 1, last_at = excluded.last_at, next_at = excluded.next_at, status = excluded.status,
    error = excluded.error
WHERE d.state = 'DUE'
