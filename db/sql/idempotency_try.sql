-- Takes the lock of an Idempotency-Key until the end of the transaction, or says at once that another has it. $1 its name in full.
SELECT pg_try_advisory_xact_lock(hashtextextended($1::text, 7))
