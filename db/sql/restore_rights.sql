-- The rights on the database and on schema public, which a dump of one schema does not carry: those of migration 0023. Run as it is, not prepared.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO quarterday_app, quarterday_owner', current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
EXCEPTION WHEN invalid_schema_name THEN
    NULL; -- no schema public, no rights on it
END
$$
