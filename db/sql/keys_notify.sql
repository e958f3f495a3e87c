-- Tells every process, at commit, that keys have changed. No parameters.
SELECT pg_notify('quarterday_keys', '')
