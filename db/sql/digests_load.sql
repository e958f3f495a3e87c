-- The digests of the rows of one version, in row order. $1 service, $2 provider, $3 period, $4 part, $5
-- version.
SELECT digests FROM version
WHERE service = $1::text AND provider = $2::text AND period = $3::int2
  AND part = $4::int2 AND version = $5::int4
