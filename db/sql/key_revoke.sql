-- Revokes a key; revoking it again keeps the first instant. $1 id. The service whose audit chain tells of it;
-- no row: no such key.
UPDATE api_key SET revoked_at = coalesce(revoked_at, clock_timestamp()) WHERE id = $1::text RETURNING service
