-- One writer of a framework at a time, until the end of the transaction. $1 id. (There may be no row to lock
-- yet.)
SELECT pg_advisory_xact_lock(hashtextextended('quarterday framework ' || $1::text, 0))
