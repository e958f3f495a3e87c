-- Every service has changed: bank holidays belong to all of them. No parameters.
WITH stamped AS (UPDATE service SET stamp = nextval('change_seq') RETURNING service)
SELECT pg_notify('quarterday_changed', service) FROM stamped
