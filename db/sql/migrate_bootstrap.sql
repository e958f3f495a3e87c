-- What must be there before the first migration can be noted. Several statements: run as a script, never
-- prepared.
CREATE SCHEMA quarterday;
CREATE TABLE schema_migration (
    version    int PRIMARY KEY,
    name       text NOT NULL,
    sha256     bytea NOT NULL CHECK (octet_length(sha256) = 32),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    took       interval NOT NULL
);
COMMENT ON TABLE schema_migration IS
    'What quarterday migrate has applied. The program refuses to start unless this is exactly what it was built with.';
