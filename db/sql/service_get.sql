-- One service, the framework version to use and that of the bank holidays (0: none), and when the newest change was received of all that its
-- figures come from. $1 service, $2 known at (NULL: now). Known at an instant before the first version, the first one counts: figures of old
-- returns need some framework. A refusal and a reminder change nothing.
SELECT s.service, s.name, s.framework_id, s.stamp,
       coalesce(max(f.version) FILTER (WHERE $2::timestamptz IS NULL OR f.received_at <= $2::timestamptz),
                min(f.version)),
       coalesce((SELECT max(l.version) FROM lookup l
                 WHERE l.lookup = 'bank-holidays' AND ($2::timestamptz IS NULL OR l.received_at <= $2::timestamptz)), 0),
       greatest(s.changed_at, max(f.received_at),
                (SELECT max(l.received_at) FROM lookup l WHERE l.lookup = 'bank-holidays'))
FROM service s JOIN framework f ON f.id = s.framework_id
WHERE s.service = $1::text
GROUP BY s.service
