-- Opens an action plan. Its id is AP- and the number that the service's stamp takes. No row: no such service. A second open plan of the
-- same service and KPI breaks plan_one_open.
-- $1 service, $2 kpi, $3 origin, $4 opened for, $5 opened at, $6 due, $7 attributed to (joined by ;), $8 title, $9 strategic lead,
-- $10 departmental lead, $11 target, $12 performance, $13 figures (JSON), $14 key, $15 comment.
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest(changed_at, $5::timestamptz)
    WHERE service = $1::text RETURNING stamp AS seq
), opened AS (
    INSERT INTO plan (service, plan, kpi, origin, opened_for, status, version, opened_at, due_date, attributed_to, indicator_title,
                      strategic_director_lead, departmental_lead, target, performance_this_period, figures)
    SELECT $1::text, 'AP-' || seq, $2::text, $3::text, $4::int2, 'REQUIRED', 1, $5::timestamptz, $6::text::date,
           string_to_array($7::text, ';'), $8::text, $9::text, $10::text, $11::text, $12::text, $13::text::json
    FROM stamped
    RETURNING plan
), born AS (
    INSERT INTO plan_event (service, plan, version, at, key_id, from_status, to_status, changed, comment)
    SELECT $1::text, plan, 1, $5::timestamptz, $14::text, '', 'REQUIRED',
           CASE WHEN $3::text = 'HAND' THEN json_build_object('strategicDirectorLead', $9::text, 'departmentalLead', $10::text) ELSE '{}' END, $15::text
    FROM opened
)
SELECT plan, pg_notify('quarterday_changed', $1::text) FROM opened
