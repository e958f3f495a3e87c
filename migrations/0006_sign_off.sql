-- Sign-off of returns, and what happens to a period of a service: final, locked, unlocked. Events, never changed: the state of a
-- return or period is what the newest of them says.

CREATE TABLE sign_off (
    service  text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    period   smallint NOT NULL CHECK (period BETWEEN 8070 AND 8395),
    seq      bigint NOT NULL,
    at       timestamptz NOT NULL,
    key_id   text COLLATE "C" NOT NULL,
    on_time  boolean NOT NULL,
    parts    jsonb NOT NULL,
    PRIMARY KEY (service, provider, period, seq),
    FOREIGN KEY (service, provider) REFERENCES provider
);
COMMENT ON TABLE sign_off IS 'A provider says: this return is complete and right. A version received later (greater seq) opens the return again.';
COMMENT ON COLUMN sign_off.parts IS 'What was signed: {"episodes": 3, "follow-ups": 1}, part and version.';
COMMENT ON COLUMN sign_off.on_time IS 'By the provider''s deadline of the period.';
GRANT SELECT, INSERT ON sign_off TO quarterday_app;

CREATE TABLE period_event (
    service text COLLATE "C" NOT NULL REFERENCES service,
    period  smallint NOT NULL CHECK (period BETWEEN 8070 AND 8395),
    seq     bigint NOT NULL,
    kind    text COLLATE "C" NOT NULL CHECK (kind IN ('FINAL', 'LOCKED', 'UNLOCKED')),
    at      timestamptz NOT NULL,
    key_id  text COLLATE "C" NOT NULL,
    reason  text NOT NULL DEFAULT '',
    PRIMARY KEY (service, period, seq)
);
COMMENT ON TABLE period_event IS 'Final once and for ever (the first FINAL counts); locked or not by the newest of LOCKED and UNLOCKED, and without any by the calendar.';
GRANT SELECT, INSERT ON period_event TO quarterday_app;
CREATE TRIGGER sign_off_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sign_off FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER period_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON period_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
