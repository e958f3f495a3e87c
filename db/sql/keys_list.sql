-- Every API key, oldest first. No parameters. It expires when its successor's overlap is over, if that is sooner.
SELECT id, role, service, provider, audience, label, secret_sha256, created_at, least(expires_at, ends_at), revoked_at, sample,
       scopes, addresses, coalesce(replaced_by, ''), (last_used_on - DATE '1970-01-01')::int4
FROM api_key
ORDER BY created_at, id
