-- The cells of the national return, as providers without client records send them; as 0003.

CREATE TABLE national_cell (
    service  text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    period   smallint NOT NULL,
    version  int NOT NULL,
    row      int NOT NULL,
    part     text COLLATE "C" NOT NULL,
    key_1    text COLLATE "C",
    key_2    text COLLATE "C",
    measure  text COLLATE "C" NOT NULL,
    value    int NOT NULL,
    reason   text COLLATE "C",
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE national_cell IS 'One row a cell of the national return, of a provider that sends it instead of episodes. Counts of people and whole pounds, no personal data.';
COMMENT ON COLUMN national_cell.reason IS 'Why the success of a row of 1G or 1H is an outlier; free text, never published.';
GRANT SELECT, INSERT ON national_cell TO quarterday_app;
