-- What serve wants to know of its role and of the durability of the database. No parameters.
SELECT current_user::text,
       EXISTS (SELECT FROM pg_roles
               WHERE rolname = current_user AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)),
       has_schema_privilege('quarterday', 'CREATE')
           OR has_table_privilege('quarterday.version', 'UPDATE')
           OR has_table_privilege('quarterday.version', 'DELETE')
           OR has_table_privilege('quarterday.audit', 'UPDATE')
           OR has_table_privilege('quarterday.audit', 'DELETE')
           OR has_table_privilege('quarterday.audit', 'TRUNCATE'),
       current_setting('fsync') = 'on',
       current_setting('synchronous_commit') <> 'off',
       current_setting('full_page_writes') = 'on',
       pg_is_in_recovery()
