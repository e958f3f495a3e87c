-- The advisers that the episodes of a version name. $1 service, $2 provider, $3 period, $4 version.
SELECT DISTINCT adviser, NULL::text FROM episode
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4 AND adviser IS NOT NULL
LIMIT 5001
