-- The event of what happened to a plan, in the transaction of the change and with the stamp that it gave the service.
-- $1 service, $2 kind, $3 at, $4 plan, $5 kpi, $6 version, $7 status before, $8 status, $9 level of escalation reached,
-- $10 the providers it is attributed to, with ; between them.
INSERT INTO event (service, seq, kind, at, body)
SELECT service, stamp, $2::text, $3::timestamptz,
       jsonb_build_object('service', service, 'plan', $4::text, 'kpi', $5::text, 'version', $6::int4, 'from', $7::text, 'to', $8::text, 'level', $9::int4,
                          'providers', to_jsonb(coalesce(string_to_array(nullif($10::text, ''), ';'), '{}')))
FROM service WHERE service = $1::text
