-- A new version of a lookup. $1 lookup, $2 edition, $3 version, $4 received at, $5 key, $6 sha256, $7 bytes, $8 rows, $9 bytes of the
-- pack.
INSERT INTO lookup (lookup, edition, version, received_at, key_id, sha256, bytes, rows, pack_bytes)
VALUES ($1::text, $2::text, $3::int4, $4::timestamptz, $5::text, $6::bytea, $7::int8, $8::int4, $9::int8)
