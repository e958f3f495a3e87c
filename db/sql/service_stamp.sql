-- How far a service has come. $1 service.
SELECT stamp FROM service WHERE service = $1::text
