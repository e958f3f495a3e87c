-- A new version of a framework. $1 id, $2 version, $3 body, $4 at.
INSERT INTO framework (id, version, body, received_at) VALUES ($1::text, $2::int4, $3::text, $4::timestamptz)
