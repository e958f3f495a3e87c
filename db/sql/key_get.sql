-- One API key. $1 id.
SELECT id, role, service, provider, audience, label, secret_sha256, created_at, least(expires_at, ends_at), revoked_at, sample,
       scopes, addresses, coalesce(replaced_by, ''), (last_used_on - DATE '1970-01-01')::int4
FROM api_key
WHERE id = $1::text
