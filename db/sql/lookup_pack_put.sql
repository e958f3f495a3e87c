-- A piece of a lookup's pack. $1 lookup, $2 edition, $3 version, $4 piece, $5 body.
INSERT INTO lookup_pack (lookup, edition, version, piece, body)
VALUES ($1::text, $2::text, $3::int4, $4::int4, $5::bytea)
