-- Makes a provider, or gives it this name and group; a row only when something changed. One that is so
-- already is not locked, and does not wait for an upload. $1 service, $2 provider, $3 name, $4 group or NULL.
INSERT INTO provider (service, provider, name, provider_group)
SELECT $1::text, $2::text, $3::text, $4::text
WHERE NOT EXISTS (SELECT FROM provider p
                  WHERE p.service = $1::text AND p.provider = $2::text AND p.name = $3::text
                    AND p.provider_group IS NOT DISTINCT FROM $4::text)
ON CONFLICT (service, provider) DO UPDATE SET name = excluded.name, provider_group = excluded.provider_group
RETURNING 1
