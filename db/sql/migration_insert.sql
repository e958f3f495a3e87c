-- Notes an applied migration. $1 version, $2 name, $3 sha256 of the file, $4 milliseconds.
INSERT INTO schema_migration (version, name, sha256, took)
VALUES ($1::int4, $2::text, $3::bytea, $4::int4 * interval '1 millisecond')
