-- What happened: events for machines, audit lines for people. Both are written in the transaction of the change they tell of.

CREATE TABLE event (
    service text COLLATE "C" NOT NULL REFERENCES service,
    seq     bigint NOT NULL,
    kind    text COLLATE "C" NOT NULL CHECK (kind ~ '^[A-Z][A-Z_]*$'),
    at      timestamptz NOT NULL,
    body    jsonb NOT NULL,
    PRIMARY KEY (service, seq)
);
COMMENT ON TABLE event IS 'Outbox and feed in one. seq is taken while the service''s row is locked, so a reader who has seen n never finds a smaller one later.';
GRANT SELECT, INSERT ON event TO quarterday_app;

CREATE TABLE audit (
    stream    text COLLATE "C" NOT NULL,
    seq       bigint NOT NULL CHECK (seq > 0),
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    action    text COLLATE "C" NOT NULL CHECK (action ~ '^[A-Z][A-Z_]*$'),
    object    text NOT NULL,
    detail    json NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (stream, seq)
);
COMMENT ON TABLE audit IS 'Who did what to which object. Chained: hash = sha256(stream, seq, at, actor, action, object, detail, prev_hash), each with its length before it (4 bytes, big-endian; seq and at are 8 bytes, at in microseconds since 1970). The first prev_hash is zeros.';
COMMENT ON COLUMN audit.stream IS 'The service; empty for what belongs to none.';
COMMENT ON COLUMN audit.detail IS 'json, not jsonb: the hash is over its bytes. Never personal values.';
GRANT SELECT, INSERT ON audit TO quarterday_app;

CREATE TABLE audit_head (
    stream text COLLATE "C" PRIMARY KEY,
    seq    bigint NOT NULL DEFAULT 0,
    hash   bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE audit_head IS 'The end of each chain; the row to lock while a line is added.';
INSERT INTO audit_head (stream) VALUES ('');
GRANT SELECT, INSERT, UPDATE (seq, hash) ON audit_head TO quarterday_app;

-- Not even the owner changes these by mistake. (A superuser can: the chain is tamper-evident, not tamper-proof.)
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = quarterday, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'quarterday: % is append-only, % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
