-- Is this server a standby? One row.
SELECT pg_is_in_recovery()::bool
