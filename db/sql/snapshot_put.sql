-- Keeps a snapshot under the service's next number; its row is locked, so no other takes the same. $1 service, $2 reason, $3 period, $4 plan or empty,
-- $5 as at (days since 1970), $6 known at. The version of the framework is the one that rates the period (kpi/versions.h), as it was known.
INSERT INTO snapshot (service, number, reason, period, plan, as_at, known_at, framework_version)
SELECT s.service, 1 + coalesce((SELECT max(n.number) FROM snapshot n WHERE n.service = s.service), 0), $2::text, $3::int2, $4::text,
       date '1970-01-01' + $5::int4, $6::timestamptz,
       (SELECT coalesce(max(f.version) FILTER (
                   WHERE f.received_at <= $6::timestamptz
                     AND (f.effective_from IS NULL OR f.effective_from <= make_date($3::int2 / 4, 4, 1) + make_interval(months => $3::int2 % 4 * 3))),
               min(f.version))
        FROM framework f WHERE f.id = s.framework_id)
FROM service s
WHERE s.service = $1::text
RETURNING number
