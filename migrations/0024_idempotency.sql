-- What was answered to a POST with an Idempotency-Key, in the transaction of what it did: the same request again gets the same answer.

CREATE TABLE idempotency (
    service        text COLLATE "C" NOT NULL,
    provider       text COLLATE "C" NOT NULL,
    route          text COLLATE "C" NOT NULL,
    key            text COLLATE "C" NOT NULL CHECK (key ~ '^[!-~]{1,255}$'),
    request_sha256 bytea NOT NULL CHECK (octet_length(request_sha256) = 32),
    at             timestamptz NOT NULL,
    status         smallint NOT NULL CHECK (status BETWEEN 200 AND 299),
    location       text NOT NULL,
    etag           text NOT NULL,
    body           bytea NOT NULL,
    PRIMARY KEY (service, provider, route, key)
);
COMMENT ON TABLE idempotency IS 'Deleted after 90 days by the daily work. Never the text of an API key.';
COMMENT ON COLUMN idempotency.service IS 'That of the key which asked, as is provider; empty: of none.';
COMMENT ON COLUMN idempotency.request_sha256 IS 'Over path, If-Match and body.';
GRANT SELECT, INSERT, DELETE ON idempotency TO quarterday_app;

-- Whose they are, as for everything else (migration 0022); those of keys of no service belong to nobody else.
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_provider ON idempotency
    USING ((SELECT NULLIF(current_setting('quarterday.service', true), '')) IN (service, '*')
           AND (SELECT NULLIF(current_setting('quarterday.provider', true), '')) IN (provider, '*'));
