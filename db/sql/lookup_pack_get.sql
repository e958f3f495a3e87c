-- A piece of a lookup's pack. $1 lookup, $2 edition, $3 version, $4 piece.
SELECT body FROM lookup_pack
WHERE lookup = $1::text AND edition = $2::text AND version = $3::int4 AND piece = $4::int4
