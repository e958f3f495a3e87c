-- Makes a provider, or gives it this name and group; a row only when something changed. $1 service, $2 provider, $3 name, $4 group or NULL.
INSERT INTO provider (service, provider, name, provider_group) VALUES ($1::text, $2::text, $3::text, $4::text)
ON CONFLICT (service, provider) DO UPDATE SET name = excluded.name, provider_group = excluded.provider_group
WHERE (provider.name, provider.provider_group) IS DISTINCT FROM (excluded.name, excluded.provider_group)
RETURNING 1
