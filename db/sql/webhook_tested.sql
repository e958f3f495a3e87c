-- What came of a test. $1 service, $2 webhook, $3 the test's id, $4 status (0: no answer), $5 what was wrong (empty: it was taken).
UPDATE webhook SET test_state = CASE WHEN $5::text = '' THEN 'DELIVERED' ELSE 'FAILED' END, test_status = $4::int4, test_error = $5::text
WHERE service = $1::text AND webhook = $2::text AND test_id = $3::text AND test_state = 'WAITING'
