-- The lines of one version (returns/row_pack.h), in row order. A template: {part} comes from the part's description.
-- $1 service, $2 provider, $3 period, $4 version.
SELECT lines FROM row_pack
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND part = {part} AND version = $4::int4
ORDER BY first_row
