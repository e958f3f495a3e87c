-- When a service last changed, in the order of its changes.

ALTER TABLE service ADD changed_at timestamptz NOT NULL DEFAULT '-infinity';
COMMENT ON COLUMN service.changed_at IS 'The instant of the newest change of anything of the service. Each is later than the one before, whatever the clock does and however long the change has waited for this row: who asks again with ?knownAt= this instant sees what was seen.';
GRANT UPDATE (changed_at) ON service TO quarterday_app;

UPDATE service s
SET changed_at = greatest(
    (SELECT max(received_at) FROM provider p WHERE p.service = s.service),
    (SELECT max(received_at) FROM framework f WHERE f.id = s.framework_id),
    (SELECT max(received_at) FROM lookup),
    (SELECT max(at) FROM event e WHERE e.service = s.service));

-- A statement that says the instant itself is taken at its word; for all others the database's clock counts.
CREATE FUNCTION service_has_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stamp <> OLD.stamp AND NEW.changed_at <= OLD.changed_at THEN
        NEW.changed_at := greatest(clock_timestamp(), OLD.changed_at + interval '1 microsecond');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER service_has_changed BEFORE UPDATE ON service FOR EACH ROW EXECUTE FUNCTION service_has_changed();
