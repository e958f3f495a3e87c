-- All services with the newest version of their framework, by id. No parameters.
SELECT s.service, s.name, s.framework_id, s.stamp, max(f.version)
FROM service s JOIN framework f ON f.id = s.framework_id
GROUP BY s.service
ORDER BY s.service
