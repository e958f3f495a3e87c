-- The stamps of all services, by id. No parameters.
SELECT service, stamp FROM service ORDER BY service
