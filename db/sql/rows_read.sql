-- The rows of one version, in row order. A template: {table} and {columns} come from the part's description.
-- $1 service, $2 provider, $3 period, $4 version.
SELECT {columns} FROM {table}
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4
ORDER BY row
