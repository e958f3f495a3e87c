-- Requests for erasure that wait, the oldest first. No parameters.
SELECT service, provider, number FROM erasure_request WHERE settled_at IS NULL ORDER BY asked_at, number LIMIT 1000
