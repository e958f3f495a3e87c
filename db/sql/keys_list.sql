-- Every API key, oldest first. No parameters.
SELECT id, role, service, provider, audience, label, secret_sha256, created_at, expires_at, revoked_at, sample
FROM api_key
ORDER BY created_at, id
