-- What a meeting saw: a question with both dates, numbered, for each period that becomes final and each plan that opens. Nothing is ever changed, so what
-- is asked with them again has the same bytes.

CREATE TABLE snapshot (
    service           text COLLATE "C" NOT NULL REFERENCES service,
    number            int NOT NULL CHECK (number > 0),
    reason            text COLLATE "C" NOT NULL CHECK (reason IN ('FINAL', 'PLAN')),
    period            smallint NOT NULL CHECK (period BETWEEN 8070 AND 8395),
    plan              text COLLATE "C" NOT NULL CHECK ((plan <> '') = (reason = 'PLAN')),
    as_at             date NOT NULL,
    known_at          timestamptz NOT NULL,
    framework_version int NOT NULL CHECK (framework_version > 0),
    PRIMARY KEY (service, number)
);
COMMENT ON COLUMN snapshot.plan IS 'The action plan that opened; empty for a period that became final.';
GRANT SELECT, INSERT ON snapshot TO quarterday_app;
CREATE TRIGGER snapshot_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON snapshot FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
