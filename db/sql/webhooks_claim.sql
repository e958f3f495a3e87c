-- Is this connection the one that delivers webhooks, until it ends? False: another process is at it. The lock is of the session, so that a
-- process that is killed gives it back at once.
SELECT CASE
    WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted) THEN true
    ELSE pg_try_advisory_lock(hashtextextended('quarterday webhooks', 0))
END
