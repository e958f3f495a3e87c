-- What a backup is of: the snapshot that pg_dump is to read, and where in the log it was taken; and may this role read everything? No parameters.
SELECT pg_export_snapshot(), pg_current_wal_lsn()::text, current_setting('server_version'),
       (SELECT max(version) FROM schema_migration), (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
