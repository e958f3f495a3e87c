-- Before migrating: is there a schema, is there the application's role, who are we, whom does the schema
-- belong to, is the encoding ours? No parameters.
SELECT to_regclass('quarterday.schema_migration') IS NOT NULL,
       EXISTS (SELECT FROM pg_roles WHERE rolname = 'quarterday_app'),
       current_user::text,
       (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'quarterday'),
       has_database_privilege(current_database(), 'CREATE'),
       current_database()::text,
       current_setting('server_encoding') = 'UTF8'
