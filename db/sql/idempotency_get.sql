-- What was answered under an Idempotency-Key. $1 service, $2 provider, $3 route, $4 key.
SELECT request_sha256, status, location, etag, body FROM idempotency
WHERE service = $1::text AND provider = $2::text AND route = $3::text AND key = $4::text
