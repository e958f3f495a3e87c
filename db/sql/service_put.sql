-- Makes a service, or gives it this name and framework; a new stamp in both cases, and the instant of its framework's new version. $1
-- service, $2 name, $3 framework id, $4 at.
INSERT INTO service (service, name, framework_id, changed_at) VALUES ($1::text, $2::text, $3::text, $4::timestamptz)
ON CONFLICT (service) DO UPDATE
SET name = excluded.name, framework_id = excluded.framework_id, stamp = nextval('change_seq'),
    changed_at = greatest(service.changed_at, excluded.changed_at)
