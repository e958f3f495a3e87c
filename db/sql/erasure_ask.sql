-- A provider's wish that a person be erased; nothing where the same is waiting already. $1 service, $2 provider, $3 reference, $4 at, $5 key, $6 reason.
INSERT INTO erasure_request (service, provider, reference, asked_at, asked_by, reason)
VALUES ($1::text, $2::text, $3::text, $4::timestamptz, $5::text, $6::text)
ON CONFLICT (service, provider, reference) WHERE settled_at IS NULL DO NOTHING
RETURNING number
