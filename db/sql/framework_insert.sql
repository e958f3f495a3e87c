-- A new version of a framework. $1 id, $2 version, $3 body, $4 at, $5 the first day that it rates, as text (NULL: from the beginning).
INSERT INTO framework (id, version, body, received_at, effective_from) VALUES ($1::text, $2::int4, $3::text, $4::timestamptz, $5::text::date)
