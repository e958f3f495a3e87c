-- A lookup that a version was judged beside. $1 service, $2 provider, $3 period, $4 part, $5 version, $6 lookup, $7 edition, $8 its
-- version.
INSERT INTO version_lookup (service, provider, period, part, version, lookup, edition, lookup_version)
VALUES ($1::text, $2::text, $3::int2, $4::int2, $5::int4, $6::text, $7::text, $8::int4)
