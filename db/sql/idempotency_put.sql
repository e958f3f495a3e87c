-- Keeps an answer. $1 service, $2 provider, $3 route, $4 key, $5 sha256 of the request, $6 at, $7 status, $8 location,
-- $9 etag, $10 body.
INSERT INTO idempotency (service, provider, route, key, request_sha256, at, status, location, etag, body)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::bytea, $6::timestamptz, $7::int2, $8::text, $9::text, $10::bytea)
