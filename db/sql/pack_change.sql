-- Puts a pack in the place of itself, after people were taken out of it. By the owner alone. $1 service, $2 provider, $3 period, $4 part,
-- $5 version, $6 number, $7 facts, $8 digests, $9 form, $10 keys.
UPDATE pack SET facts = $7::bytea, digests = $8::bytea, form = $9::int2, keys = $10::bytea
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND part = $4::int2 AND version = $5::int4 AND number = $6::int4
