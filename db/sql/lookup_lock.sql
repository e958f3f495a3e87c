-- One writer of a lookup at a time, until the end of the transaction. $1 lookup.
SELECT pg_advisory_xact_lock(hashtextextended('quarterday lookup ' || $1::text, 0))
