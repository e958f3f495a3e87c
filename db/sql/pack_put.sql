-- One pack of a version that was just put. $1 service, $2 provider, $3 period, $4 part, $5 version, $6 number from 0,
-- $7 rows, $8 facts, $9 digests, $10 form, $11 keys.
INSERT INTO pack (service, provider, period, part, version, number, rows, facts, digests, form, keys)
VALUES ($1::text, $2::text, $3::int2, $4::int2, $5::int4, $6::int4, $7::int4, $8::bytea, $9::bytea, $10::int2, $11::bytea)
