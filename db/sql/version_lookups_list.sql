-- The lookups that the versions of a return were judged beside. $1 service, $2 provider, $3 period.
SELECT part, version, lookup, edition, lookup_version FROM version_lookup
WHERE service = $1::text AND provider = $2::text AND period = $3::int2
ORDER BY part, version, lookup
