-- For the transaction of one migration: a lock that somebody holds is not worth waiting for, but the work
-- itself may take long. Several statements: run as a script, never prepared.
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;
