-- Why the service must not run on this connection: a sentence each, with its cure; no row: all is well. $1: a standby will do.
WITH me AS (
    SELECT r.*, quote_ident(r.rolname) AS name FROM pg_roles r WHERE r.rolname = current_user
), owners AS (
    SELECT nspowner AS owner FROM pg_namespace WHERE nspname = 'quarterday'
    UNION
    SELECT datdba FROM pg_database WHERE datname = current_database()
    UNION
    SELECT relowner FROM pg_class WHERE relnamespace = 'quarterday'::regnamespace
)
SELECT says FROM (
    SELECT 1, format('The service is connected as %s, a superuser, who may do more than it must: no row-level security holds for it. '
                     'Connect as quarterday_app, or: ALTER ROLE %s NOSUPERUSER;', name, name) AS says
    FROM me WHERE rolsuper
    UNION ALL
    SELECT 3, format('The service is connected as %s, which may do more than it must (BYPASSRLS). As a superuser: ALTER ROLE %s NOBYPASSRLS;', name, name)
    FROM me WHERE rolbypassrls
    UNION ALL
    SELECT 4, format('The service is connected as %s, which may do more than it must (CREATEROLE, CREATEDB or REPLICATION). '
                     'As a superuser: ALTER ROLE %s NOCREATEROLE NOCREATEDB NOREPLICATION;', name, name)
    FROM me WHERE rolcreaterole OR rolcreatedb OR rolreplication
    UNION ALL
    SELECT 2, format('The service is connected as %s, which may do more than it must: it owns the tables. Connect as quarterday_app.', name)
    FROM me WHERE oid IN (SELECT owner FROM owners)
    UNION ALL
    SELECT 5, format('The service is connected as %s, which may do more than it must: it is a member of %s. As a superuser: REVOKE %s FROM %s;',
                     me.name, quote_ident(r.rolname), quote_ident(r.rolname), me.name)
    FROM me JOIN pg_roles r ON r.oid <> me.oid AND pg_has_role(me.oid, r.oid, 'MEMBER') AND NOT me.rolsuper
         AND (r.oid IN (SELECT owner FROM owners) OR r.rolsuper OR r.rolbypassrls OR r.rolname IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'))
    UNION ALL
    SELECT 6, format('The service is connected as %s, which may do more than it must: it can create objects in %s. As the owner: '
                     'REVOKE CREATE ON %s FROM %s, PUBLIC;', me.name, place, place, me.name)
    FROM me, LATERAL (
        SELECT 'SCHEMA ' || quote_ident(nspname) AS place FROM pg_namespace
        WHERE nspname IN ('quarterday', 'public') AND has_schema_privilege(me.oid, oid, 'CREATE')
        UNION ALL
        SELECT 'DATABASE ' || quote_ident(current_database()) WHERE has_database_privilege(me.oid, current_database(), 'CREATE')
    ) p
    WHERE NOT rolsuper AND oid NOT IN (SELECT owner FROM owners)
    UNION ALL
    SELECT 7, format('The database runs with %s = off: an acknowledged return could be lost. Switch it on in postgresql.conf%s', name,
                     CASE source WHEN 'user' THEN ', and: ALTER ROLE ' || current_user || ' RESET ' || name || ';'
                                 WHEN 'database' THEN ', and: ALTER DATABASE ' || quote_ident(current_database()) || ' RESET ' || name || ';'
                                 WHEN 'client' THEN ', and take it out of the connection string.'
                                 ELSE ' (or with ALTER SYSTEM) and reload.' END)
    FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'off'
    UNION ALL
    SELECT 8, 'The database is a standby: it can be read only. Connect to its primary, or set replicaOf.' WHERE pg_is_in_recovery() AND NOT $1::bool
    UNION ALL
    SELECT 9, format('The database %s is not encoded in UTF8. Make it anew with ENCODING ''UTF8'' TEMPLATE template0.', quote_ident(current_database()))
    WHERE current_setting('server_encoding') <> 'UTF8'
    UNION ALL
    SELECT 10, format('PostgreSQL is version %s; 15 is the oldest that keeps views under row-level security.', current_setting('server_version'))
    WHERE current_setting('server_version_num')::int < 150000
    UNION ALL
    SELECT 11, format('The connection has %s = %s instead of %s: what the service asks for when it connects does not get through. Connect without a pooler, or with one that '
                      'passes the startup option "options".', w.name, current_setting(w.name), w.wanted)
    FROM (VALUES ('TimeZone', 'UTC'), ('search_path', 'quarterday,pg_temp'), ('row_security', 'on'), ('client_encoding', 'UTF8')) w (name, wanted)
    WHERE current_setting(w.name) <> w.wanted
    UNION ALL
    SELECT 12, format('The database takes no writes: default_transaction_read_only = on. Take that away%s', CASE source
                     WHEN 'user' THEN ': ALTER ROLE ' || current_user || ' RESET default_transaction_read_only;'
                     WHEN 'database' THEN ': ALTER DATABASE ' || quote_ident(current_database()) || ' RESET default_transaction_read_only;'
                     WHEN 'client' THEN ' from the connection string.' ELSE ' in postgresql.conf (or with ALTER SYSTEM) and reload.' END)
    FROM pg_settings WHERE name = 'default_transaction_read_only' AND setting = 'on' AND NOT $1::bool
) AS found (rank, says)
ORDER BY rank, says
