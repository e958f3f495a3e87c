-- Nothing for everybody: who may connect to this database and use its schemas is named. Roles of others (monitoring, backup) that
-- connected by the right of everybody need GRANT CONNECT from now on. Where migrate does not run as the owner of the database this changes nothing, and `serve`
-- says what is left to do.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO quarterday_app', current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
EXCEPTION WHEN insufficient_privilege OR invalid_schema_name THEN
    RAISE NOTICE 'quarterday: the rights of everybody on the database stay as they are: %', SQLERRM;
END
$$;
