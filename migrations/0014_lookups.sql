-- Reference data: deprivation quintiles by LSOA, postcodes, bank holidays. A version never changes; which of them a return was judged
-- beside is kept with it, so that a later one changes nothing silently.

CREATE TABLE lookup (
    lookup      text COLLATE "C" NOT NULL CHECK (lookup IN ('imd', 'postcodes', 'bank-holidays')),
    edition     text COLLATE "C" NOT NULL CHECK (edition ~ '^[A-Za-z0-9._-]{0,64}$' AND (edition <> '') = (lookup = 'imd')),
    version     int NOT NULL CHECK (version > 0),
    received_at timestamptz NOT NULL,
    key_id      text COLLATE "C" NOT NULL,
    sha256      bytea NOT NULL CHECK (octet_length(sha256) = 32),
    bytes       bigint NOT NULL,
    rows        int NOT NULL,
    pack_bytes  bigint NOT NULL,
    PRIMARY KEY (lookup, edition, version)
);
COMMENT ON TABLE lookup IS 'The newest version of a lookup and edition is in use; one without rows takes it out of use.';
COMMENT ON COLUMN lookup.sha256 IS 'Of the file as it was sent; the pack is made from it (returns/lookup.h).';
GRANT SELECT, INSERT ON lookup TO quarterday_app;

CREATE TABLE lookup_pack (
    lookup  text COLLATE "C" NOT NULL,
    edition text COLLATE "C" NOT NULL,
    version int NOT NULL,
    piece   int NOT NULL,
    body    bytea NOT NULL,
    PRIMARY KEY (lookup, edition, version, piece),
    FOREIGN KEY (lookup, edition, version) REFERENCES lookup
);
COMMENT ON TABLE lookup_pack IS 'The packs in pieces of 1 MiB, so that no one value is large.';
ALTER TABLE lookup_pack ALTER COLUMN body SET STORAGE EXTERNAL;
GRANT SELECT, INSERT ON lookup_pack TO quarterday_app;

CREATE TABLE version_lookup (
    service        text COLLATE "C" NOT NULL,
    provider       text COLLATE "C" NOT NULL,
    period         smallint NOT NULL,
    part           smallint NOT NULL,
    version        int NOT NULL,
    lookup         text COLLATE "C" NOT NULL,
    edition        text COLLATE "C" NOT NULL,
    lookup_version int NOT NULL,
    PRIMARY KEY (service, provider, period, part, version, lookup),
    FOREIGN KEY (service, provider, period, part, version) REFERENCES version,
    FOREIGN KEY (lookup, edition, lookup_version) REFERENCES lookup
);
COMMENT ON TABLE version_lookup IS 'The lookups that the rows of a version were judged beside.';
GRANT SELECT, INSERT ON version_lookup TO quarterday_app;
