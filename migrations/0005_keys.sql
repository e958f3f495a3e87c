-- API keys: qd_<live|sample>_<id>_<secret><checksum>. Only the id and the SHA-256 of the secret (256 random bits) are kept.

CREATE TABLE api_key (
    id            text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z2-7]{10}$'),
    role          smallint NOT NULL CHECK (role IN (1, 2, 4, 8)),
    service       text COLLATE "C" NOT NULL,
    provider      text COLLATE "C" NOT NULL,
    audience      text COLLATE "C" NOT NULL CHECK (audience IN ('internal', 'public')),
    label         text NOT NULL,
    secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days'),
    revoked_at    timestamptz,
    sample        boolean NOT NULL,
    CHECK ((role = 8) = (provider <> '')),
    CHECK (provider = '' OR service <> '')
);
COMMENT ON COLUMN api_key.role IS '1 admin, 2 commissioner, 4 checker, 8 provider (enum role in server/http.h).';
COMMENT ON COLUMN api_key.service IS 'Empty: every service.';
COMMENT ON COLUMN api_key.audience IS 'internal sees exact figures; public goes through disclosure control on every route.';
COMMENT ON COLUMN api_key.sample IS 'Made with the sample data; such keys are refused on an address that others can reach.';
GRANT SELECT, INSERT, UPDATE (revoked_at) ON api_key TO quarterday_app;
