-- The receiver has taken an event. $1 service, $2 webhook, $3 seq, $4 status.
WITH moved AS (
    UPDATE webhook SET cursor = greatest(cursor, $3::int8), tried_at = clock_timestamp(), tried_status = $4::int4, tried_error = ''
    WHERE service = $1::text AND webhook = $2::text AND state <> 'DELETED'
)
UPDATE webhook_delivery
SET state = 'DELIVERED', attempts = attempts + 1, last_at = clock_timestamp(), status = $4::int4, error = ''
WHERE service = $1::text AND webhook = $2::text AND seq = $3::int8 AND state = 'DUE'
