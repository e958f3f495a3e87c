-- Locks a request that waits until the end of the transaction; no row where it is settled, or another process has it. $1 service, $2 provider, $3 number.
SELECT reference, asked_by, reason FROM erasure_request
WHERE service = $1::text AND provider = $2::text AND number = $3::int8 AND settled_at IS NULL
FOR UPDATE SKIP LOCKED
