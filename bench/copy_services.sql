-- Further services that have all that one has: providers, returns with their rows, sign-offs, plans and their steps, events. What numbers the changes of a
-- service counts within it, so the copies keep their numbers. As the superuser: references are not checked row by row, and no policy stands in the way.
-- :service (the model), :copies (a query of one column, service).
BEGIN;
SET LOCAL search_path = quarterday;
SET LOCAL synchronous_commit = off;
SET LOCAL session_replication_role = replica;
CREATE TEMP TABLE copy_of ON COMMIT DROP AS SELECT o.service::text COLLATE "C" FROM :copies AS o (service);
SELECT format('INSERT INTO %1$I (%2$s) SELECT %3$s FROM %1$I t WHERE t.service = %4$L', relname,
              string_agg(quote_ident(attname), ', ' ORDER BY attnum),
              string_agg(CASE attname WHEN 'service' THEN quote_literal(o.service) ELSE 't.' || quote_ident(attname) END, ', ' ORDER BY attnum), :'service')
FROM copy_of o, pg_class c JOIN pg_attribute a ON attrelid = c.oid
WHERE c.relnamespace = 'quarterday'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
      AND EXISTS (SELECT FROM pg_attribute s WHERE s.attrelid = c.oid AND s.attname = 'service') AND relname <> 'api_key'
GROUP BY o.service, c.oid, relname
ORDER BY o.service, relname
\gexec
SELECT pg_notify('quarterday_changed', service) FROM copy_of \g /dev/null
COMMIT;
ANALYZE;
