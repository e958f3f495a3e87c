-- One pack of a version. $1 service, $2 provider, $3 period, $4 part, $5 version, $6 number from 0.
SELECT rows, facts, digests, form, keys FROM pack
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND part = $4::int2 AND version = $5::int4 AND number = $6::int4
