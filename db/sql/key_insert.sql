-- A new API key. $1 id, $2 role, $3 service, $4 provider, $5 audience, $6 label, $7 sha256 of the secret, $8
-- created, $9 expires, $10 sample, $11 scopes, $12 addresses.
INSERT INTO api_key (id, role, service, provider, audience, label, secret_sha256, created_at, expires_at,
                     sample, scopes, addresses)
VALUES ($1::text, $2::int2, $3::text, $4::text, $5::text, $6::text, $7::bytea, $8::timestamptz,
        $9::timestamptz, $10::bool, $11::int4, $12::text)
