-- One migration at a time in a database, until the end of the transaction. No parameters.
SELECT pg_advisory_xact_lock(hashtextextended('quarterday migrate', 0))
