-- What became of an action plan: its actions one by one, the latest final figures beside those at opening, and how far it was escalated.

ALTER TABLE plan ADD COLUMN evidence json, ADD COLUMN escalation json;
COMMENT ON COLUMN plan.kpi IS 'A KPI; several, joined by ;, for a theme. A theme is opened by hand and never judged by itself.';
COMMENT ON COLUMN plan.evidence IS 'The KPI in the latest final period that judged the plan, with the verdict of its chart; NULL: none yet.';
COMMENT ON COLUMN plan.escalation IS 'The highest level reached, by the daily job: level, cause, name, since; NULL: none, or taken back by a relapse.';
GRANT UPDATE (evidence, escalation) ON plan TO quarterday_app;

CREATE TABLE plan_action (
    service text COLLATE "C" NOT NULL,
    plan    text COLLATE "C" NOT NULL,
    action  int NOT NULL CHECK (action > 0),
    what    text NOT NULL,
    who     text NOT NULL,
    by_day  date NOT NULL,
    done_on date,
    PRIMARY KEY (service, plan, action),
    FOREIGN KEY (service, plan) REFERENCES plan
);
COMMENT ON TABLE plan_action IS 'What is to be done, by whom, by when, and the day it was done. What changed when is in plan_event.';
GRANT SELECT, INSERT, UPDATE (what, who, by_day, done_on) ON plan_action TO quarterday_app;
