-- The same, but waits for it. $1 its name in full.
SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended($1::text, 7))) AS waited
