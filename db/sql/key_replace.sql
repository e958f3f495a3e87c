-- A key gets a successor, and an end. $1 id, $2 the successor, $3 when it ends. The service whose audit chain tells of it; no
-- row: it is revoked, was replaced already, or is not there.
UPDATE api_key SET replaced_by = $2::text, ends_at = $3::timestamptz
WHERE id = $1::text AND revoked_at IS NULL AND replaced_by IS NULL
RETURNING service
