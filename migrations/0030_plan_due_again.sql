-- What a dashboard says of a plan stood in its steps and inside its evidence, and each dashboard looked through all of them. It now stands beside
-- them: the due date of a relapse, kept by the statement that writes the step, and four words of the evidence, which the
-- database itself keeps true. What was known at an instant is still read from the steps.

ALTER TABLE plan ADD COLUMN due_again date,
    ADD COLUMN seen_period text COLLATE "C" GENERATED ALWAYS AS (evidence ->> 'period') STORED,
    ADD COLUMN seen_rag text COLLATE "C" GENERATED ALWAYS AS (evidence ->> 'rag') STORED,
    ADD COLUMN seen_red_running int GENERATED ALWAYS AS ((evidence ->> 'redRunning')::int) STORED,
    ADD COLUMN seen_as_at text COLLATE "C" GENERATED ALWAYS AS (evidence ->> 'asAt') STORED;
COMMENT ON COLUMN plan.due_again IS 'The due date of the newest relapse, as its step says; NULL: due_date holds.';
COMMENT ON COLUMN plan.seen_period IS 'Of the evidence, as the three beside it.';
UPDATE plan p SET due_again = s.due
FROM (SELECT DISTINCT ON (service, plan) service, plan, (changed ->> 'dueDate')::date AS due FROM plan_event
      WHERE changed ->> 'dueDate' IS NOT NULL ORDER BY service, plan, version DESC) s
WHERE s.service = p.service AND s.plan = p.plan;
GRANT UPDATE (due_again) ON plan TO quarterday_app;
