-- One API key. $1 id.
SELECT id, role, service, provider, audience, label, secret_sha256, created_at, expires_at, revoked_at, sample
FROM api_key WHERE id = $1::text
