-- What else a key holds: scopes, the addresses from which it may be used, the key that takes its place, the day of its last use.

ALTER TABLE api_key
    ADD COLUMN scopes int NOT NULL DEFAULT 0 CHECK (scopes IN (0, 1)),
    ADD COLUMN addresses text COLLATE "C" NOT NULL DEFAULT '' CHECK (octet_length(addresses) <= 800 AND addresses ~ '^[0-9a-f.:/,]*$'),
    ADD COLUMN replaced_by text COLLATE "C" REFERENCES api_key,
    ADD COLUMN ends_at timestamptz,
    ADD COLUMN last_used_on date,
    ADD CONSTRAINT api_key_scopes_of_role_check CHECK (scopes = 0 OR (role = 2 AND audience = 'internal')),
    ADD CONSTRAINT api_key_replaced_check CHECK ((replaced_by IS NULL) = (ends_at IS NULL));
COMMENT ON COLUMN api_key.scopes IS '1 CLIENT_ROWS: a commissioner may read client rows, for a reason, with an audit line (enum scope in server/http.h).';
COMMENT ON COLUMN api_key.addresses IS 'CIDR ranges with commas between; empty: from anywhere.';
COMMENT ON COLUMN api_key.ends_at IS 'When the overlap with the key that replaces it is over. Only ever shortens expires_at, which the service cannot change.';
COMMENT ON COLUMN api_key.last_used_on IS 'The day in London, written within seconds of the first use of a day.';
GRANT UPDATE (replaced_by, ends_at, last_used_on) ON api_key TO quarterday_app;
