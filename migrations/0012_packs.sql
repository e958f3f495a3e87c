-- Facts and digests in packs of a few thousand rows, so that a return of a million rows is written and read piece by piece.

CREATE TABLE pack (
    service  text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    period   smallint NOT NULL,
    part     smallint NOT NULL,
    version  int NOT NULL,
    number   int NOT NULL CHECK (number >= 0),
    rows     int NOT NULL CHECK (rows > 0),
    facts    bytea NOT NULL CHECK (octet_length(facts) % rows = 0),
    digests  bytea NOT NULL CHECK (octet_length(digests) = rows * 32),
    PRIMARY KEY (service, provider, period, part, version, number),
    FOREIGN KEY (service, provider, period, part, version) REFERENCES version
);
-- Random-looking bytes: compressing them costs time and saves nothing.
ALTER TABLE pack ALTER COLUMN facts SET STORAGE EXTERNAL, ALTER COLUMN digests SET STORAGE EXTERNAL;
COMMENT ON TABLE pack IS 'What is counted and compared of the rows of a version, in row order, without a gap between the numbers; none for a nil return.';
COMMENT ON COLUMN pack.facts IS 'One fixed-size record a row (returns/facts.h) in the format of version.facts_format.';
COMMENT ON COLUMN pack.digests IS 'One struct row_digest (32 bytes) a row: who it is and what it says.';
GRANT SELECT, INSERT ON pack TO quarterday_app;

-- What is stored moves. A record is as long as the pack divided by the rows.
INSERT INTO pack (service, provider, period, part, version, number, rows, facts, digests)
SELECT v.service, v.provider, v.period, v.part, v.version, n.number, least(8192, v.rows - n.number * 8192),
       substring(v.facts FROM n.number * 8192 * w.bytes + 1 FOR 8192 * w.bytes),
       substring(v.digests FROM n.number * 8192 * 32 + 1 FOR 8192 * 32)
FROM version v
CROSS JOIN LATERAL (SELECT octet_length(v.facts) / greatest(v.rows, 1) AS bytes) w
CROSS JOIN LATERAL generate_series(0, (v.rows - 1) / 8192) AS n (number)
WHERE v.rows > 0;

ALTER TABLE version DROP COLUMN facts, DROP COLUMN digests;
