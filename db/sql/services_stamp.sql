-- Every service has changed: bank holidays belong to all of them. $1 at.
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest(changed_at, $1::timestamptz) RETURNING service
)
SELECT pg_notify('quarterday_changed', service) FROM stamped
