-- What a copy of the database is compared by: `quarterday backup` keeps these with the dump, `quarterday restore` works them out anew.

CREATE FUNCTION table_digests() RETURNS TABLE (table_name text, row_count bigint, digest text)
    LANGUAGE plpgsql STABLE SET search_path = quarterday, pg_temp SET datestyle = 'ISO' SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
    FOR table_name IN SELECT relname::text FROM pg_class
                      WHERE relnamespace = 'quarterday'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                      ORDER BY relname::text COLLATE "C" LOOP
        EXECUTE format('SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) || '':'' || '
                       'coalesce(sum(hashtextextended(t::text, 1)::numeric), 0) FROM %I t', table_name) INTO row_count, digest;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION table_digests() IS 'Of every table its rows and a digest of their texts that does not depend on their order: two sums of 64-bit hashes. Row-level security holds: who is no superuser and has no BYPASSRLS counts what he sees.';
REVOKE ALL ON FUNCTION table_digests() FROM PUBLIC;
