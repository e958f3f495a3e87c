-- Accepted uploads: one row each, immutable, with the packs from which all figures are counted.
--
-- A period is a smallint: start year * 4 + quarter - 1, so 2025-26-Q2 is 8101. A part is its number in returns/part.h.
-- There is no table of episode ids ("episode_key"): that an id is unique across periods is checked in C against the facts packs
-- of the versions in force, while the provider's row is locked. An index on random ids would make loading 3 to 4 times slower.

CREATE TABLE version (
    service      text COLLATE "C" NOT NULL,
    provider     text COLLATE "C" NOT NULL,
    period       smallint NOT NULL CHECK (period BETWEEN 8070 AND 8395),
    part         smallint NOT NULL CHECK (part BETWEEN 0 AND 31),
    version      int NOT NULL CHECK (version > 0),
    seq          bigint NOT NULL,
    received_at  timestamptz NOT NULL,
    key_id       text COLLATE "C" NOT NULL,
    sha256       bytea NOT NULL CHECK (octet_length(sha256) = 32),
    bytes        bigint NOT NULL CHECK (bytes >= 0),
    rows         int NOT NULL CHECK (rows >= 0),
    created      int NOT NULL CHECK (created >= 0),
    updated      int NOT NULL CHECK (updated >= 0),
    unchanged    int NOT NULL CHECK (unchanged >= 0),
    removed      int NOT NULL CHECK (removed >= 0),
    warnings     bigint NOT NULL CHECK (warnings >= 0),
    on_time      boolean NOT NULL,
    format       text NOT NULL CHECK (format IN ('csv', 'json')),
    reason       text NOT NULL DEFAULT '',
    facts_format smallint NOT NULL,
    facts        bytea NOT NULL,
    digests      bytea NOT NULL,
    PRIMARY KEY (service, provider, period, part, version),
    FOREIGN KEY (service, provider) REFERENCES provider,
    CHECK (created::bigint + updated + unchanged = rows),
    CHECK (octet_length(digests) = rows::bigint * 32)
);
-- Random-looking bytes: compressing them costs time and saves nothing; EXTERNAL also lets a part of them be read.
ALTER TABLE version ALTER COLUMN facts SET STORAGE EXTERNAL, ALTER COLUMN digests SET STORAGE EXTERNAL;
COMMENT ON TABLE version IS 'In force at t: of each service, provider, period and part the newest version received by t.';
COMMENT ON COLUMN version.seq IS 'change_seq: the order of receipt over everything.';
COMMENT ON COLUMN version.sha256 IS 'Of the bytes as they were received.';
COMMENT ON COLUMN version.reason IS 'Why it was sent after sign-off; empty otherwise.';
COMMENT ON COLUMN version.facts_format IS 'FACTS_FORMAT of returns/facts.h at the time of writing.';
COMMENT ON COLUMN version.facts IS 'One fixed-size record a row (returns/facts.h), in row order.';
COMMENT ON COLUMN version.digests IS 'One struct row_digest (32 bytes) a row, in row order: who it is and what it says.';
GRANT SELECT, INSERT ON version TO quarterday_app;
