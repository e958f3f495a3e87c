-- Tells of a change of a provider in the feed of its service, with the stamp and the instant of the framework's new version that has just
-- moved them (its row is locked since). $1 service, $2 body of the event. No row: no such service.
INSERT INTO event (service, seq, kind, at, body)
SELECT service, stamp, 'PROVIDER_CHANGED', changed_at, $2::text::jsonb FROM service WHERE service = $1::text
RETURNING at
