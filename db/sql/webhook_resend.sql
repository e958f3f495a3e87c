-- Sends dead events again, with all their attempts before them; answers how many. $1 service, $2 webhook, $3 one event (0: all that are dead).
WITH again AS (
    UPDATE webhook_delivery SET state = 'DUE', attempts = 0, next_at = clock_timestamp()
    WHERE service = $1::text AND webhook = $2::text AND state = 'DEAD' AND ($3::int8 = 0 OR seq = $3::int8)
    RETURNING seq
)
SELECT count(*), pg_notify('quarterday_event', $1::text) FROM again
