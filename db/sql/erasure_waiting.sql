-- The request that waits for a person's erasure. $1 service, $2 provider, $3 reference.
SELECT number, asked_at FROM erasure_request
WHERE service = $1::text AND provider = $2::text AND reference = $3::text AND settled_at IS NULL
