-- What identifies some rows of a version. A template: {table} and {key} come from the part's description.
-- $1 service, $2 provider, $3 period, $4 version, $5 row numbers joined by commas.
SELECT row::text, {key}::text FROM {table}
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4
  AND row = ANY (string_to_array($5::text, ',')::int4[])
