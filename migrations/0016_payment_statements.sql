-- Statements of payment by results: numbered, their figures frozen; and the steps of each. Neither is ever changed.

CREATE TABLE payment_statement (
    service       text COLLATE "C" NOT NULL REFERENCES service,
    year          smallint NOT NULL CHECK (year BETWEEN 2017 AND 2098),
    number        int NOT NULL CHECK (number > 0),
    seq           bigint NOT NULL,
    at            timestamptz NOT NULL,
    key_id        text COLLATE "C" NOT NULL,
    after_number  int NOT NULL DEFAULT 0,
    issued_before bigint NOT NULL CHECK (issued_before >= 0),
    payment_pence bigint NOT NULL CHECK (payment_pence >= 0),
    figures       json NOT NULL,
    PRIMARY KEY (service, year, number)
);
COMMENT ON COLUMN payment_statement.after_number IS 'The statement that was issued last when this one was drafted; 0: none was.';
COMMENT ON COLUMN payment_statement.issued_before IS 'Pence of that one. What this statement moves is payment_pence minus that: an adjustment, which may be negative.';
COMMENT ON COLUMN payment_statement.figures IS 'json, not jsonb: the payment with its workings as it was when drafted, to the byte.';
GRANT SELECT, INSERT ON payment_statement TO quarterday_app;
CREATE TRIGGER payment_statement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_statement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE payment_step (
    service text COLLATE "C" NOT NULL,
    year    smallint NOT NULL,
    number  int NOT NULL,
    status  text COLLATE "C" NOT NULL CHECK (status IN ('DRAFT', 'AGREED', 'ISSUED')),
    seq     bigint NOT NULL,
    at      timestamptz NOT NULL,
    key_id  text COLLATE "C" NOT NULL,
    comment text NOT NULL,
    PRIMARY KEY (service, year, number, status),
    FOREIGN KEY (service, year, number) REFERENCES payment_statement
);
COMMENT ON TABLE payment_step IS 'The newest step is the status of a statement.';
GRANT SELECT, INSERT ON payment_step TO quarterday_app;
CREATE TRIGGER payment_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
