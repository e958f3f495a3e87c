-- The process that serves this connection, as pg_stat_activity names it. No parameters.
SELECT pg_backend_pid()
