-- What the commissioner adds to the national return of a service and quarter: finance (2A, 2B), reasons for outliers, and the
-- numbered copies of what was sent. Versions, never changed; the newest of a kind counts.

CREATE TABLE national_entry (
    service text COLLATE "C" NOT NULL REFERENCES service,
    period  smallint NOT NULL CHECK (period BETWEEN 8070 AND 8395),
    kind    text COLLATE "C" NOT NULL CHECK (kind IN ('FINANCE', 'REASONS', 'SUBMISSION')),
    version int NOT NULL CHECK (version > 0),
    seq     bigint NOT NULL,
    at      timestamptz NOT NULL,
    key_id  text COLLATE "C" NOT NULL,
    body    json NOT NULL,
    PRIMARY KEY (service, period, kind, version)
);
COMMENT ON TABLE national_entry IS 'FINANCE: {"allocation","cumulativeSpend","pharmacotherapySpend","otherAllocation"}, whole pounds; REASONS: {"reasons":[{"part","key1","reason"}]}; SUBMISSION: the whole return as it was sent, version being its number.';
COMMENT ON COLUMN national_entry.body IS 'json, not jsonb: a copy keeps its bytes.';
GRANT SELECT, INSERT ON national_entry TO quarterday_app;
CREATE TRIGGER national_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON national_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
