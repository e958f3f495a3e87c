-- Tells other processes, at commit, that a service has changed. $1 service.
SELECT pg_notify('quarterday_changed', $1::text)
