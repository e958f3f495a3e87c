-- Writes the next version of a plan and the step that led to it. No row: it is no longer at the version that was read.
-- $1 service, $2 plan, $3 version read, $4 status, $5 strategic lead, $6 departmental lead, $7 reason, $8 what, $9 how, $10 who,
-- $11 when (period, -1), $12 at, $13 key, $14 status before, $15 changed fields (JSON), $16 comment, $17 evidence (JSON), $18 escalation (JSON).
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest(changed_at, $12::timestamptz)
    WHERE service = $1::text
), changed AS (
    UPDATE plan
    SET version = version + 1, status = $4::text, strategic_director_lead = $5::text, departmental_lead = $6::text,
        non_compliance_reason = $7::text, what = $8::text, how = $9::text, who = $10::text, when_period = $11::int2,
        evidence = $17::text::json, escalation = $18::text::json,
        due_again = coalesce(($15::text::json ->> 'dueDate')::date, due_again)
    WHERE service = $1::text AND plan = $2::text AND version = $3::int4
    RETURNING plan, version
), stepped AS (
    INSERT INTO plan_event (service, plan, version, at, key_id, from_status, to_status, changed, comment)
    SELECT $1::text, plan, version, $12::timestamptz, $13::text, $14::text, $4::text, $15::text::json, $16::text FROM changed
)
SELECT version, pg_notify('quarterday_changed', $1::text) FROM changed
