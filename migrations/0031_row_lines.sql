-- Rows lie in packs: the lines of 1,024 rows in one row of row_pack (returns/row_pack.h has their form). A row by itself took a place in
-- its table, one in the index, a look at whose it is: ten times what its bytes do, and more room than what it says. The eleven tables become views
-- over row_pack with the same columns, so that whoever reads them goes on as before: for few columns, or few rows; whoever wants all of many
-- reads the lines. They show what whoever asks may see (security_invoker).
--
-- COPY FROM is refused on a table with row-level security: row_pack has the policies and is read, its one partition row_pack_stored
-- is copied into, as 0022_row_security.sql says of the tables that go.

CREATE TABLE row_pack_stored (
    service   text COLLATE "C" NOT NULL,
    provider  text COLLATE "C" NOT NULL,
    period    smallint NOT NULL,
    part      smallint NOT NULL,
    version   int NOT NULL,
    first_row int NOT NULL,
    rows      int NOT NULL,
    lines     text COMPRESSION lz4 COLLATE "C" NOT NULL,
    PRIMARY KEY (service, provider, period, part, version, first_row),
    CHECK (first_row % 1024 = 1 AND rows BETWEEN 1 AND 1024)
);
COMMENT ON TABLE row_pack_stored IS 'Where the packs of row_pack lie. COPY goes here, reads go there.';
COMMENT ON COLUMN row_pack_stored.lines IS 'A line a row: the stored columns in their order, parted by tabs, blank ones empty; in free texts \0 is a backslash, \1 a tab, \2 a line break.';

-- A free text as it was sent; how it stands in a line.
CREATE FUNCTION text_of_line(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT replace(replace(replace($1, '\1', E'\t'), '\2', E'\n'), '\0', '\')$$;
CREATE FUNCTION text_to_line(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT replace(replace(replace($1, '\', '\0'), E'\t', '\1'), E'\n', '\2')$$;

CREATE TABLE row_pack (LIKE row_pack_stored INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING COMMENTS INCLUDING COMPRESSION,
                       PRIMARY KEY (service, provider, period, part, version, first_row)) PARTITION BY LIST (service);
ALTER TABLE row_pack ATTACH PARTITION row_pack_stored DEFAULT;
COMMENT ON TABLE row_pack IS 'The rows of a version as they were accepted, 1,024 a pack. Personal data (pseudonymised): for its provider alone.';

DO $$
DECLARE
    -- In the order of their numbers (enum part_id).
    names constant text[] := ARRAY['episode', 'follow_up', 'harm_reduction', 'referral', 'contact', 'training_session', 'adviser', 'site',
                                   'web_analytics', 'media_activity', 'national_cell'];
    free_texts constant text[] := ARRAY['referral.referrer_organisation', 'adviser.organisation', 'adviser.qualification', 'site.name',
                                        'site.clinic_times', 'training_session.organisations', 'web_analytics.top_pages', 'media_activity.channel', 'media_activity.language',
                                        'media_activity.description', 'national_cell.key_1', 'national_cell.key_2', 'national_cell.reason'];
    name text;
    about text;
    cells text;
    columns text;
BEGIN
    -- Nobody adds a row between the copying and the end; whoever still does is met at once.
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', name);
    END LOOP;
    FOR number IN 0 .. 10 LOOP
        name := names[number + 1];
        about := obj_description(name::regclass, 'pg_class');
        SELECT string_agg(CASE WHEN name || '.' || attname = ANY (free_texts) THEN format('text_to_line(%I)', attname)
                               WHEN atttypid = 'boolean'::regtype THEN format('CASE WHEN %1$I THEN ''t'' WHEN NOT %1$I THEN ''f'' END', attname)
                               ELSE format('%I::text', attname) END, ', ' ORDER BY place),
               string_agg(format(CASE WHEN name || '.' || attname = ANY (free_texts) THEN 'text_of_line(%s) AS %I'
                                      WHEN atttypid = 'text'::regtype THEN '%s AS %I'
                                      ELSE '(%s)::' || format_type(atttypid, NULL) || ' AS %I' END,
                                 format('NULLIF(split_part(l.line, E''\t'', %s), '''')', place), attname), ', ' ORDER BY place)
        INTO cells, columns
        FROM (SELECT *, row_number() OVER (ORDER BY attnum) - 5 AS place FROM pg_attribute
              WHERE attrelid = name::regclass AND attnum > 0 AND NOT attisdropped) a
        WHERE place > 0;
        EXECUTE format('INSERT INTO row_pack_stored SELECT service, provider, period, %s, version, min(row), count(*), '
                       'string_agg(array_to_string(ARRAY[%s], E''\t'', ''''), E''\n'' ORDER BY row) '
                       'FROM %I GROUP BY service, provider, period, version, (row - 1) / 1024', number, cells, name || '_stored');
        EXECUTE format('DROP TABLE %I', name);
        EXECUTE format('CREATE VIEW %I WITH (security_invoker) AS '
                       'SELECT p.service, p.provider, p.period, p.version, (p.first_row + l.place - 1)::int AS row, %s '
                       'FROM row_pack p CROSS JOIN LATERAL string_to_table(p.lines, E''\n'') WITH ORDINALITY AS l (line, place) '
                       'WHERE p.part = %s', name, columns, number);
        EXECUTE format('COMMENT ON VIEW %I IS %L', name, about);
        EXECUTE format('GRANT SELECT ON %I TO quarterday_app', name);
    END LOOP;
END
$$;

CREATE TRIGGER rows_of_others AFTER INSERT ON row_pack_stored FOR EACH ROW WHEN ((
    NULLIF(current_setting('quarterday.service', true), '') IN (NEW.service, '*') AND
    NULLIF(current_setting('quarterday.provider', true), '') IN (NEW.provider, '*')) IS NOT TRUE) EXECUTE FUNCTION refuse_others_rows();
CREATE POLICY of_provider ON row_pack USING (
    (SELECT NULLIF(current_setting('quarterday.service', true), '')) IN (service, '*') AND
    (SELECT NULLIF(current_setting('quarterday.provider', true), '')) IN (provider, '*'));
ALTER TABLE row_pack ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON row_pack TO quarterday_app;
GRANT INSERT ON row_pack_stored TO quarterday_app;
GRANT EXECUTE ON FUNCTION text_of_line(text) TO quarterday_app;
