-- Action plans (seed 003's form as a record): one row as it stands, and every step of its life beside it.

CREATE TABLE plan (
    service                 text COLLATE "C" NOT NULL REFERENCES service,
    plan                    text COLLATE "C" NOT NULL,
    kpi                     text COLLATE "C" NOT NULL,
    origin                  text COLLATE "C" NOT NULL CHECK (origin IN ('RED', 'HAND')),
    opened_for              smallint NOT NULL CHECK (opened_for BETWEEN 8070 AND 8395),
    status                  text COLLATE "C" NOT NULL CHECK (status IN ('REQUIRED', 'DRAFT', 'SUBMITTED', 'AGREED', 'CLOSED', 'WITHDRAWN')),
    version                 int NOT NULL CHECK (version > 0),
    opened_at               timestamptz NOT NULL,
    due_date                date NOT NULL,
    attributed_to           text[] NOT NULL,
    indicator_title         text NOT NULL,
    strategic_director_lead text NOT NULL,
    departmental_lead       text NOT NULL,
    target                  text NOT NULL,
    performance_this_period text NOT NULL,
    non_compliance_reason   text NOT NULL DEFAULT '',
    what                    text NOT NULL DEFAULT '',
    how                     text NOT NULL DEFAULT '',
    who                     text NOT NULL DEFAULT '',
    when_period             smallint NOT NULL DEFAULT -1,
    figures                 json NOT NULL,
    PRIMARY KEY (service, plan)
);
COMMENT ON COLUMN plan.origin IS 'RED: born when its period became final, withdrawn when a correction removes the red; HAND: opened by the commissioner.';
COMMENT ON COLUMN plan.version IS 'Goes up with every change; the ETag.';
COMMENT ON COLUMN plan.figures IS 'The KPI as it was when the plan was opened: frozen.';
COMMENT ON COLUMN plan.when_period IS 'By which quarter results will be realised; -1: not said yet.';
-- One open plan of a service and KPI: the transaction that would open a second one fails.
CREATE UNIQUE INDEX plan_one_open ON plan (service, kpi) WHERE status NOT IN ('CLOSED', 'WITHDRAWN');
GRANT SELECT, INSERT, UPDATE (status, version, due_date, attributed_to, strategic_director_lead, departmental_lead, non_compliance_reason, what,
                              how, who, when_period) ON plan TO quarterday_app;

CREATE TABLE plan_event (
    service     text COLLATE "C" NOT NULL,
    plan        text COLLATE "C" NOT NULL,
    version     int NOT NULL,
    at          timestamptz NOT NULL,
    key_id      text COLLATE "C" NOT NULL,
    from_status text COLLATE "C" NOT NULL,
    to_status   text COLLATE "C" NOT NULL,
    changed     json NOT NULL,
    comment     text NOT NULL,
    PRIMARY KEY (service, plan, version),
    FOREIGN KEY (service, plan) REFERENCES plan
);
COMMENT ON TABLE plan_event IS 'Each step of a plan: when, which key, from where to where, which fields changed. from_status is empty at birth.';
GRANT SELECT, INSERT ON plan_event TO quarterday_app;
CREATE TRIGGER plan_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE plan_update (
    service text COLLATE "C" NOT NULL,
    plan    text COLLATE "C" NOT NULL,
    seq     bigint NOT NULL,
    at      timestamptz NOT NULL,
    key_id  text COLLATE "C" NOT NULL,
    month   date NOT NULL,
    text    text NOT NULL,
    PRIMARY KEY (service, plan, seq),
    FOREIGN KEY (service, plan) REFERENCES plan
);
COMMENT ON TABLE plan_update IS 'Progress, month by month ("reported back to commissioner on a monthly basis").';
GRANT SELECT, INSERT ON plan_update TO quarterday_app;
CREATE TRIGGER plan_update_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_update FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
