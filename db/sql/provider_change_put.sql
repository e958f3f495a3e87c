-- Tells of a change of a provider in the feed of its service, whose stamp the framework's new version has just moved (its row is
-- locked since). $1 service, $2 at, $3 body of the event. No row: no such service.
INSERT INTO event (service, seq, kind, at, body)
SELECT service, stamp, 'PROVIDER_CHANGED', $2::timestamptz, $3::text::jsonb FROM service WHERE service = $1::text
RETURNING seq
