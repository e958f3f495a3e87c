-- What the catalogue allows that it should not, asked as the application: a sentence each, with its cure; no row: all is well. The lists of
-- exceptions, with their reasons, are the first two. No parameters.
WITH may_delete (relname, reason) AS (
    VALUES ('idempotency'::name, 'answers are forgotten after 90 days'::text)
), keys_of_their_own (relname, reason) AS (
    VALUES ('api_key'::name, 'ids are random and of one space: a key is found by its id before its service is known')
), me AS (
    SELECT oid, quote_ident(rolname) AS name FROM pg_roles WHERE rolname = current_user
), tables AS (
    SELECT c.*, quote_ident(c.relname) AS name,
           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('service', 'provider', 'stream') AND NOT a.attisdropped) AS has_service
    FROM pg_class c WHERE c.relnamespace = 'quarterday'::regnamespace AND c.relkind IN ('r', 'p', 'f', 'm', 'v')
), policies AS (
    SELECT t.name, p.polname,
           (p.polcmd = 'a' OR coalesce(pg_get_expr(p.polqual, p.polrelid), '') LIKE '%quarterday.service%')
               AND (p.polcmd NOT IN ('a', 'w', '*') OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid), '') LIKE '%quarterday.service%') AS asks
    FROM pg_policy p JOIN tables t ON t.oid = p.polrelid
    WHERE p.polpermissive
), granted AS (
    SELECT 'TABLE ' || name AS thing, a.* FROM tables, aclexplode(coalesce(relacl, acldefault('r', relowner))) a
    UNION ALL
    SELECT 'SEQUENCE ' || quote_ident(relname), a.* FROM pg_class, aclexplode(coalesce(relacl, acldefault('s', relowner))) a
    WHERE relnamespace = 'quarterday'::regnamespace AND relkind = 'S'
    UNION ALL
    SELECT 'TABLE ' || t.name, a.* FROM tables t JOIN pg_attribute c ON c.attrelid = t.oid, aclexplode(c.attacl) a WHERE c.attacl IS NOT NULL
    UNION ALL
    SELECT 'FUNCTION ' || oid::regprocedure, a.* FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) a
    WHERE pronamespace = 'quarterday'::regnamespace
    UNION ALL
    SELECT 'SCHEMA ' || quote_ident(nspname), a.* FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a
    WHERE nspname IN ('quarterday', 'public')
    UNION ALL
    SELECT 'DATABASE ' || quote_ident(datname), a.* FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) a
    WHERE datname = current_database()
)
SELECT says FROM (
    SELECT format('%s has a service and no row-level security. ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;', name, name)
    FROM tables WHERE has_service AND relkind IN ('r', 'p') AND NOT relispartition AND NOT (relrowsecurity AND relforcerowsecurity)
    UNION ALL
    SELECT format('%s has a service and no policy. CREATE POLICY of_service ON %s USING (...);', t.name, t.name)
    FROM tables t WHERE has_service AND relkind IN ('r', 'p') AND NOT relispartition AND t.name NOT IN (SELECT name FROM policies)
    UNION ALL
    SELECT format('the policy %I of %s does not ask for whom (quarterday.service). DROP POLICY %I ON %s;', polname, name, polname, name)
    FROM policies WHERE NOT asks
    UNION ALL
    SELECT format('%s holds rows without row-level security, and %s may do more there than add. REVOKE ALL ON %s FROM %s; GRANT INSERT ON %s TO %s;',
                  t.name, me.name, t.name, me.name, t.name, me.name)
    FROM tables t, me
    WHERE t.relispartition AND NOT t.relrowsecurity
      AND (has_table_privilege(me.oid, t.oid, 'SELECT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege(me.oid, t.oid, 'SELECT, UPDATE'))
    UNION ALL
    SELECT format('%s takes rows of others: it has no row-level security, and its trigger rows_of_others is missing, switched off or does not ask for whom.', t.name)
    FROM tables t
    WHERE t.relispartition AND NOT t.relrowsecurity AND has_service
      AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgname = 'rows_of_others' AND g.tgenabled IN ('O', 'A')
                      AND pg_get_triggerdef(g.oid) LIKE '%AFTER INSERT%FOR EACH ROW%quarterday.service%')
    UNION ALL
    SELECT format('the view %s is read with the rights of its owner. ALTER VIEW %s SET (security_invoker = true);', name, name)
    FROM tables WHERE relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions) OR 'security_invoker=on' = ANY (reloptions), false)
    UNION ALL
    SELECT format('%s keeps copies of rows (or rows elsewhere) for which no row-level security holds. DROP it.', name)
    FROM tables WHERE relkind IN ('m', 'f')
    UNION ALL
    SELECT format('the function %s runs with the rights of its owner and with the search_path of its caller. ALTER FUNCTION %s SET search_path = quarterday, pg_temp;',
                  oid::regprocedure, oid::regprocedure)
    FROM pg_proc
    WHERE pronamespace = 'quarterday'::regnamespace AND prosecdef
      AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%')
    UNION ALL
    SELECT format('everybody has %s on %s. REVOKE ALL ON %s FROM PUBLIC;', string_agg(DISTINCT privilege_type, ', '), thing, thing)
               || CASE WHEN thing LIKE 'DATABASE %' THEN format(' GRANT CONNECT ON %s TO %s;', thing, me.name) ELSE '' END
    FROM granted, me WHERE grantee = 0 GROUP BY thing, me.name
    UNION ALL
    SELECT format('%s has %s on %s. REVOKE %s ON %s FROM %s;', me.name, privilege_type, thing, privilege_type, thing, me.name)
    FROM granted g, me
    WHERE g.grantee = me.oid
      AND (privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'CREATE', 'TEMPORARY') OR (privilege_type = 'UPDATE' AND thing LIKE 'SEQUENCE %') OR is_grantable
           OR (privilege_type = 'DELETE' AND thing NOT IN (SELECT 'TABLE ' || quote_ident(relname) FROM may_delete)))
    UNION ALL
    SELECT format('the trigger %I of %s is switched off. ALTER TABLE %s ENABLE TRIGGER %I;', g.tgname, t.name, t.name, g.tgname)
    FROM pg_trigger g JOIN tables t ON t.oid = g.tgrelid WHERE g.tgenabled = 'D'
    UNION ALL
    SELECT format('the key %I of %s does not begin with the service: a taken key would tell of others.', x.relname, t.name)
    FROM pg_index i JOIN tables t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
    WHERE i.indisunique AND t.has_service AND coalesce(a.attname, '') NOT IN ('service', 'stream')
      AND t.relname NOT IN (SELECT relname FROM keys_of_their_own)
) AS found (says)
ORDER BY says
