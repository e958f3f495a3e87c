-- The migrations that were applied, in their order. No parameters.
SELECT version, name, sha256 FROM schema_migration ORDER BY version
