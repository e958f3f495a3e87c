-- All services with the versions of their framework (as in service_get.sql) and the newest of the bank holidays, and the instant of their newest change, by id. No parameters.
SELECT s.service, s.name, s.framework_id, s.stamp,
       string_agg(concat(f.version, ':', f.effective_from - date '1970-01-01'), ' ' ORDER BY f.version),
       coalesce((SELECT max(l.version) FROM lookup l WHERE l.lookup = 'bank-holidays'), 0),
       greatest(s.changed_at, max(f.received_at),
                (SELECT max(l.received_at) FROM lookup l WHERE l.lookup = 'bank-holidays'))
FROM service s JOIN framework f ON f.id = s.framework_id
GROUP BY s.service
ORDER BY s.service
