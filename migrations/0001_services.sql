-- Services, their providers and their KPI frameworks.
--
-- Every migration runs as the owner, once, in one transaction, with search_path = quarterday; forward only, and never edited
-- once released: `quarterday migrate` keeps the SHA-256 of each file and refuses an edited one.
-- The application connects as quarterday_app, which owns nothing: it may read, add rows, and change only the columns that are
-- granted to it by name. Nothing is granted to PUBLIC. Every key starts with the service, so that data can be spread by it.
-- Ids compare by bytes (COLLATE "C") whatever the locale of the database: exact, and the fastest order for the keys of rows.

REVOKE ALL ON SCHEMA quarterday FROM PUBLIC;
GRANT USAGE ON SCHEMA quarterday TO quarterday_app;
GRANT SELECT ON schema_migration TO quarterday_app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- One order over everything that is received or happens: versions, events and stamps take their numbers here.
CREATE SEQUENCE change_seq AS bigint;
GRANT USAGE ON SEQUENCE change_seq TO quarterday_app;

CREATE TABLE framework (
    id             text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._-]{1,64}$'),
    version        int NOT NULL CHECK (version > 0),
    body           text NOT NULL,
    received_at    timestamptz NOT NULL,
    effective_from date,
    PRIMARY KEY (id, version)
);
COMMENT ON TABLE framework IS 'KPI frameworks as they were sent: text, not jsonb, because the bytes are what was agreed. A version never changes.';
COMMENT ON COLUMN framework.effective_from IS 'For frameworks that replace another from a day on; NULL: from the beginning.';
GRANT SELECT, INSERT ON framework TO quarterday_app;

CREATE TABLE service (
    service      text COLLATE "C" PRIMARY KEY CHECK (service ~ '^[A-Za-z0-9._-]{1,64}$'),
    name         text NOT NULL,
    framework_id text COLLATE "C" NOT NULL,
    stamp        bigint NOT NULL DEFAULT nextval('change_seq')
);
COMMENT ON COLUMN service.stamp IS 'The change_seq of the newest change of anything of the service. Taken while this row is locked, so within a service numbers become visible in their order.';
GRANT SELECT, INSERT, UPDATE (name, framework_id, stamp) ON service TO quarterday_app;

CREATE TABLE provider (
    service        text COLLATE "C" NOT NULL REFERENCES service,
    provider       text COLLATE "C" NOT NULL CHECK (provider ~ '^[A-Za-z0-9._-]{1,64}$'),
    name           text NOT NULL,
    provider_group text COLLATE "C",
    stamp          bigint NOT NULL DEFAULT 0,
    received_at    timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (service, provider)
);
COMMENT ON TABLE provider IS 'One row a provider: the row that an upload locks, after COPY and before the checks that need it.';
COMMENT ON COLUMN provider.stamp IS 'seq of the newest accepted version; 0: none yet.';
COMMENT ON COLUMN provider.received_at IS 'When that was. The next one is later even if the clock has stepped back: known-at relies on it.';
GRANT SELECT, INSERT, UPDATE (name, provider_group, stamp, received_at) ON provider TO quarterday_app;
