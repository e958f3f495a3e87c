-- One service, the versions of its framework that were received, each with the first day that it rates (days since 1970; none: from the
-- beginning), the version of the bank holidays (0: none), and when the newest change was received of all that its figures come from. $1 service,
-- $2 known at (NULL: now). Known at an instant before the first version, the first one counts: figures of old returns need some framework. A
-- refusal and a reminder change nothing.
SELECT s.service, s.name, s.framework_id, s.stamp,
       coalesce(string_agg(concat(f.version, ':', f.effective_from - date '1970-01-01'), ' ' ORDER BY f.version)
                    FILTER (WHERE $2::timestamptz IS NULL OR f.received_at <= $2::timestamptz),
                concat(min(f.version), ':')),
       coalesce((SELECT max(l.version) FROM lookup l
                 WHERE l.lookup = 'bank-holidays' AND ($2::timestamptz IS NULL OR l.received_at <= $2::timestamptz)), 0),
       greatest(s.changed_at, max(f.received_at),
                (SELECT max(l.received_at) FROM lookup l WHERE l.lookup = 'bank-holidays'))
FROM service s JOIN framework f ON f.id = s.framework_id
WHERE s.service = $1::text
GROUP BY s.service
