-- Asks for a test. No row: one is waiting already. $1 service, $2 webhook, $3 at.
WITH asked AS (
    UPDATE webhook
    SET test_id = 'test-' || nextval('change_seq'), test_asked = $3::timestamptz, test_state = 'WAITING', test_status = 0, test_error = ''
    WHERE service = $1::text AND webhook = $2::text AND state <> 'DELETED' AND test_state <> 'WAITING'
    RETURNING service, test_id
)
SELECT test_id, pg_notify('quarterday_event', service) FROM asked
