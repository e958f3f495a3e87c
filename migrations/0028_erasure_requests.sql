-- What providers ask to be erased (DELETE /v1/subjects/{service}). The application may ask, and no more: the rows are blanked by
-- `quarterday erase --asked`, which connects as the owner of the tables. docs/privacy.md says why.

CREATE TABLE erasure_request (
    service    text COLLATE "C" NOT NULL,
    provider   text COLLATE "C" NOT NULL,
    number     bigint NOT NULL DEFAULT nextval('change_seq'),
    reference  text COLLATE "C" NOT NULL,
    asked_at   timestamptz NOT NULL,
    asked_by   text COLLATE "C" NOT NULL,
    reason     text NOT NULL CHECK (reason <> ''),
    settled_at timestamptz,
    rows       bigint CHECK (rows >= 0),
    PRIMARY KEY (service, provider, number),
    FOREIGN KEY (service, provider) REFERENCES provider,
    CHECK ((settled_at IS NULL) = (rows IS NULL)),
    CHECK ((settled_at IS NULL) = (reference <> ''))
);
COMMENT ON COLUMN erasure_request.reference IS 'Whom, by the provider''s own name; emptied when it is settled.';
CREATE UNIQUE INDEX erasure_request_open ON erasure_request (service, provider, reference) WHERE settled_at IS NULL;
GRANT SELECT, INSERT ON erasure_request TO quarterday_app;

CREATE POLICY of_provider ON erasure_request
    USING ((SELECT NULLIF(current_setting('quarterday.service', true), '')) IN (service, '*')
           AND (SELECT NULLIF(current_setting('quarterday.provider', true), '')) IN (provider, '*'));
ALTER TABLE erasure_request ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
