-- Row-level security: the database itself shows and takes only the rows of the service, and where they are a provider's own of the
-- provider, that the transaction says it acts for. The second wall behind authorise(), for the day on which a WHERE is forgotten.
--
-- Whom a transaction acts for are its settings quarterday.service and quarterday.provider: an id, or * for all (db/scope.c). Without them
-- nothing is seen and nothing can be written, by the owner of the tables, too (FORCE); only a superuser and BYPASSRLS pass. After
-- the first SET LOCAL of a connection a setting is '' and not NULL, hence NULLIF. The sub-selects are evaluated once a statement, not once a row.
-- The foreign keys' own checks are not subject to it.
--
-- COPY FROM is refused on a table with row-level security, and rows come by COPY. So each table of rows becomes a partitioned table with
-- the policies, from which is read, and its one partition <table>_stored, into which is copied: the application may add to it and do
-- nothing else there, and a trigger refuses rows of others. Its WHEN is an expression that costs no call, so COPY is as fast as it was.

CREATE FUNCTION refuse_others_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = quarterday, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'quarterday: a row of % belongs to a service or provider that this transaction does not act for', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

DO $$
DECLARE
    of_service constant text := $p$(SELECT NULLIF(current_setting('quarterday.service', true), '')) IN (%I, '*')$p$;
    of_provider constant text := $p$(SELECT NULLIF(current_setting('quarterday.provider', true), '')) IN (provider, '*')$p$;
    the_service text := format(of_service, 'service');
    name text;
    about text;
BEGIN
    -- What belongs to a service as a whole.
    FOREACH name IN ARRAY ARRAY['service', 'event', 'period_event', 'plan', 'plan_event', 'plan_update', 'plan_action', 'national_entry',
                                'payment_statement', 'payment_step', 'snapshot', 'audit', 'audit_head'] LOOP
        EXECUTE format('CREATE POLICY of_service ON %I USING (%s)', name,
                       format(of_service, CASE WHEN name LIKE 'audit%' THEN 'stream' ELSE 'service' END));
    END LOOP;

    -- What a provider writes and its service counts: a provider's upload judges the plans of the whole service.
    FOREACH name IN ARRAY ARRAY['provider', 'version', 'pack', 'version_lookup', 'sign_off'] LOOP
        EXECUTE format('CREATE POLICY of_service ON %I FOR SELECT USING (%s)', name, the_service);
        EXECUTE format('CREATE POLICY add_own ON %I FOR INSERT WITH CHECK (%s AND %s)', name, the_service, of_provider);
        EXECUTE format('CREATE POLICY change_own ON %I FOR UPDATE USING (%s AND %s)', name, the_service, of_provider);
    END LOOP;

    -- What is the provider's alone.
    EXECUTE format('CREATE POLICY of_provider ON api_key USING (%s AND %s)', the_service, of_provider);
    FOREACH name IN ARRAY ARRAY['episode', 'follow_up', 'harm_reduction', 'referral', 'contact', 'training_session', 'adviser', 'site',
                                'web_analytics', 'media_activity', 'national_cell'] LOOP
        about := obj_description(name::regclass, 'pg_class');
        EXECUTE format('ALTER TABLE %I RENAME TO %I', name, name || '_stored');
        EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO %I', name || '_stored', name || '_pkey', name || '_stored_pkey');
        EXECUTE format('REVOKE ALL ON %I FROM quarterday_app', name || '_stored');
        EXECUTE format('GRANT INSERT ON %I TO quarterday_app', name || '_stored');
        EXECUTE format('CREATE TRIGGER rows_of_others AFTER INSERT ON %I FOR EACH ROW WHEN (('
                       'NULLIF(current_setting(''quarterday.service'', true), '''') IN (NEW.service, ''*'') AND '
                       'NULLIF(current_setting(''quarterday.provider'', true), '''') IN (NEW.provider, ''*'')) IS NOT TRUE) '
                       'EXECUTE FUNCTION refuse_others_rows()', name || '_stored');
        EXECUTE format('COMMENT ON TABLE %I IS %L', name || '_stored', 'Where the rows of ' || name || ' lie. COPY goes here, reads go there.');
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING COMMENTS, '
                       'PRIMARY KEY (service, provider, period, version, row)) PARTITION BY LIST (service)', name, name || '_stored');
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I DEFAULT', name, name || '_stored');
        EXECUTE format('COMMENT ON TABLE %I IS %L', name, about);
        EXECUTE format('GRANT SELECT ON %I TO quarterday_app', name);
        EXECUTE format('CREATE POLICY of_provider ON %I USING (%s AND %s)', name, the_service, of_provider);
    END LOOP;

    FOR name IN SELECT DISTINCT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
                WHERE c.relnamespace = 'quarterday'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END
$$;
