-- Is the calendar's daily work ours until the end of the transaction? False: another instance is at it.
SELECT pg_try_advisory_xact_lock(hashtextextended('quarterday calendar', 0))
