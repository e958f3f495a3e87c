-- Makes a service, or gives it this name and framework. A new stamp in both cases. $1 service, $2 name, $3
-- framework id.
INSERT INTO service (service, name, framework_id) VALUES ($1::text, $2::text, $3::text)
ON CONFLICT (service) DO UPDATE
SET name = excluded.name, framework_id = excluded.framework_id, stamp = nextval('change_seq')
