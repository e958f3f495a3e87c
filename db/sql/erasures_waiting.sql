-- Requests for erasure that wait, the oldest first. $1: only those that were asked for before.
SELECT service, provider, number FROM erasure_request WHERE settled_at IS NULL AND asked_at <= $1::timestamptz ORDER BY asked_at, number LIMIT 1000
