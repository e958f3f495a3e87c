-- How a service stands now, in one snapshot: rows of five kinds, whose columns are those of service_get.sql (0), providers_list.sql (1),
-- period_states_list.sql (2), signed_since.sql (3) and plan_marks_list.sql (4), which say what they mean; those of a kind are in its order,
-- which is the last column.
-- $1 service, $2 first period of the sign-offs. What was sent after one is looked for until something is found.
SELECT 0::int2 AS kind, s.service AS id, s.name, NULL::int2 AS period, s.framework_id AS more, coalesce(l.version, 0) AS small, NULL::int2 AS when_period,
       greatest(s.changed_at, max(f.received_at), l.received_at) AS at,
       string_agg(concat(f.version, ':', f.effective_from - date '1970-01-01'), ' ' ORDER BY f.version) AS list,
       NULL::text AS seen_period, NULL::text AS seen_rag, NULL::int4 AS seen_red_running, NULL::text AS seen_as_at, NULL::text AS when_then,
       s.stamp AS number, 0::int8 AS place
FROM service s
JOIN framework f ON f.id = s.framework_id
CROSS JOIN (SELECT max(version) AS version, max(received_at) AS received_at FROM lookup WHERE lookup = 'bank-holidays') l
WHERE s.service = $1::text
GROUP BY s.service, l.version, l.received_at
UNION ALL
SELECT * FROM (
    SELECT 1::int2, provider, name, NULL::int2, provider_group, NULL::int4, NULL::int2, NULL::timestamptz, NULL::text, NULL::text, NULL::text, NULL::int4,
           NULL::text, NULL::text, stamp, row_number() OVER (ORDER BY provider)
    FROM provider WHERE service = $1::text) p
UNION ALL
SELECT 2::int2, coalesce((array_agg(kind ORDER BY seq DESC) FILTER (WHERE kind <> 'FINAL'))[1], ''),
       coalesce((array_agg(reason ORDER BY seq DESC) FILTER (WHERE kind <> 'FINAL'))[1], ''), period, NULL, NULL, NULL,
       min(at) FILTER (WHERE kind = 'FINAL'), NULL, NULL, NULL, NULL, NULL, NULL, coalesce(min(seq) FILTER (WHERE kind = 'FINAL'), 0), period
FROM period_event WHERE service = $1::text GROUP BY period
UNION ALL
SELECT * FROM (
    SELECT 3::int2, s.provider, NULL::text, s.period, NULL::text, NULL::int4, NULL::int2, NULL::timestamptz, NULL::text, NULL::text, NULL::text, NULL::int4,
           NULL::text, NULL::text, NULL::int8, row_number() OVER (ORDER BY s.provider, s.period)
    FROM (SELECT provider, period, max(seq) AS seq FROM sign_off
          WHERE service = $1::text AND period >= $2::int2 GROUP BY provider, period) s
    WHERE (SELECT v.seq FROM version v
           WHERE v.service = $1::text AND v.provider = s.provider AND v.period = s.period AND v.seq >= s.seq LIMIT 1) IS NULL) o
UNION ALL
SELECT * FROM (
    SELECT 4::int2, plan, kpi, opened_for, status, coalesce(due_again, due_date) - date '1970-01-01', when_period, opened_at, origin,
           seen_period, seen_rag, coalesce(seen_red_running, 0), seen_as_at, NULL::text, NULL::int8,
           row_number() OVER (ORDER BY opened_for DESC, opened_at DESC, plan DESC)
    FROM plan WHERE service = $1::text) m
ORDER BY kind, place
