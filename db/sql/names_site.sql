-- What the sites of a list are called. $1 service, $2 provider, $3 period, $4 version.
SELECT site_id, name FROM site
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4
LIMIT 5001
