-- Forgets answers from before $1.
DELETE FROM idempotency WHERE at < $1::timestamptz
